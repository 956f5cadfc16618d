/** A CSV file's cells. Every row has as many cells as the header. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The file cannot be scored: the message names the row (data rows count from 1) or the columns. */
export class TableError extends Error {
  override readonly name = "TableError";
}

/**
 * Reads a CSV file (RFC 4180: UTF-8, comma, quotes, LF or CRLF, blank lines skipped) and refuses what is malformed.
 * udsv is not used here because it shifts the cells of a row that has too few or too many, without a word.
 */
export function readTable(bytes: Uint8Array): Table {
  const [header, ...rows] = split(decode(bytes));
  if (!header) throw new TableError("The file is empty: it must begin with a line that names its columns.");
  const names = header.map((cell) => cell.trim());
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) throw new TableError(`The header names the column '${double}' twice.`);
  if (rows.length === 0) throw new TableError("The file has a header and no rows.");
  for (const [index, row] of rows.entries()) {
    if (row.length !== names.length) {
      throw new TableError(`Row ${index + 1} has ${row.length} cells where the header names ${names.length} columns.`);
    }
  }
  return { header: names, rows };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new TableError("The file is not UTF-8 text.");
  }
}

function split(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // one cell and what ends it; a quoted cell may hold commas, line ends and doubled quotes
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  while (cell.lastIndex < text.length || row.length > 0) {
    const found = cell.exec(text);
    if (!found) throw new TableError(`Row ${rows.length} has a quote that is not closed or stands inside a value.`);
    const [, quoted, plain, end] = found;
    row.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    const isBlank = row.length === 1 && row[0] === "" && quoted === undefined;
    if (!isBlank) rows.push(row);
    row = [];
  }
  return rows;
}
