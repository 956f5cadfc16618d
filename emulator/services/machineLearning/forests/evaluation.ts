/** How a model does on rows that it has not seen. */
export interface Evaluation {
  /** `rmse`, `mae`, `r2`, or `accuracy` and, with two classes, `auc`; null is a value that does not exist. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Empty for a regression. */
  readonly classes: readonly ClassEvaluation[];
}

/** One class; null where nothing was predicted as it, or nothing is it. */
export interface ClassEvaluation {
  readonly name: string;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  /** How many of the rows are of the class. */
  readonly rows: number;
}

/** Root mean square error and mean absolute error in the label's unit, and the coefficient of determination. */
export function evaluateNumbers(known: readonly number[], predicted: readonly number[]): Evaluation {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const errors = known.map((value, index) => (predicted[index] ?? Number.NaN) - value);
  const average = mean(known);
  const spread = mean(known.map((value) => (value - average) ** 2));
  const squared = mean(errors.map((error) => error ** 2));
  return {
    metrics: { rmse: Math.sqrt(squared), mae: mean(errors.map(Math.abs)), r2: ratio(spread - squared, spread) },
    classes: [],
  };
}

/**
 * Accuracy, precision, recall and F1 by class and, with two classes, the area under the ROC curve. `probabilities` are
 * as `Forest.predict` gives them for `classes`; a known class that the model has never seen counts as not recognized.
 */
export function evaluateClasses(
  known: readonly string[],
  classes: readonly string[],
  probabilities: readonly number[],
): Evaluation {
  const predicted = known.map((_label, row) => classes[likeliest(probabilities, row, classes.length)] ?? "");
  const right = known.filter((label, row) => label === predicted[row]);
  const names = [...new Set([...classes, ...known])];
  return {
    metrics: {
      accuracy: ratio(right.length, known.length),
      ...(classes.length === 2 && {
        auc: areaUnderCurve(
          known.map((label) => label === classes[1]),
          probabilities,
        ),
      }),
    },
    classes: names.map((name) => {
      const hits = right.filter((label) => label === name).length;
      const rows = known.filter((label) => label === name).length;
      const precision = ratio(hits, predicted.filter((label) => label === name).length);
      const recall = ratio(hits, rows);
      const f1 = precision === null || recall === null ? null : ratio(2 * precision * recall, precision + recall);
      return { name, precision, recall, f1, rows };
    }),
  };
}

function likeliest(probabilities: readonly number[], row: number, classes: number): number {
  if (classes === 2) return (probabilities[row] ?? 0) > 0.5 ? 1 : 0;
  const own = probabilities.slice(row * classes, (row + 1) * classes);
  return own.indexOf(Math.max(...own));
}

/** The chance that a row of the second class is ranked above one of the first, equal ranks counting half (Mann-Whitney). */
function areaUnderCurve(isSecond: readonly boolean[], probabilities: readonly number[]): number | null {
  const order = [...isSecond.keys()].sort((one, other) => (probabilities[one] ?? 0) - (probabilities[other] ?? 0));
  let rankSum = 0;
  for (let start = 0; start < order.length; ) {
    const value = probabilities[order[start] ?? 0];
    let end = start;
    while (end < order.length && probabilities[order[end] ?? 0] === value) end += 1;
    const sharedRank = (start + 1 + end) / 2;
    for (const row of order.slice(start, end)) if (isSecond[row]) rankSum += sharedRank;
    start = end;
  }
  const second = isSecond.filter(Boolean).length;
  const pairs = second * (isSecond.length - second);
  return ratio(rankSum - (second * (second + 1)) / 2, pairs);
}

const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole);
