import { tripNumberPattern } from "./trips.js";

/** What the retraining service learns: a number, or one of several classes. */
export type TrainingTask = "regression" | "classification";

/** One data row of this many judges the model; the others train it. */
export const heldOutEvery = 5;

/** Whether a data row of the training file, counted from 1, judges the model instead of training it. */
export const isHeldOut = (row: number): boolean => row % heldOutEvery === 0;

/** The name of the class that a label means: 1 and 1.0 are the same class. */
export const className = (cell: string): string => (tripNumberPattern.test(cell) ? String(Number(cell)) : cell);

/** Where fewer labels than this share are not numbers, they are taken for mistakes; where more are not, all labels are names. */
const mistakeShare = 0.1;

/**
 * The first row, counted from 1, whose label is not a number but must be one: in a regression, and where no task is named
 * and nearly all labels are numbers. Undefined where there is none. Rows with an empty label do not count.
 */
export function rowWithoutNumber(labels: readonly string[], task: TrainingTask | undefined): number | undefined {
  if (task === "classification") return undefined;
  const isNoNumber = (cell: string) => cell !== "" && !tripNumberPattern.test(cell);
  const known = labels.filter((cell) => cell !== "").length;
  const isMeant = task === "regression" || labels.filter(isNoNumber).length < known * mistakeShare;
  const index = isMeant ? labels.findIndex(isNoNumber) : -1;
  return index === -1 ? undefined : index + 1;
}

/**
 * The columns of the results CSV (the service's `output2`), which has a header line. By `section`:
 *
 * - `model`: `task`, `label`, `trees`, `features`, `rows_trained`, `rows_held_out`, `rows_without_label`,
 *   `training_seconds`
 * - `metric`, on the held-out rows: `rmse`, `mae`, `r2` of a regression; `accuracy` and, with two classes, `auc` of a
 *   classification
 * - `precision`, `recall`, `f1`, `rows`, on the held-out rows: one row a class, the class being the `name`
 * - `importance`: one row a feature, the greatest first; its share of what all splits gained, from 0 to 1
 *
 * A value that does not exist (the precision of a class that is never predicted) is empty.
 */
export const resultColumns = ["section", "name", "value"] as const;

/** The service's parameters, by which a caller says what to learn from where. */
export const retrainingParameters = {
  /** The address of a CSV file, http or https; empty or left out where the request names an input blob. */
  dataSource: "Data source URL",
  /** The column to learn; default: the file's last one. */
  label: "Label",
  /**
   * A `TrainingTask`; default: classification where the label has values that are not numbers, or at most two values. A
   * label of numbers with few exceptions is refused without it.
   */
  task: "Task",
} as const;

/** The service's outputs, and how the names of their blobs must end. */
export const retrainingOutputs = {
  /** The trained model: a flat zip of a YDF model's files, which `loadForest` and, unpacked, Python's `ydf` load. */
  output1: ".ilearner",
  /** The results CSV. */
  output2: ".csv",
} as const;
