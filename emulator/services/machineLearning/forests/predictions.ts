import { stringify } from "csv-stringify/sync";
import type { Forest } from "../../../../contract/forest.js";
import { rowsOf, type TableChunk } from "../../../../contract/tableChunks.js";
import { FeatureColumns } from "../../../../contract/tripFeatures.js";
import { scoreColumns } from "../../../../contract/trips.js";

/** So few rows are gone before the garbage collector would move them. */
const batchRows = 500;

/**
 * Scores some rows of a CSV file of trips; returns the rows of `scoreColumns` in the form that AppendRow writes, UTF-8.
 * Throws a `TableError` that names the first row which cannot be scored, or the columns that the file lacks.
 */
export function scoreChunk(forest: Forest, chunk: TableChunk): Uint8Array {
  const copied = copiedColumns.map((column) => chunk.header.indexOf(column));
  let [features, rows]: [FeatureColumns | undefined, string[][]] = [undefined, []];
  let row = chunk.firstRow;
  const scored: Uint8Array[] = [];
  const scoreBatch = () => {
    const predicted = features ? forest.predict(features.features) : [];
    let text = "";
    for (const [index, cells] of rows.entries()) {
      text += lineOf(cells, copied, row - rows.length + index, predicted[index]?.toFixed(2) ?? "");
    }
    scored.push(Buffer.from(text));
    [features, rows] = [undefined, []];
  };
  for (const cells of rowsOf(chunk)) {
    features ??= new FeatureColumns(chunk.header);
    features.add(cells, row);
    rows.push(cells);
    row += 1;
    if (rows.length === batchRows) scoreBatch();
  }
  scoreBatch();
  // memory of its own, which can be given to another thread; a small Buffer's is shared
  return new Uint8Array(Buffer.concat(scored));
}

/** All but the first and the last, which are not the file's. */
const copiedColumns = scoreColumns.slice(1, -1);

function lineOf(cells: readonly string[], copied: readonly number[], row: number, fare: string): string {
  let line = String(row);
  for (const at of copied) line += ` ${writtenCell(cells[at]?.trim() ?? "")}`;
  return `${line} ${fare}\n`;
}

/** As csv-stringify writes it; left to it where a cell needs more than quotes round it. */
function writtenCell(cell: string): string {
  if (!/[ "\r\n]/.test(cell)) return cell;
  return cell.includes('"') ? stringify([[cell]], { delimiter: " ", eof: false }) : `"${cell}"`;
}
