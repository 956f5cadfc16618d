import { exitCodes, ProgramError } from "../../contract/errors.js";
import type { Forest } from "../../contract/forest.js";
import { className } from "../../contract/retraining.js";
import type { HeldOut } from "./dataset.js";

/** How far predicted numbers are from the known ones, in the label's unit; `r2` is 1 for a perfect model, 0 for the mean. */
export interface RegressionMetrics {
  readonly task: "regression";
  readonly rows: number;
  readonly rmse: number;
  readonly mae: number;
  readonly r2: number;
}

/** The share of rows whose most probable class is the known one, and the mean -log of the known class's probability. */
export interface ClassificationMetrics {
  readonly task: "classification";
  readonly rows: number;
  readonly accuracy: number;
  readonly logLoss: number;
}

export type Metrics = RegressionMetrics | ClassificationMetrics;

/** Scores the held-out rows with a model; throws an Error naming the features that the rows lack. */
export function evaluate(forest: Forest, heldOut: HeldOut): Metrics {
  const predictions = forest.predict(heldOut.columnsFor(forest));
  return forest.classes.length === 0
    ? regressionMetrics(heldOut.labels, predictions)
    : classificationMetrics(heldOut.labels, forest.classes, predictions);
}

/** Whether the first model's error is greater than the second one's (root mean square error, share of wrong classes). */
export function isWorse(one: Metrics, other: Metrics): boolean {
  if (one.task === "regression" && other.task === "regression") return one.rmse > other.rmse;
  if (one.task === "classification" && other.task === "classification") return one.accuracy < other.accuracy;
  return true;
}

function regressionMetrics(labels: readonly string[], predictions: readonly number[]): RegressionMetrics {
  const known = labels.map(Number);
  const odd = labels.find((_label, index) => Number.isNaN(known[index]));
  if (odd !== undefined) {
    throw new ProgramError(exitCodes.usage, `the model predicts a number, and the held-out rows have '${odd}'`, {
      cure: "name the kind of the label: --task classification",
    });
  }
  const mean = sum(known) / known.length;
  const errors = known.map((value, index) => (predictions[index] ?? Number.NaN) - value);
  const squares = sum(errors.map((error) => error ** 2));
  const spread = sum(known.map((value) => (value - mean) ** 2));
  return {
    task: "regression",
    rows: known.length,
    rmse: Math.sqrt(squares / known.length),
    mae: sum(errors.map(Math.abs)) / known.length,
    r2: 1 - squares / spread,
  };
}

const leastProbability = 1e-15;

function classificationMetrics(
  labels: readonly string[],
  classes: readonly string[],
  predictions: readonly number[],
): ClassificationMetrics {
  const probabilitiesAt = (row: number): readonly number[] => {
    if (classes.length > 2) return predictions.slice(row * classes.length, (row + 1) * classes.length);
    const second = predictions[row] ?? Number.NaN;
    return [1 - second, second];
  };
  let right = 0;
  let logLoss = 0;
  for (const [row, label] of labels.entries()) {
    const probabilities = probabilitiesAt(row);
    const known = classes.indexOf(className(label));
    if (known === probabilities.indexOf(Math.max(...probabilities))) right += 1;
    logLoss -= Math.log(Math.max(probabilities[known] ?? 0, leastProbability));
  }
  const rows = labels.length;
  return { task: "classification", rows, accuracy: right / rows, logLoss: logLoss / rows };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
