import { readFileSync, writeFileSync } from "node:fs";
import { parse, type Spec, View } from "vega";
import { loadForest } from "../contract/forest.js";
import { readDataset } from "../runtime/studioClassic/dataset.js";

/**
 * Draws predicted against actual values of the held-out rows as an SVG:
 * `npm run plot -- <csv> <label> <model> <svg>`, the model being what `npm run retrain` made of that file.
 */
const [file = "", label = "", model = "", drawing = ""] = process.argv.slice(2);
const { heldOut } = readDataset(file, readFileSync(file), { label });
const forest = await loadForest(readFileSync(model));
const predicted = forest.predict(heldOut.columnsFor(forest));
const rows = heldOut.labels.map((actual, row) => ({ actual: Number(actual), predicted: predicted[row] ?? Number.NaN }));
const greatest = Math.max(...rows.flatMap((row) => [row.actual, row.predicted]));

const domain = [0, greatest];
const specification: Spec = {
  background: "white",
  padding: 8,
  width: 420,
  height: 420,
  title: {
    text: `${label}: predicted against actual`,
    subtitle: `${rows.length.toLocaleString("en-US")} held-out rows; on the line both are equal`,
  },
  data: [
    { name: "rows", values: rows },
    { name: "ends", values: domain.map((both) => ({ both })) },
  ],
  scales: [
    { name: "x", range: "width", domain, nice: true },
    { name: "y", range: "height", domain, nice: true },
  ],
  axes: [
    { scale: "x", orient: "bottom", title: `actual ${label}`, grid: true },
    { scale: "y", orient: "left", title: `predicted ${label}`, grid: true },
  ],
  marks: [
    // a short path and coordinates to a tenth of a pixel, for there may be thousands of points
    {
      type: "symbol",
      from: { data: "rows" },
      aria: false,
      encode: {
        enter: {
          x: { signal: "round(10 * scale('x', datum.actual)) / 10" },
          y: { signal: "round(10 * scale('y', datum.predicted)) / 10" },
          shape: { value: "diamond" },
          size: { value: 16 },
          fill: { value: "#1f5fa8" },
          opacity: { value: 0.35 },
        },
      },
    },
    {
      type: "line",
      from: { data: "ends" },
      encode: {
        enter: {
          x: { scale: "x", field: "both" },
          y: { scale: "y", field: "both" },
          stroke: { value: "#b3261e" },
          strokeWidth: { value: 1 },
        },
      },
    },
  ],
};
writeFileSync(drawing, await new View(parse(specification), { renderer: "none" }).toSVG());
