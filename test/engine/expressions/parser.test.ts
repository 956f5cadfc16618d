import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExpressionError } from "../../../emulator/engine/expressions/expressionError.js";
import { parseJson } from "../../../emulator/engine/expressions/json.js";
import { maxExpressionLength, parseExpression } from "../../../emulator/engine/expressions/parser.js";
import { parseTemplate } from "../../../emulator/engine/expressions/template.js";
import { jsonText } from "../../../emulator/engine/expressions/text.js";
import { sameValue, type Value } from "../../../emulator/engine/expressions/values.js";

function failure(parse: () => unknown): ExpressionError {
  try {
    parse();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const fragments = [
  "@",
  "@{",
  "@@{",
  "}",
  "'",
  "''",
  "(",
  ")",
  "[",
  "]",
  ",",
  ".",
  "?",
  "concat",
  "null",
  "1",
  "-.5",
  " ",
  "\n",
  "é",
  '"',
];

describe("the parser", () => {
  it("of any text gives a template or a parse error with its place, and never anything else", () => {
    const text = fc.oneof(
      fc.array(fc.integer({ max: 0xffff, min: 0 }), { maxLength: 80 }).map((units) => String.fromCharCode(...units)),
      fc.array(fc.constantFrom(...fragments), { maxLength: 60 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(fc.constantFrom("", "@", "@{", "@concat("), text, (start, rest) => {
        const whole = start + rest;
        try {
          parseTemplate(whole);
          return true;
        } catch (error) {
          if (!(error instanceof ExpressionError) || error.category !== "parse") throw error;
          return error.offset !== undefined && error.offset >= 0 && error.offset <= whole.length;
        }
      }),
      { seed: 20_261_123, numRuns: 200 },
    );
  });

  it.each([
    ["@concat('a',)", 12],
    ["@concat('a'))", 12],
    ["x @{concat(;)}", 11],
    ["@length", 1],
    ["a @{b", 2],
  ])("says where %s goes wrong", (text, offset) => {
    expect(failure(() => parseTemplate(text)).offset).toBe(offset);
  });

  it("refuses thousands of nested calls instead of overflowing", () => {
    const depth = 2000;
    const text = `${"not(".repeat(depth)}true${")".repeat(depth)}`;
    expect(text.length).toBeGreaterThan(maxExpressionLength);
    expect(failure(() => parseExpression(`${"not(".repeat(1500)}true${")".repeat(1500)}`)).message).toContain("levels");
    expect(failure(() => parseExpression(text)).message).toContain("at most 8192");
  });

  it("refuses an integer beyond 64 bits", () => {
    expect(failure(() => parseExpression("9223372036854775808")).category).toBe("parse");
  });
});

describe("JSON", () => {
  const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Value>(null, true, false),
      fc.string(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double({ noDefaultInfinity: true, noNaN: true }).map((number) => number + 0),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 4 }).map((members) => new Map(members)),
    ),
  })).value;

  it("of any value reads back as that value, integer and float apart", () => {
    fc.assert(
      fc.property(value, (given) => {
        const parsed = parseJson(jsonText(given));
        expect(parsed.ok && sameValue(parsed.value, given)).toBe(true);
      }),
    );
  });

  it("that JSON.parse takes is taken, and what it refuses is refused", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.json().map((text) => text.slice(1)),
          fc.string(),
        ),
        (text) => {
          expect(parseJson(text).ok).toBe(parses(text));
        },
      ),
    );
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
