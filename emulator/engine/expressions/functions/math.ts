import { ExpressionError } from "../expressionError.js";
import { isValueArray, type Value } from "../values.js";
import { anyNumber, argument, type ExpressionFunction, integerArgument, wrongType, wrongValue } from "./function.js";

const maxRange = 100_000n;

interface Operation {
  readonly integers: (one: bigint, other: bigint) => bigint;
  readonly floats: (one: number, other: number) => number;
}

const arithmetic = (name: string, operation: Operation, divides = false): ExpressionFunction => ({
  name,
  counts: [2, 2],
  call: (args) => {
    const one = number(name, args, 0);
    const other = number(name, args, 1);
    if (divides && Number(other) === 0) {
      throw new ExpressionError("divide-by-zero", `The template function '${name}' cannot divide by zero.`);
    }
    if (typeof one === "bigint" && typeof other === "bigint") return checked(name, operation.integers(one, other));
    return operation.floats(Number(one), Number(other));
  },
});

const extreme = (
  name: string,
  better: (one: bigint | number, other: bigint | number) => boolean,
): ExpressionFunction => ({
  name,
  counts: [1, anyNumber],
  call: (args) => {
    const only = argument(args, 0);
    const given = args.length === 1 && isValueArray(only) ? only : args;
    if (given.length === 0) wrongValue(name, "the array is empty");
    const numbers = given.map((_, index) => number(name, given, index));
    const best = numbers.reduce((one, other) => (better(other, one) ? other : one));
    return numbers.some((each) => typeof each === "number") ? Number(best) : best;
  },
});

export const mathFunctions: readonly ExpressionFunction[] = [
  arithmetic("add", { integers: (one, other) => one + other, floats: (one, other) => one + other }),
  arithmetic("sub", { integers: (one, other) => one - other, floats: (one, other) => one - other }),
  arithmetic("mul", { integers: (one, other) => one * other, floats: (one, other) => one * other }),
  arithmetic("div", { integers: (one, other) => one / other, floats: (one, other) => one / other }, true),
  arithmetic("mod", { integers: remainder, floats: (one, other) => one % other }, true),
  extreme("max", (one, other) => one > other),
  extreme("min", (one, other) => one < other),
  {
    name: "range",
    counts: [2, 2],
    call: (args) => {
      const start = smallInteger("range", args, 0);
      const count = smallInteger("range", args, 1);
      if (count < 0n || count > maxRange) wrongValue("range", `the count is not between 0 and ${maxRange}`);
      return Array.from({ length: Number(count) }, (_, index) => start + BigInt(index));
    },
  },
  {
    name: "rand",
    counts: [2, 2],
    call: (args, context) => {
      const least = smallInteger("rand", args, 0);
      const limit = smallInteger("rand", args, 1);
      if (least > limit) wrongValue("rand", "the minimum is greater than the maximum");
      if (least === limit) return least;
      // the first 12 digits of a version 4 GUID are all random
      const random = BigInt(`0x${context.newGuid().replaceAll("-", "").slice(0, 12)}`);
      return least + (random % (limit - least));
    },
  },
];

function number(name: string, args: readonly Value[], index: number): bigint | number {
  const value = argument(args, index);
  return typeof value === "bigint" || typeof value === "number"
    ? value
    : wrongType(name, index, "Integer or Float", value);
}

/** These two functions count in 32 bits. */
function smallInteger(name: string, args: readonly Value[], index: number): bigint {
  const integer = integerArgument(name, args, index);
  return BigInt.asIntN(32, integer) === integer ? integer : wrongValue(name, "a number is outside the 32-bit integers");
}

/** Of the least integer by -1 the processor's division overflows, although the remainder is 0. */
function remainder(one: bigint, other: bigint): bigint {
  if (other === -1n) checked("mod", one / other);
  return one % other;
}

function checked(name: string, result: bigint): bigint {
  if (BigInt.asIntN(64, result) === result) return result;
  throw new ExpressionError(
    "overflow",
    `The result of the template function '${name}' is outside the 64-bit integers.`,
  );
}
