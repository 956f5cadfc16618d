/** The file cannot be read as a table: the message names the row (data rows count from 1) or the columns. */
export class TableError extends Error {
  override readonly name = "TableError";
}

const carriageReturn = 0x0d;

/**
 * The records of CSV text (RFC 4180: comma, quotes, LF or CRLF; blank lines skipped), each as its cells. `row` is the
 * number of the first one; where `columns` is given, each has as many cells. Throws a `TableError` that names the row which
 * has not, or has a quote or a carriage return out of place; row 0 is the header.
 */
export function* recordsOf(text: string, row: number, columns?: number): Generator<string[]> {
  const cut = quotedRecords(text);
  const hasReturns = text.includes("\r");
  let quote = text.indexOf('"');
  for (let [at, found] = [0, row]; at < text.length; ) {
    const end = text.indexOf("\n", at);
    const stop = end === -1 ? text.length : end;
    if (quote !== -1 && quote < at) quote = text.indexOf('"', at);
    let cells: string[];
    if (quote === -1 || quote > stop) {
      const isCarried = hasReturns && end > at && text.charCodeAt(end - 1) === carriageReturn;
      const line = text.slice(at, isCarried ? stop - 1 : stop);
      if (hasReturns && line.includes("\r")) throw strayReturn(found);
      cells = plainRecord(line);
      at = stop + 1;
    } else {
      [cells, at] = cut(at, found);
    }
    if (cells.length === 0) continue;
    if (columns !== undefined && cells.length !== columns) {
      throw new TableError(`Row ${found} has ${cells.length} cells where the header names ${columns} columns.`);
    }
    yield cells;
    found += 1;
  }
}

/** The cells of a line without quotes, none of a blank one. */
const plainRecord = (line: string) => (line === "" ? [] : line.split(","));

/** Reads the record that begins at a place, and tells where the next one does; throws for one that is malformed. */
function quotedRecords(text: string): (from: number, row: number) => [cells: string[], next: number] {
  // one cell and what ends it; a quoted cell may hold commas, line ends and doubled quotes
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  return (from, row) => {
    const cells: string[] = [];
    let next = from;
    for (let end: string | undefined = ","; end === ","; ) {
      cell.lastIndex = next;
      const found = cell.exec(text);
      if (!found) throw isBeforeReturn(text, next) ? strayReturn(row) : strayQuote(row);
      const [, quoted, plain] = found;
      cells.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
      end = found[3];
      next = cell.lastIndex;
    }
    return [cells, next];
  };
}

/** Whether the cell that begins at a place is followed by a carriage return. */
function isBeforeReturn(text: string, from: number): boolean {
  const cell = /(?:"(?:[^"]|"")*"|[^",\r\n]*)\r/y;
  cell.lastIndex = from;
  return cell.test(text);
}

const recordName = (row: number) => (row === 0 ? "The header" : `Row ${row}`);

const strayReturn = (row: number) =>
  new TableError(`${recordName(row)} has a carriage return without a line feed: lines end with LF or CRLF.`);

const strayQuote = (row: number) =>
  new TableError(`${recordName(row)} has a quote that is not closed or stands inside a value.`);
