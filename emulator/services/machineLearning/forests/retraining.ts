import { stringify } from "csv-stringify/sync";
import { type Columns, loadForest } from "../../../../contract/forest.js";
import { heldOutEvery, isHeldOut, resultColumns, type TrainingTask } from "../../../../contract/retraining.js";
import { readTable, TableError } from "../../../../contract/table.js";
import { type Evaluation, evaluateClasses, evaluateNumbers } from "./evaluation.js";
import { type Examples, examplesOf, type TrainingColumns } from "./examples.js";
import { type TrainedForest, trainForest } from "./training.js";

/** What a retraining makes of a file. */
export interface Retrained {
  /** A flat zip of a YDF model. */
  readonly model: Uint8Array;
  /** CSV in UTF-8 with the columns of `contract/retraining.ts`. */
  readonly results: Uint8Array;
}

export interface RetrainingOptions {
  readonly label: string | undefined;
  readonly task: TrainingTask | undefined;
  /** Told what begins. */
  readonly onStage: (stage: string) => void;
  /** Told the library's own lines. */
  readonly onLog: (line: string) => void;
  /** Milliseconds of a watch, from any origin. */
  readonly now: () => number;
}

/** Fewer rows judge nothing. */
const fewestHeldOut = 2;
/** Fewer rows have no two values. */
const fewestTrained = 2;

/**
 * Reads a CSV file, trains on the rows that are not held out, judges the model by the others. Throws a `TableError` that
 * names the row, the column or what else is wrong with the file. Blocks its thread.
 */
export async function retrain(csv: Uint8Array, options: RetrainingOptions): Promise<Retrained> {
  options.onStage("reading the file");
  const examples = examplesOf(readTable(csv), { label: options.label, task: options.task, isHeldOut });
  const { label, task, train, heldOut } = examples;
  requireEnough(examples);
  const features = Object.keys(train.columns).length;
  options.onStage(`training on ${train.labels.length} rows with ${features} features (${task} of '${label}')`);
  const begun = options.now();
  const trained = await trainForest(train, { label, task, log: options.onLog });
  const seconds = (options.now() - begun) / 1000;
  options.onStage(`judging ${trained.trees} trees by ${heldOut.labels.length} held-out rows`);
  const evaluation = await evaluate(examples, trained.model);
  return { model: trained.model, results: resultsOf(examples, trained, evaluation, seconds) };
}

function requireEnough({ label, train, heldOut }: Examples): void {
  if (heldOut.labels.length < fewestHeldOut || train.labels.length < fewestTrained) {
    const known = train.labels.length + heldOut.labels.length;
    throw new TableError(
      `The label column '${label}' is known in ${known} rows: too few to train and to judge a model.`,
    );
  }
  const [first, ...others] = new Set<number | string>(train.labels);
  if (others.length > 0) return;
  throw new TableError(
    `The label column '${label}' has one value only, '${first}', in the rows that train the model, which are all but every ${heldOutEvery}th: there is nothing to learn.`,
  );
}

function resultsOf(
  examples: Examples,
  forest: TrainedForest,
  { metrics, classes }: Evaluation,
  seconds: number,
): Uint8Array {
  const { label, task, train, heldOut, rowsWithoutLabel } = examples;
  const rows: [section: string, name: string, value: string | number | null][] = [
    ["model", "task", task],
    ["model", "label", label],
    ["model", "trees", forest.trees],
    ["model", "features", Object.keys(train.columns).length],
    ["model", "rows_trained", train.labels.length],
    ["model", "rows_held_out", heldOut.labels.length],
    ["model", "rows_without_label", rowsWithoutLabel],
    ["model", "training_seconds", Number(seconds.toFixed(3))],
  ];
  for (const [name, value] of Object.entries(metrics)) rows.push(["metric", name, value]);
  for (const section of ["precision", "recall", "f1", "rows"] as const) {
    for (const one of classes) rows.push([section, one.name, one[section]]);
  }
  for (const { feature, share } of forest.importance) rows.push(["importance", feature, share]);
  return new TextEncoder().encode(stringify(rows, { header: true, columns: [...resultColumns] }));
}

/** By the library that scoring uses: the training library, when it predicts, takes a missing number for some other number. */
async function evaluate({ task, heldOut }: Examples, model: Uint8Array): Promise<Evaluation> {
  const forest = await loadForest(model);
  try {
    const predicted = forest.predict(withNulls(heldOut.columns));
    return task === "regression"
      ? evaluateNumbers(heldOut.labels.map(Number), predicted)
      : evaluateClasses(heldOut.labels.map(String), forest.classes, predicted);
  } finally {
    forest.unload();
  }
}

function withNulls(columns: TrainingColumns): Columns {
  const known = (value: number | string) => (value === "" || Number.isNaN(value) ? null : value);
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values.map(known)]));
}
