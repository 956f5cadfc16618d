import { initParser } from "udsv";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { scoreColumns } from "../../contract/trips.js";

/** One scored trip; fares are US dollars; null where the input has no value. */
export interface ScoreRow {
  readonly row: number;
  readonly pickup: string;
  readonly pickup_zone: string;
  readonly dropoff_zone: string;
  readonly distance: number | null;
  readonly fare: number | null;
  readonly predicted_fare: number;
}

/** `skip` counts header lines: there are none. */
const appendRowForm = {
  skip: 0,
  col: " ",
  encl: '"',
  esc: '"',
  trim: false,
  cols: scoreColumns.map((name) => ({
    name,
    type: "s" as const,
    repl: { empty: "", null: undefined, NaN: undefined },
  })),
};

/** Far longer than any line of scores: a quote in it was never closed. */
const longestLine = 1024 * 1024;

/**
 * Reads a `predictions.csv` of a batch deployment (output action AppendRow: no header, one blank between values) piece
 * after piece, so that a file of any size takes the memory of a piece. Throws (exit code 1) on what is not of that form.
 */
export class ScoreReader {
  readonly #decoder = new TextDecoder();
  #rest = "";
  #lines = 0;

  /** The cells of the lines that end in this piece. */
  *push(piece: Uint8Array): Generator<readonly string[]> {
    const text = this.#rest + this.#decoder.decode(piece, { stream: true });
    const end = endOfLines(text);
    this.#rest = text.slice(end);
    yield* this.#records(text.slice(0, end));
    if (this.#rest.length > longestLine) throw notScores(`line ${this.#lines + 1} does not end`);
  }

  /** The cells of the last line, where no line end follows it. */
  *end(): Generator<readonly string[]> {
    yield* this.#records(this.#rest + this.#decoder.decode());
  }

  *#records(text: string): Generator<readonly string[]> {
    if (text.trim() === "") return;
    if (hasOpenQuote(text)) throw notScores(`a quote after line ${this.#lines} is not closed`);
    const parser = initParser({ ...appendRowForm, row: text.includes("\r\n") ? "\r\n" : "\n" });
    const records = parser.stringArrs<string[]>(text);
    const lines = countLines(text);
    if (records.length > lines) throw notScores(`a quote after line ${this.#lines} is out of place`);
    // the parser passes over a line with too few cells
    if (records.length !== lines) {
      const which = `lines ${this.#lines + 1} to ${this.#lines + lines}`;
      throw notScores(`${lines - records.length} of ${which} have other columns`);
    }
    for (const cells of records) {
      this.#lines += 1;
      if (cells.length !== scoreColumns.length) throw otherColumns(this.#lines);
      yield cells;
    }
  }
}

/** The values of a line's cells; `line` counts from 1. Throws where they are not those of a score. */
export function scoreRow(cells: readonly string[], line: number): ScoreRow {
  const [row = "", pickup = "", pickupZone = "", dropoffZone = "", distance = "", fare = "", predicted = ""] = cells;
  const prediction = numberOrNull(predicted);
  if (prediction === null || !/^\d+$/.test(row)) throw otherColumns(line);
  return {
    row: Number(row),
    pickup,
    pickup_zone: pickupZone,
    dropoff_zone: dropoffZone,
    distance: numberOrNull(distance),
    fare: numberOrNull(fare),
    predicted_fare: prediction,
  };
}

function hasOpenQuote(text: string): boolean {
  return (text.split('"').length - 1) % 2 === 1;
}

/** The index after the last line end that is not in a quoted cell; 0 where there is none. */
function endOfLines(text: string): number {
  let quoted = hasOpenQuote(text);
  for (let at = text.length - 1; at >= 0; at -= 1) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === "\n" && !quoted) return at + 1;
  }
  return 0;
}

/** A quoted cell may hold line ends. */
function countLines(text: string): number {
  let quoted = false;
  let lines = 0;
  for (const line of text.split("\n")) {
    if (hasOpenQuote(line)) quoted = !quoted;
    if (!quoted && line.trim() !== "") lines += 1;
  }
  return lines;
}

function otherColumns(line: number): ProgramError {
  return notScores(`line ${line} has other columns`);
}

function notScores(what: string): ProgramError {
  return new ProgramError(exitCodes.failed, `the scores are not of the form ${scoreColumns.join(" ")}: ${what}`, {
    cure: "does the deployment's scoring script belong to this version of the program? pulumi up",
  });
}

function numberOrNull(cell: string): number | null {
  const value = cell.trim() === "" ? Number.NaN : Number(cell);
  return Number.isFinite(value) ? value : null;
}
