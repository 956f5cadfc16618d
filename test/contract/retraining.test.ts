import { describe, expect, it } from "vitest";
import { rowWithoutNumber } from "../../contract/retraining.js";

/** So many labels that are words, after numbers, of 100 that are known; empty ones between. */
const labels = (words: number) =>
  Array.from({ length: 100 }, (_unused, index) => (index < 100 - words ? String(index) : "word")).flatMap((cell) => [
    cell,
    "",
  ]);

describe("labels that are not numbers", () => {
  it("are mistakes where they are fewer than a tenth of the known ones, and names where they are more", () => {
    expect(rowWithoutNumber(labels(9), undefined)).toBe(183);
    expect(rowWithoutNumber(labels(10), undefined)).toBeUndefined();
  });

  it("are mistakes in a regression and names in a classification, however many they are", () => {
    expect(rowWithoutNumber(labels(60), "regression")).toBe(81);
    expect(rowWithoutNumber(labels(1), "classification")).toBeUndefined();
  });
});
