import { isAscii, isUtf8 } from "node:buffer";
import { recordsOf, TableError } from "./records.js";

/** Whole data rows of a CSV file as they stand there, with the columns that its header names. */
export interface TableChunk {
  readonly header: readonly string[];
  /** The first of them; data rows count from 1. */
  readonly firstRow: number;
  readonly bytes: Uint8Array;
}

/** Some thousand rows: their work is much more than handing them over, and their memory little. */
export const chunkBytes = 512 * 1024;
/** A record that is longer is none: its quote does not end, or the file has other line ends. */
const longestRecordBytes = 8 * 1024 * 1024;

const [quote, lineFeed, carriageReturn] = [0x22, 0x0a, 0x0d];

/** Cuts a CSV file, of which it is given piece after piece, between its records. */
export class TableCutter {
  readonly #chunkBytes: number;
  #buffer: Uint8Array;
  #filled = 0;
  /** Where the header ends; the chunk begins there. */
  #begin = 0;
  /** Where the last whole record ends. */
  #cut = 0;
  #isQuoted = false;
  #header: readonly string[] | undefined;
  /** Of the records before the cut, the header not counted. */
  #rows = 0;
  #rowsTold = 0;

  /** A chunk has about so many bytes. */
  constructor(bytes: number = chunkBytes) {
    this.#chunkBytes = bytes;
    this.#buffer = new Uint8Array(bytes);
  }

  /** Throws a `TableError` about the header, or a row that does not end. */
  *push(piece: Uint8Array): Generator<TableChunk> {
    for (let from = 0; from < piece.length; ) {
      const part = piece.subarray(from, from + this.#buffer.length - this.#filled);
      this.#buffer.set(part, this.#filled);
      from += part.length;
      this.#scan(this.#filled, this.#filled + part.length);
      if (this.#filled === this.#buffer.length) yield* this.#chunk();
    }
  }

  /** The rest of the rows; throws a `TableError` when there are none. */
  *end(): Generator<TableChunk> {
    if (this.#filled > this.#cut) this.#endRecord(this.#filled);
    yield* this.#chunk();
    if (!this.#header) throw new TableError("The file is empty: it must begin with a line that names its columns.");
    if (this.#rows === 0) throw new TableError("The file has a header and no rows.");
  }

  #scan(from: number, to: number): void {
    const bytes = Buffer.from(this.#buffer.buffer, 0, to);
    let mark = bytes.indexOf(quote, from);
    let line = bytes.indexOf(lineFeed, from);
    while (line !== -1 || mark !== -1) {
      if (mark !== -1 && (mark < line || line === -1)) {
        this.#isQuoted = !this.#isQuoted;
        mark = bytes.indexOf(quote, mark + 1);
      } else if (this.#isQuoted) {
        // the lines in a quoted cell end no record
        line = mark === -1 ? -1 : bytes.indexOf(lineFeed, mark + 1);
      } else {
        this.#endRecord(line + 1);
        line = bytes.indexOf(lineFeed, line + 1);
      }
    }
    this.#filled = to;
  }

  #endRecord(end: number): void {
    const [buffer, begin] = [this.#buffer, this.#cut];
    this.#cut = end;
    if (this.#header) {
      const first = buffer[begin];
      const isBlank = first === lineFeed || (first === carriageReturn && buffer[begin + 1] === lineFeed);
      this.#rows += isBlank ? 0 : 1;
    } else {
      this.#begin = end;
      this.#header = headerOf(buffer.subarray(begin, end));
    }
  }

  *#chunk(): Generator<TableChunk> {
    const bytes = this.#buffer.subarray(this.#begin, this.#cut);
    const firstRow = this.#rowsTold + 1;
    this.#rowsTold = this.#rows;
    this.#makeRoom();
    if (this.#header && this.#rows >= firstRow) yield { header: this.#header, firstRow, bytes };
    this.#requireRoom();
  }

  /** Goes on in memory of its own: that of a chunk belongs to whom it is given to. */
  #makeRoom(): void {
    const rest = this.#buffer.subarray(this.#cut, this.#filled);
    this.#buffer = new Uint8Array(Math.max(this.#chunkBytes, 2 * rest.length));
    this.#buffer.set(rest);
    this.#filled = rest.length;
    this.#begin = 0;
    this.#cut = 0;
  }

  #requireRoom(): void {
    if (this.#filled < longestRecordBytes) return;
    const which = this.#header ? `Row ${this.#rows + 1}` : "The header";
    const most = longestRecordBytes / 2 ** 20;
    const why = this.#isQuoted ? "a quote in it may not be closed" : "lines end with LF or CRLF";
    throw new TableError(`${which} does not end within ${most} MB: ${why}.`);
  }
}

/** The chunks of a file that comes in pieces; throws as the cutter does. */
export async function* chunksOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<TableChunk> {
  const cutter = new TableCutter();
  for await (const piece of pieces) yield* cutter.push(piece);
  yield* cutter.end();
}

/** The cells of a chunk, row by row. Throws a `TableError` that names the first row that is malformed. */
export function rowsOf({ header, firstRow, bytes }: TableChunk): Generator<string[]> {
  return recordsOf(decode(bytes), firstRow, header.length);
}

/** The columns' names; undefined for a blank line. */
function headerOf(record: Uint8Array): string[] | undefined {
  const [cells] = recordsOf(decode(record).replace(byteOrderMark, ""), 0);
  const names = cells?.map((cell) => cell.trim());
  const double = names?.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) throw new TableError(`The header names the column '${double}' twice.`);
  return names;
}

/** Other places than the start of a file have it as any other letter. */
const byteOrderMark = /^\uFEFF/;

/** Faster than a TextDecoder that is `fatal`. */
function decode(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new TableError("The file is not UTF-8 text.");
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(isAscii(bytes) ? "latin1" : "utf8");
}
