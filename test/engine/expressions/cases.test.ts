import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { randomIds } from "../../../contract/ids.js";
import { differenceIn, type ExpressionCase } from "../../../emulator/engine/expressions/expressionCase.js";

const file = path.join(import.meta.dirname, "../../fixtures/expression-cases.json");
const cases: readonly ExpressionCase[] = JSON.parse(readFileSync(file, "utf8"));
const world = { now: () => new Date("2024-02-29T23:30:15.123Z"), newGuid: randomIds.uuid };

describe("expression cases", () => {
  it.each(cases)("$id $expression", (given) => {
    expect(differenceIn(given, world)).toBeUndefined();
  });
});

describe("the comparison of a case", () => {
  const given = { id: "1", expression: "@add(1,1)" };

  it.each([
    [{ ...given, expected: 3 }, "expected 3, got 2"],
    [{ ...given, error: "overflow" }, "expected the error overflow, got 2"],
    [{ ...given, expected: 2, expectedType: "float" }, "expected the type float, got integer"],
    [{ ...given, expected: 2, expectedText: "2.0" }, "expected 2.0, got 2"],
    [{ ...given, expression: "@nope()", expected: 2 }, "expected 2, got the error unknown-function"],
    [{ ...given, expected: 1, alsoAccept: [3] }, "expected 1 or 3, got 2"],
  ])("tells what differs: %j", (each, difference) => {
    expect(differenceIn(each, world)).toContain(difference);
  });
});
