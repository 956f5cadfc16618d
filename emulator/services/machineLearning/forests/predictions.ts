import { stringify } from "csv-stringify/sync";
import type { Forest } from "../../../../contract/forest.js";
import { readTable } from "../../../../contract/table.js";
import { prepareFeatures } from "../../../../contract/tripFeatures.js";
import { scoreColumns } from "../../../../contract/trips.js";

/** Scores a CSV file of trips; returns the rows of `scoreColumns` in the form that AppendRow writes, UTF-8. */
export function scoreTrips(forest: Forest, input: Uint8Array): Uint8Array {
  const table = readTable(input);
  const predicted = forest.predict(prepareFeatures(table));
  const position = new Map(table.header.map((name, index) => [name, index]));
  const rows = table.rows.map((cells, index) =>
    scoreColumns.map((column) => {
      if (column === "row") return String(index + 1);
      if (column === "predicted_fare") return predicted[index]?.toFixed(2) ?? "";
      return cells[position.get(column) ?? -1]?.trim() ?? "";
    }),
  );
  return new TextEncoder().encode(stringify(rows, { delimiter: " " }));
}
