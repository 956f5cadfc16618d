import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { heldOutEvery } from "../../contract/retraining.js";
import { generateTrips, tripsAsCsv } from "../../samples/generateTrips.js";

const root = path.resolve(import.meta.dirname, "../..");

it("the plot has a mark for each held-out row, and the line on which actual and predicted are equal", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "plot-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [csv, svg] = [path.join(folder, "trips.csv"), path.join(folder, "plot.svg")];
  const count = 200;
  writeFileSync(csv, tripsAsCsv(generateTrips({ seed: 8, count })));
  const script = ["--import", "tsx", "scripts/plotPredictions.ts"];
  await promisify(execFile)(process.execPath, [...script, csv, "fare", "samples/model/fare.zip", svg], { cwd: root });
  const drawing = readFileSync(svg, "utf8");
  expect(drawing).toMatch(/^<svg /);
  expect(drawing).toContain("40 held-out rows");
  const places = [...drawing.matchAll(/<path transform="translate\(([\d.]+),([\d.]+)\)"[^>]*fill="#1f5fa8"/g)];
  expect(places).toHaveLength(count / heldOutEvery);
  expect(drawing.match(/<path [^>]*stroke="#b3261e"/g)).toHaveLength(1);
});
