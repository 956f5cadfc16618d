import { describe, expect, it } from "vitest";
import type { Forest } from "../../../contract/forest.js";
import { evaluate, isWorse } from "../../../runtime/studioClassic/evaluation.js";
import { agrees } from "../../../runtime/studioClassic/serviceEvaluation.js";

const forest = (classes: readonly string[], predictions: number[]): Forest => ({
  ...{ features: [], classes, predict: () => predictions },
  unload() {},
});
const heldOut = (...labels: string[]) => ({ labels, columnsFor: () => ({}) });

describe("an evaluation", () => {
  it("of numbers is their root mean square error, mean absolute error and R²", () => {
    expect(evaluate(forest([], [1, 4, 3]), heldOut("1", "2", "3"))).toEqual({
      ...{ task: "regression", rows: 3, rmse: Math.sqrt(4 / 3), mae: 2 / 3, r2: -1 },
    });
  });

  it("of two classes goes by the probability of the second one", () => {
    const metrics = evaluate(forest(["no", "yes"], [0.9, 0.2, 0.6]), heldOut("yes", "no", "no"));
    const logLoss = -(Math.log(0.9) + Math.log(0.8) + Math.log(0.4)) / 3;
    expect(metrics).toMatchObject({ task: "classification", rows: 3, accuracy: 2 / 3 });
    expect(metrics).toHaveProperty("logLoss", expect.closeTo(logLoss, 12));
  });

  it("of more classes goes by the most probable one; a class that was never learnt counts as wrong", () => {
    const metrics = evaluate(forest(["a", "b", "c"], [0.5, 0.3, 0.2, 0.1, 0.2, 0.7]), heldOut("a", "d"));
    expect(metrics).toMatchObject({
      accuracy: 0.5,
      logLoss: expect.closeTo(-(Math.log(0.5) + Math.log(1e-15)) / 2, 9),
    });
  });

  it("takes 1 and 1.0 for the same class, as the service does", () => {
    expect(evaluate(forest(["1", "2"], [0.1, 0.9]), heldOut("1.0", "2.00"))).toMatchObject({ accuracy: 1 });
  });

  it("says which label is no number", () => {
    expect(() => evaluate(forest([], [1]), heldOut("high"))).toThrow("the held-out rows have 'high'");
  });

  it("tells which of two models is worse; models of two kinds cannot be weighed", () => {
    const [one, other] = [evaluate(forest([], [2]), heldOut("1")), evaluate(forest([], [1.5]), heldOut("1"))];
    expect([isWorse(one, other), isWorse(other, one), isWorse(one, one)]).toEqual([true, false, false]);
    const classes = evaluate(forest(["a", "b"], [1]), heldOut("b"));
    expect([isWorse(classes, one), isWorse(classes, classes)]).toEqual([true, false]);
  });
});

describe("the service's own evaluation", () => {
  const metrics = { task: "regression", rows: 3, rmse: 1.25, mae: 1, r2: 0.5 } as const;
  const said = (rmse: number, rows: number) =>
    Buffer.from(`section,name,value\nmodel,rows_held_out,${rows}\nmetric,rmse,${rmse}\n`);

  it("shows that the rows were held out: it is of as many, with the same error", () => {
    expect(agrees(said(1.25, 3), metrics)).toBe(true);
    expect(agrees(said(1.26, 3), metrics)).toBe(false);
    expect(agrees(said(1.25, 4), metrics)).toBe(false);
    const classes = { task: "classification", rows: 3, accuracy: 1, logLoss: 0.1 } as const;
    expect(agrees(said(1.25, 3), classes)).toBe(false);
  });

  it.each(["", "RMSE\n1.25\n", "\u0000"])("of another service shows nothing: %j", (text) => {
    expect(agrees(Buffer.from(text), metrics)).toBe(false);
  });
});
