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

/** How far the predictions are from the known fares, in US dollars; `known` counts the rows that have a known fare. */
export interface ScoreErrors {
  readonly known: number;
  readonly meanAbsoluteError: number;
  readonly rootMeanSquareError: number;
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

/**
 * Reads a `predictions.csv` of a batch deployment (output action AppendRow: no header, one blank between values), sorted
 * by the input's row: mini-batches append in any order.
 */
export function parseScores(text: string): ScoreRow[] {
  if (text.trim() === "") return [];
  const schema = { ...appendRowForm, row: text.includes("\r\n") ? "\r\n" : "\n" };
  const parser = initParser(schema);
  const records = parser.stringArrs<string[]>(text);
  const lines = countLines(text);
  if (records.length !== lines) throw notScores(`${lines - records.length} of ${lines} lines have other columns`);
  return records.map(readRow).sort((one, other) => one.row - other.row);
}

/** The parser passes over a line with too few cells; this tells that it did. A quoted cell may hold line ends. */
function countLines(text: string): number {
  let quoted = false;
  let lines = 0;
  for (const line of text.split("\n")) {
    if ((line.split('"').length - 1) % 2 === 1) quoted = !quoted;
    if (!quoted && line.trim() !== "") lines += 1;
  }
  return lines;
}

function readRow(cells: readonly string[], index: number): ScoreRow {
  const [row = "", pickup = "", pickupZone = "", dropoffZone = "", distance = "", fare = "", predicted = ""] = cells;
  const prediction = numberOrNull(predicted);
  if (prediction === null || !/^\d+$/.test(row)) throw notScores(`line ${index + 1} has other columns`);
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

function notScores(what: string): ProgramError {
  return new ProgramError(exitCodes.failed, `the scores are not of the form ${scoreColumns.join(" ")}: ${what}`, {
    cure: "does the deployment's scoring script belong to this version of the program? pulumi up",
  });
}

function numberOrNull(cell: string): number | null {
  const value = cell.trim() === "" ? Number.NaN : Number(cell);
  return Number.isFinite(value) ? value : null;
}

/** The error against the known fares; undefined where no row has one. */
export function scoreErrors(rows: readonly ScoreRow[]): ScoreErrors | undefined {
  let known = 0;
  let absolute = 0;
  let square = 0;
  for (const { fare, predicted_fare: predicted } of rows) {
    if (fare === null) continue;
    known += 1;
    absolute += Math.abs(predicted - fare);
    square += (predicted - fare) ** 2;
  }
  if (known === 0) return undefined;
  return { known, meanAbsoluteError: absolute / known, rootMeanSquareError: Math.sqrt(square / known) };
}
