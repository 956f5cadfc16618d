import { stringify } from "csv-stringify/sync";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import type { Columns, Forest } from "../../contract/forest.js";
import { isHeldOut, rowWithoutNumber, type TrainingTask } from "../../contract/retraining.js";
import { readTable, type Table, TableError } from "../../contract/table.js";
import { prepareFeatures } from "../../contract/tripFeatures.js";
import { missingTripColumns, tripFeatures, tripNumberPattern } from "../../contract/trips.js";

/** A user's file, made ready for the service, and those of its rows that the service judges models by. */
export interface Dataset {
  readonly label: string;
  /** Whether the columns are those that scoring prepares from a file of trips. */
  readonly isTrips: boolean;
  /** CSV with a header; the label is the last column, and every row has one. */
  readonly csv: string;
  readonly rows: number;
  readonly heldOut: HeldOut;
}

/** The rows that the service does not train on (`contract/retraining.ts`). */
export interface HeldOut {
  /** The label's cells, one a row; never empty. */
  readonly labels: readonly string[];
  /** What a model reads of them; one column, of as many rows, where it reads nothing. */
  columnsFor(forest: Forest): Columns;
}

type Row = readonly (string | number | null)[];

const fewestRows = 50;

/** What is to be learnt: by default the last column, and the task that its values suggest. */
export interface Learnt {
  readonly label?: string;
  readonly task?: TrainingTask;
}

/** A mistake in the file that is cured by something else than a correct CSV. */
class DatasetError extends TableError {
  constructor(
    message: string,
    readonly cure: string,
  ) {
    super(message);
  }
}

const formatCure = "correct the file: UTF-8, a header line, commas, as many cells in every row";

/**
 * Reads a CSV; rows without the label are left out. Of a file with the columns of `contract/trips.ts` the features are
 * those that scoring prepares; otherwise they are the columns as they are. Throws a `ProgramError` (exit code 2) naming
 * what is wrong with the file.
 */
export function readDataset(file: string, bytes: Uint8Array, learnt: Learnt = {}): Dataset {
  try {
    return datasetOf(readTable(bytes), learnt);
  } catch (thrown) {
    if (!(thrown instanceof TableError)) throw thrown;
    throw new ProgramError(exitCodes.usage, `${file}: ${thrown.message}`, {
      cure: thrown instanceof DatasetError ? thrown.cure : formatCure,
      cause: thrown,
    });
  }
}

function datasetOf(table: Table, { label: named, task }: Learnt): Dataset {
  const label = named ?? table.header.at(-1) ?? "";
  const labelColumn = table.header.indexOf(label);
  if (labelColumn === -1) {
    throw new DatasetError(
      `There is no column '${label}' to learn: the file has ${table.header.join(", ")}.`,
      table.header.length > 1 ? "name one of these columns: --label <column>" : formatCure,
    );
  }
  requireNumbers(table, labelColumn, task);
  const isTrips = missingTripColumns(table.header).length === 0;
  const { names, rows } = isTrips ? tripRows(table, label) : plainRows(table, labelColumn);
  const known = table.rows.flatMap((cells, index) => {
    const answer = cells[labelColumn]?.trim() ?? "";
    return answer === "" ? [] : [{ answer, features: rows[index] ?? [] }];
  });
  if (known.length < fewestRows) {
    throw new DatasetError(
      `It has ${known.length} rows with a ${label}: at least ${fewestRows} are needed.`,
      "give a file with more rows, or another column: --label <column>",
    );
  }
  const heldOut = known.filter((_row, index) => isHeldOut(index + 1));
  return {
    label,
    isTrips,
    csv: stringify([[...names, label], ...known.map(({ features, answer }) => [...features, answer])]),
    rows: known.length,
    heldOut: {
      labels: heldOut.map(({ answer }) => answer),
      columnsFor(forest) {
        // of a model that reads nothing, any column tells how many rows there are
        const countingColumn = names.slice(0, 1).map((name) => ({ name, type: "CATEGORICAL" }));
        const read = forest.features.length > 0 ? forest.features : countingColumn;
        return Object.fromEntries(
          read.flatMap(({ name, type }) => {
            const column = names.indexOf(name);
            if (column === -1) return [];
            return [[name, heldOut.map(({ features }) => readCell(features[column] ?? null, type))]];
          }),
        );
      },
    },
  };
}

function requireNumbers({ header, rows }: Table, labelColumn: number, task: TrainingTask | undefined): void {
  const cells = rows.map((row) => row[labelColumn]?.trim() ?? "");
  const odd = rowWithoutNumber(cells, task);
  if (odd === undefined) return;
  throw new DatasetError(
    `Row ${odd}: ${header[labelColumn]} is '${cells[odd - 1]}', which is not a number.`,
    "correct or empty the cell; --task classification learns the values as names",
  );
}

function tripRows(table: Table, label: string): { names: readonly string[]; rows: readonly Row[] } {
  const features = prepareFeatures(table);
  const names = tripFeatures.map(({ name }) => name).filter((name) => name !== label);
  return { names, rows: table.rows.map((_cells, index) => names.map((name) => features[name][index] ?? null)) };
}

function plainRows(table: Table, labelColumn: number): { names: readonly string[]; rows: readonly Row[] } {
  const others = <T>(cells: readonly T[]) => cells.filter((_cell, index) => index !== labelColumn);
  return { names: others(table.header), rows: table.rows.map((cells) => others(cells).map((cell) => cell.trim())) };
}

/** A cell as the model takes it; what is not of that kind counts as missing. */
function readCell(cell: string | number | null, type: string): string | number | null {
  if (cell === null || cell === "") return null;
  if (type === "CATEGORICAL") return String(cell);
  return tripNumberPattern.test(String(cell)) ? Number(cell) : null;
}
