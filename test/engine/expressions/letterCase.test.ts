import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { evaluateText } from "../../../emulator/engine/expressions/evaluateText.js";

it.each([
  ["@toUpper('straße')", "STRAßE"],
  ["@toLower('ÄΟΔΟΣ')", "äοδοσ"],
  ["@indexOf('weißer bär','BÄR')", 7n],
  ["@startsWith('ßa','ssa')", false],
])("%s changes letters one by one, as .NET does", (expression, expected) => {
  expect(evaluateText(expression, {}, { now: () => 0n, newGuid: randomUUID })).toBe(expected);
});
