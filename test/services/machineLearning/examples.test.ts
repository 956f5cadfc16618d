import { describe, expect, it } from "vitest";
import { isHeldOut } from "../../../contract/retraining.js";
import { readTable } from "../../../contract/table.js";
import { tripFeatures } from "../../../contract/trips.js";
import { examplesOf } from "../../../emulator/services/machineLearning/forests/examples.js";
import { generateTrips, tripsAsCsv } from "../../../samples/generateTrips.js";

const table = (text: string) => readTable(Buffer.from(text));
const none = () => false;
const rows = (values: readonly string[]) => `a,b\n${values.map((value, index) => `${index},${value}`).join("\n")}\n`;

describe("examples of a table", () => {
  it("learn the last column from the others, numbers as numbers and the rest as categories", () => {
    const { label, task, train } = examplesOf(table("size,kind,price\n1.5,red,10\n,blue,20\n3,,30\n"), {
      isHeldOut: none,
    });
    expect([label, task]).toEqual(["price", "regression"]);
    expect(train).toEqual({ columns: { size: [1.5, Number.NaN, 3], kind: ["red", "blue", ""] }, labels: [10, 20, 30] });
  });

  it("learn the column that is named as the label", () => {
    const { train } = examplesOf(table("a,b,c\n1,2,x\n3,4,y\n5,6,x\n"), { label: "a", isHeldOut: none });
    expect(train.labels).toEqual([1, 3, 5]);
    expect(Object.keys(train.columns)).toEqual(["b", "c"]);
  });

  it.each([
    ["more than two numbers are a regression", ["1", "2.5", "3"], "regression"],
    ["two numbers are two classes", ["0", "1", "1.0"], "classification"],
    ["words are classes", ["yes", "no", "1"], "classification"],
  ])("%s", (_title, values, task) => {
    expect(examplesOf(table(rows(values)), { isHeldOut: none }).task).toBe(task);
  });

  it("take 1 and 1.0 for the same class, and numbers for classes when they are told to", () => {
    const options = { task: "classification", isHeldOut: none } as const;
    expect(examplesOf(table(rows(["1", "1.0", "2", "3"])), options).train.labels).toEqual(["1", "1", "2", "3"]);
  });

  it("leave out the rows whose label is empty and hold out each fifth row of the file", () => {
    const made = examplesOf(table(rows(["1", "", "3", "4", "5", "6", "7", "8", "9", ""])), { isHeldOut });
    expect(made.rowsWithoutLabel).toBe(2);
    expect(made.train.labels).toEqual([1, 3, 4, 6, 7, 8, 9]);
    expect(made.heldOut).toEqual({ columns: { a: [4] }, labels: [5] });
  });

  it("of trips have the features that scoring prepares, and neither tip nor total beside the fare", () => {
    const trips = table(tripsAsCsv(generateTrips({ seed: 3, count: 20 })));
    const { train, task } = examplesOf(trips, { label: "fare", isHeldOut: none });
    expect(task).toBe("regression");
    expect(Object.keys(train.columns)).toEqual(tripFeatures.map(({ name }) => name));
    const ofDistance = examplesOf(trips, { label: "distance", isHeldOut: none });
    expect(Object.keys(ofDistance.train.columns)).not.toContain("distance");
  });

  it("refuse a word among the numbers of the label by its row, unless they are told that both are names", () => {
    const grades = rows(["1", "2", "3", "n/a", ...Array.from({ length: 20 }, (_unused, index) => String(index))]);
    expect(() => examplesOf(table(grades), { isHeldOut: none })).toThrow(
      "Row 4: b is 'n/a', which is not a number as the others are (the parameter 'Task' set to classification makes names of them).",
    );
    expect(examplesOf(table(grades), { task: "classification", isHeldOut: none }).train.labels[3]).toBe("n/a");
  });

  it("refuse a number that no model holds by its row and its column, the label's too", () => {
    const sizes = (cell: string) => table(`size,price\n1,10\n${cell},20\n3,30\n`);
    expect(examplesOf(sizes("-3.4e38"), { isHeldOut: none }).train.columns["size"]?.[1]).toBe(-3.4e38);
    const reason = "which is beyond the numbers that a model holds (3.4e38).";
    for (const cell of ["1e300", "-3.5e38", "1e400"]) {
      expect(() => examplesOf(sizes(cell), { isHeldOut: none })).toThrow(`Row 2: size is '${cell}', ${reason}`);
      const prices = table(`price,size\n10,1\n${cell},2\n30,3\n`);
      const options = { label: "price", isHeldOut: none };
      expect(() => examplesOf(prices, options)).toThrow(`Row 2: price is '${cell}', ${reason}`);
    }
  });

  it("refuse more classes than can be told apart", () => {
    const names = Array.from({ length: 201 }, (_unused, index) => `name ${index}`);
    expect(() => examplesOf(table(rows(names)), { isHeldOut: none })).toThrow(
      "The label column 'b' has 201 different values, more than the 200 classes that can be told apart.",
    );
  });
});
