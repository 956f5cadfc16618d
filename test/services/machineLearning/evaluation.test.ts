import { describe, expect, it } from "vitest";
import { evaluateClasses, evaluateNumbers } from "../../../emulator/services/machineLearning/forests/evaluation.js";

describe("numbers", () => {
  it("are judged by root mean square error, mean absolute error and the coefficient of determination", () => {
    const { metrics } = evaluateNumbers([1, 2, 3, 4], [1, 2, 3, 6]);
    expect(metrics).toEqual({ rmse: 1, mae: 0.5, r2: 0.2 });
  });

  it("that are all the same have no coefficient of determination", () => {
    expect(evaluateNumbers([2, 2], [1, 3]).metrics["r2"]).toBeNull();
  });
});

describe("classes", () => {
  it("are judged by accuracy, and each by precision, recall and F1", () => {
    // predicted: a, b, b, c
    const probabilities = [0.8, 0.1, 0.1, 0.2, 0.7, 0.1, 0.1, 0.6, 0.3, 0.1, 0.1, 0.8];
    const { metrics, classes } = evaluateClasses(["a", "b", "a", "c"], ["a", "b", "c"], probabilities);
    expect(metrics).toEqual({ accuracy: 0.75 });
    expect(classes).toEqual([
      { name: "a", precision: 1, recall: 0.5, f1: 2 / 3, rows: 2 },
      { name: "b", precision: 0.5, recall: 1, f1: 2 / 3, rows: 1 },
      { name: "c", precision: 1, recall: 1, f1: 1, rows: 1 },
    ]);
  });

  it("two of them have an area under the curve, in which equal probabilities count half", () => {
    const auc = (known: string[], probabilities: number[]) =>
      evaluateClasses(known, ["no", "yes"], probabilities).metrics["auc"];
    expect(auc(["no", "no", "yes", "yes"], [0.1, 0.2, 0.8, 0.9])).toBe(1);
    expect(auc(["no", "yes", "no", "yes"], [0.1, 0.2, 0.8, 0.9])).toBe(0.75);
    expect(auc(["no", "yes"], [0.5, 0.5])).toBe(0.5);
    expect(auc(["no", "no"], [0.5, 0.5])).toBeNull();
  });

  it("that the model has never seen, or never predicts, have no precision", () => {
    const { classes } = evaluateClasses(["new", "no"], ["no", "yes"], [0.1, 0.1]);
    expect(classes.find(({ name }) => name === "new")).toEqual({
      name: "new",
      precision: null,
      recall: 0,
      f1: null,
      rows: 1,
    });
    expect(classes.find(({ name }) => name === "yes")).toMatchObject({ precision: null, recall: null, rows: 0 });
  });
});
