import {
  className,
  retrainingParameters,
  rowWithoutNumber,
  type TrainingTask,
} from "../../../../contract/retraining.js";
import { type Table, TableError } from "../../../../contract/table.js";
import { numberOf } from "../../../../contract/tripCells.js";
import { prepareFeatures } from "../../../../contract/tripFeatures.js";
import { missingTripColumns, tripFeatures, tripNumberPattern } from "../../../../contract/trips.js";

/** Columns as YDF trains on them: NaN and the empty text are missing values. */
export type TrainingColumns = Readonly<Record<string, readonly number[] | readonly string[]>>;

/** What is learnt from a table, and the rows of it whose label is known. */
export interface Examples {
  readonly label: string;
  readonly task: TrainingTask;
  readonly train: ExampleRows;
  readonly heldOut: ExampleRows;
  readonly rowsWithoutLabel: number;
}

export interface ExampleRows {
  /** The features, without the label. */
  readonly columns: TrainingColumns;
  /** The known answers: numbers of a regression, class names of a classification. */
  readonly labels: readonly number[] | readonly string[];
}

export interface ExampleOptions {
  /** Default: the last column. */
  readonly label?: string | undefined;
  /** Default: by the label's values. */
  readonly task?: TrainingTask | undefined;
  /** Whether a data row, counted from 1, is kept from the training. */
  readonly isHeldOut: (row: number) => boolean;
}

/** More classes than a model can tell apart: the label then is a name or a text. */
const maxClasses = 200;

/**
 * Divides a table into features and label, and its rows with a known label into those that train and those that judge.
 * A table of trips has the features of `contract/trips.ts`, which scoring prepares; any other has its own columns, a
 * column of numbers as numbers and the rest as categories. Throws a `TableError` that names the row or the column.
 */
export function examplesOf(table: Table, options: ExampleOptions): Examples {
  const label = options.label ?? table.header.at(-1) ?? "";
  const cells = cellsOf(table, label);
  if (!cells) {
    throw new TableError(`The file lacks the label column '${label}'; it has the columns ${table.header.join(", ")}.`);
  }
  const task = options.task ?? taskOf(cells, label);
  const labels = cells.map((cell, index) => (task === "regression" ? numberOf(cell, label, index + 1) : classOf(cell)));
  const rows = labels.flatMap((value, index) => (value === null ? [] : [index]));
  requireDifferent(labels, rows, label, task);
  const columns = featuresOf(table, label);
  if (Object.keys(columns).length === 0) {
    throw new TableError(`The file has no column beside the label '${label}' to learn from.`);
  }
  const select = (chosen: readonly number[]): ExampleRows => ({
    columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, pick(values, chosen)])),
    labels: pick(labels as readonly number[] | readonly string[], chosen),
  });
  const [train, heldOut] = [false, true].map((side) => rows.filter((index) => options.isHeldOut(index + 1) === side));
  return {
    label,
    task,
    train: select(train ?? []),
    heldOut: select(heldOut ?? []),
    rowsWithoutLabel: labels.length - rows.length,
  };
}

function cellsOf(table: Table, column: string): string[] | undefined {
  const position = table.header.indexOf(column);
  return position === -1 ? undefined : table.rows.map((row) => row[position]?.trim() ?? "");
}

/** Two numbers are two classes (yes and no as 1 and 0); more of them are measurements. */
function taskOf(cells: readonly string[], label: string): TrainingTask {
  const odd = rowWithoutNumber(cells, undefined);
  if (odd !== undefined) {
    throw new TableError(
      `Row ${odd}: ${label} is '${cells[odd - 1]}', which is not a number as the others are (the parameter '${retrainingParameters.task}' set to classification makes names of them).`,
    );
  }
  const known = new Set(cells.map(classOf));
  known.delete(null);
  const isMeasured = known.size > 2 && cells.every((cell) => cell === "" || tripNumberPattern.test(cell));
  return isMeasured ? "regression" : "classification";
}

function classOf(cell: string): string | null {
  return cell === "" ? null : className(cell);
}

function requireDifferent(
  labels: readonly (number | string | null)[],
  rows: readonly number[],
  label: string,
  task: TrainingTask,
): void {
  if (rows.length === 0) throw new TableError(`The label column '${label}' is empty in every row.`);
  const different = new Set(rows.map((index) => labels[index]));
  if (different.size === 1) {
    const [only] = different;
    throw new TableError(`The label column '${label}' has one value only, '${only}': there is nothing to learn.`);
  }
  if (task === "classification" && different.size > maxClasses) {
    throw new TableError(
      `The label column '${label}' has ${different.size} different values, more than the ${maxClasses} classes that can be told apart.`,
    );
  }
}

function featuresOf(table: Table, label: string): TrainingColumns {
  if (missingTripColumns(table.header).length === 0) {
    const features = prepareFeatures(table);
    const chosen = tripFeatures.filter(({ name }) => name !== label);
    return Object.fromEntries(
      chosen.map(({ name, kind }) => [
        name,
        kind === "number" ? features[name].map(numberOrNaN) : features[name].map((value) => String(value ?? "")),
      ]),
    );
  }
  const others = table.header.filter((name) => name !== label);
  return Object.fromEntries(
    others.map((name) => {
      const cells = cellsOf(table, name) ?? [];
      const isNumeric = cells.every((cell) => cell === "" || tripNumberPattern.test(cell));
      return [name, isNumeric ? cells.map((cell, index) => numberOf(cell, name, index + 1) ?? Number.NaN) : cells];
    }),
  );
}

const numberOrNaN = (value: number | string | null) => (value === null ? Number.NaN : Number(value));

function pick(values: readonly number[] | readonly string[], rows: readonly number[]): number[] | string[] {
  return rows.map((row) => values[row]) as number[] | string[];
}
