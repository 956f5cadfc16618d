import { sameValue, type Value } from "../values.js";
import { anyNumber, argument, type ExpressionFunction, wrongType } from "./function.js";

/** Lower case before upper case, and only to break a tie: `a` < `A` < `b` < `B`. */
const collator = new Intl.Collator("en-US");

const truth = (name: string, index: number, value: Value) =>
  typeof value === "boolean" ? value : wrongType(name, index, "Boolean", value);

/** Stops at the first argument that decides; those behind it are not evaluated. */
const shortCircuit = (name: string, decides: boolean): ExpressionFunction => ({
  name,
  counts: [1, anyNumber],
  lazy: (args) => args.some((each, index) => truth(name, index, each()) === decides) === decides,
});

const comparison = (name: string, holds: (order: number) => boolean): ExpressionFunction => ({
  name,
  counts: [2, 2],
  call: (args) => holds(compare(name, argument(args, 0), argument(args, 1))),
});

export const logicalFunctions: readonly ExpressionFunction[] = [
  shortCircuit("and", false),
  shortCircuit("or", true),
  { name: "not", counts: [1, 1], call: (args) => !truth("not", 0, argument(args, 0)) },
  {
    name: "if",
    counts: [3, 3],
    lazy: ([condition, yes, no]) => {
      const chosen = truth("if", 0, condition?.() ?? null) ? yes : no;
      return chosen?.() ?? null;
    },
  },
  {
    name: "equals",
    counts: [2, anyNumber],
    call: ([first = null, ...others]) => others.every((other) => equal(first, other)),
  },
  comparison("greater", (order) => order > 0),
  comparison("greaterOrEquals", (order) => order >= 0),
  comparison("less", (order) => order < 0),
  comparison("lessOrEquals", (order) => order <= 0),
];

/** At the top level 1 equals 1.0; inside of arrays and objects integer and float differ. */
function equal(one: Value, other: Value): boolean {
  if (isNumber(one) && isNumber(other)) return order(one, other) === 0;
  return sameValue(one, other);
}

function compare(name: string, one: Value, other: Value): number {
  if (isNumber(one)) return isNumber(other) ? order(one, other) : wrongType(name, 1, "Float", other);
  if (typeof one !== "string") return wrongType(name, 0, "Float or String", one);
  return typeof other === "string" ? collator.compare(one, other) : wrongType(name, 1, "String", other);
}

const isNumber = (value: Value) => typeof value === "bigint" || typeof value === "number";

const order = (one: number | bigint, other: number | bigint) => (one < other ? -1 : one > other ? 1 : 0);
