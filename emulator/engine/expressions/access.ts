import { ExpressionError } from "./expressionError.js";
import { isValueArray, isValueObject, memberOf, typeOf, type Value, type ValueObject } from "./values.js";

/** How many keys an error lists before it stops. */
const maxListedKeys = 20;

/** One step of `target.key` or `target[key]`; `optional` gives null where the key is missing or the target is null. */
export function select(target: Value, key: Value, optional: boolean): Value {
  if (target === null) {
    if (optional) return null;
    throw new ExpressionError(
      "null-selection",
      `The expression cannot be evaluated because ${named(key)} is read from null.`,
    );
  }
  if (isValueObject(target) && typeof key === "string") return property(target, key, optional);
  if (isValueArray(target) && typeof key === "bigint") return element(target, key, optional);
  throw new ExpressionError(
    "bad-selection",
    `The expression cannot be evaluated because ${named(key)} cannot be selected from a value of type '${typeOf(target)}'.`,
  );
}

function property(target: ValueObject, key: string, optional: boolean): Value {
  const value = memberOf(target, key);
  if (value !== undefined) return value;
  if (optional) return null;
  const keys = [...target.keys()].slice(0, maxListedKeys).join(", ");
  throw new ExpressionError(
    "missing-property",
    `The expression cannot be evaluated because property '${key}' doesn't exist, available properties are '${keys}'.`,
  );
}

function element(target: readonly Value[], index: bigint, optional: boolean): Value {
  const value = index < 0n ? undefined : target[Number(index)];
  if (value !== undefined) return value;
  if (optional) return null;
  throw new ExpressionError(
    "index-out-of-range",
    `The expression cannot be evaluated because array index '${index}' is outside bounds (0, ${target.length - 1}) of array.`,
  );
}

const named = (key: Value) =>
  typeof key === "string"
    ? `property '${key}'`
    : typeof key === "bigint"
      ? `index '${key}'`
      : `a key of type '${typeOf(key)}'`;
