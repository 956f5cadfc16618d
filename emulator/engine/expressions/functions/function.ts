import type { EvaluationContext } from "../context.js";
import { ExpressionError, type ExpressionErrorCategory } from "../expressionError.js";
import { isValueArray, isValueObject, typeOf, type Value, type ValueObject } from "../values.js";

interface Named {
  readonly name: string;
  /** The least and the largest number of arguments. */
  readonly counts: readonly [number, number];
  /** The category of a wrong number of arguments, where it is not `arg-count`. */
  readonly countError?: ExpressionErrorCategory;
  /** The kind of artifact (`trigger`) in whose definition alone it may stand; a pipeline's may not use it. */
  readonly onlyIn?: string;
}

/** A function of the language. A lazy one evaluates only the arguments that it asks for. */
export type ExpressionFunction = Named &
  (
    | { readonly call: (args: readonly Value[], context: EvaluationContext) => Value }
    | { readonly lazy: (args: readonly (() => Value)[]) => Value }
  );

/** What is wrong with a number of arguments; undefined when the function takes it. */
export function countMistake({ name, counts: [least, most] }: Named, given: number): string | undefined {
  if (given >= least && given <= most) return undefined;
  const expected = least === most ? `${least}` : most === anyNumber ? `${least} or more` : `${least} to ${most}`;
  return `The template function '${name}' expects ${expected} argument(s), it was given ${given}.`;
}

/** The sentence for a function that stands in another artifact's definition than it may. */
export const placeMistake = ({ name, onlyIn }: { readonly name: string; readonly onlyIn: string }) =>
  `The template function '${name}' is only valid in the definition of a ${onlyIn}.`;

export const anyNumber = Number.POSITIVE_INFINITY;

export function argument(args: readonly Value[], index: number): Value {
  return args[index] ?? null;
}

export function textArgument(name: string, args: readonly Value[], index: number): string {
  const value = argument(args, index);
  return typeof value === "string" ? value : wrongType(name, index, "String", value);
}

export function integerArgument(name: string, args: readonly Value[], index: number): bigint {
  const value = argument(args, index);
  return typeof value === "bigint" ? value : wrongType(name, index, "Integer", value);
}

export function arrayArgument(name: string, args: readonly Value[], index: number): readonly Value[] {
  const value = argument(args, index);
  return isValueArray(value) ? value : wrongType(name, index, "Array", value);
}

export function objectArgument(name: string, args: readonly Value[], index: number): ValueObject {
  const value = argument(args, index);
  return isValueObject(value) ? value : wrongType(name, index, "Object", value);
}

export function wrongType(name: string, index: number, expected: string, value: Value): never {
  throw new ExpressionError(
    "arg-type",
    `The template function '${name}' expects its parameter ${index + 1} to be of type '${expected}'. The provided value is of type '${typeOf(value)}'.`,
  );
}

export function wrongValue(name: string, why: string): never {
  throw new ExpressionError("arg-value", `The template function '${name}' cannot be evaluated: ${why}.`);
}
