import { resultColumns } from "../../contract/retraining.js";
import { readTable } from "../../contract/table.js";
import type { Metrics } from "./evaluation.js";

/** Both sides compute in double precision, in another order. */
const tolerance = 1e-6;

/**
 * Whether the service's own evaluation (a CSV as in `contract/retraining.ts`) is of the same rows: it has the same number
 * of them and the same error. Another service's evaluation says nothing of the kind.
 */
export function agrees(evaluation: Uint8Array, metrics: Metrics): boolean {
  const values = valuesOf(evaluation);
  const [name, value] = metrics.task === "regression" ? ["rmse", metrics.rmse] : ["accuracy", metrics.accuracy];
  const said = values.get(`metric/${name}`);
  const isSame = said !== undefined && Math.abs(said - value) <= tolerance * Math.max(Math.abs(value), 1);
  return isSame && values.get("model/rows_held_out") === metrics.rows;
}

function valuesOf(evaluation: Uint8Array): ReadonlyMap<string, number> {
  try {
    const { header, rows } = readTable(evaluation);
    const [section, name, value] = resultColumns.map((column) => header.indexOf(column));
    return new Map(rows.map((cells) => [`${cells[section ?? -1]}/${cells[name ?? -1]}`, Number(cells[value ?? -1])]));
  } catch {
    return new Map();
  }
}
