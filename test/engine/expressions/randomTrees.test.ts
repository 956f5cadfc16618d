import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { evaluateText } from "../../../emulator/engine/expressions/evaluateText.js";
import { ExpressionError } from "../../../emulator/engine/expressions/expressionError.js";
import { valueText } from "../../../emulator/engine/expressions/text.js";

const cases = readFileSync(path.join(import.meta.dirname, "../../fixtures/expression-cases.json"), "utf8");
/** Every function that a case calls, and some that are none. */
const functionNames = [...new Set([...cases.matchAll(/\b([A-Za-z]\w*)\(/g)].map(([, name]) => name ?? ""))];
const world = { now: () => 638_000_000_000_000_000n, newGuid: () => "7c9e6679-7425-40de-944b-e07fc1f90ae7" };
const context = { parameters: { o: { a: [1, 2.5, null, "x"], b: { c: true } } }, variables: { v: [] }, item: "item" };

const literals = [
  ...["null", "true", "0", "-1", "2", "1.5", "9223372036854775807", "''", "'a'", "'A,b'", "'2018-03-15T13:00:00Z'"],
  ...[
    "'day'",
    "'UTC'",
    "'yyyy-MM-dd'",
    "'[1,{\"a\":null}]'",
    "'<a><b>1</b></a>'",
    "'/a/b'",
    "'aGk='",
    "'%41'",
    "'v'",
    "'a'",
  ],
];

/** Texts of expressions that parse: any function with any arguments, literals, and steps into what comes out. */
const expression: fc.Arbitrary<string> = fc.letrec<{ tree: string; call: string }>((tie) => ({
  tree: fc.oneof({ depthSize: "small" }, fc.constantFrom(...literals), tie("call")),
  call: fc
    .tuple(
      fc.constantFrom(...functionNames),
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.constantFrom("", "", "", "[0]", "?['a']", ".parameters?.o.b", "?[9]"),
    )
    .map(([name, args, step]) => `${name}(${args.join(", ")})${step}`),
})).call;

it("any tree of functions gives a value or a typed error, and the same one again", () => {
  const outcome = (text: string): string => {
    try {
      return valueText(evaluateText(text, context, world));
    } catch (error) {
      if (error instanceof ExpressionError && error.category !== "parse") return error.category;
      throw error;
    }
  };
  fc.assert(
    fc.property(expression, fc.boolean(), (tree, interpolated) => {
      const text = interpolated ? `x@{${tree}}` : `@${tree}`;
      expect(outcome(text)).toBe(outcome(text));
    }),
    { seed: 20_261_123, numRuns: 600 },
  );
});
