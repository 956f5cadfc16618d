import { rowsOf, type TableChunk, TableCutter } from "./tableChunks.js";

export { TableError } from "./records.js";

/** A CSV file's cells. Every row has as many cells as the header. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Reads a CSV file (RFC 4180: UTF-8, comma, quotes, LF or CRLF, blank lines skipped) and refuses what is malformed.
 * udsv is not used here because it shifts the cells of a row that has too few or too many, without a word.
 */
export function readTable(bytes: Uint8Array): Table {
  const cutter = new TableCutter();
  let header: readonly string[] = [];
  const rows: string[][] = [];
  const read = (chunk: TableChunk) => {
    header = chunk.header;
    for (const row of rowsOf(chunk)) rows.push(row);
  };
  for (const chunk of cutter.push(bytes)) read(chunk);
  for (const chunk of cutter.end()) read(chunk);
  return { header, rows };
}
