import { valueText } from "../text.js";
import { isValueArray, isValueObject, memberOf, sameValue, type Value, type ValueObject } from "../values.js";
import {
  anyNumber,
  argument,
  arrayArgument,
  type ExpressionFunction,
  integerArgument,
  objectArgument,
  textArgument,
  wrongType,
  wrongValue,
} from "./function.js";
import { textOrArray } from "./string.js";

export const collectionFunctions: readonly ExpressionFunction[] = [
  { name: "contains", counts: [2, 2], call: contains },
  { name: "empty", counts: [1, 1], call: ([value = null]) => empty(value) },
  { name: "first", counts: [1, 1], call: (args) => end("first", args, 0) },
  { name: "last", counts: [1, 1], call: (args) => end("last", args, -1) },
  { name: "length", counts: [1, 1], call: (args) => BigInt(textOrArray("length", args, 0).length) },
  {
    name: "join",
    counts: [2, 2],
    call: (args) =>
      arrayArgument("join", args, 0)
        .map(valueText)
        .join(textArgument("join", args, 1)),
  },
  { name: "skip", counts: [2, 2], call: (args) => textOrArray("skip", args, 0).slice(count("skip", args)) },
  { name: "take", counts: [2, 2], call: (args) => textOrArray("take", args, 0).slice(0, count("take", args)) },
  { name: "union", counts: [2, anyNumber], call: union },
  { name: "intersection", counts: [2, anyNumber], call: intersection },
];

function contains(args: readonly Value[]): Value {
  const collection = argument(args, 0);
  if (isValueArray(collection)) return collection.some((element) => sameValue(element, argument(args, 1)));
  if (typeof collection === "string") return collection.includes(textArgument("contains", args, 1));
  if (isValueObject(collection)) return memberOf(collection, textArgument("contains", args, 1)) !== undefined;
  return wrongType("contains", 0, "String, Array or Object", collection);
}

function empty(value: Value): boolean {
  if (value === null || value === "") return true;
  if (typeof value === "string") return false;
  if (isValueArray(value)) return value.length === 0;
  return isValueObject(value) ? value.size === 0 : wrongType("empty", 0, "String, Array or Object", value);
}

function end(name: string, args: readonly Value[], at: 0 | -1): Value {
  const collection = textOrArray(name, args, 0);
  return collection.at(at) ?? (typeof collection === "string" ? "" : null);
}

function count(name: string, args: readonly Value[]): number {
  const number = integerArgument(name, args, 1);
  return number < 0n ? wrongValue(name, "the count is negative") : Number(number);
}

const arrays = (name: string, args: readonly Value[]) => args.map((_, index) => arrayArgument(name, args, index));
const objects = (name: string, args: readonly Value[]) => args.map((_, index) => objectArgument(name, args, index));
const has = (array: readonly Value[], value: Value) => array.some((element) => sameValue(element, value));

function union(args: readonly Value[]): Value {
  if (isValueObject(args[0])) return new Map(objects("union", args).flatMap((object) => [...object]));
  return distinct(arrays("union", args).flat(1));
}

function intersection(args: readonly Value[]): Value {
  if (isValueObject(args[0])) {
    const [first, ...others] = objects("intersection", args);
    const shared = ([key, member]: [string, Value]) => others.every((other) => holds(other, key, member));
    return new Map([...(first ?? [])].filter(shared));
  }
  const [first = [], ...others] = arrays("intersection", args);
  return distinct(first.filter((element) => others.every((other) => has(other, element))));
}

function holds(object: ValueObject, key: string, member: Value): boolean {
  const found = object.get(key);
  return found !== undefined && sameValue(found, member);
}

function distinct(elements: readonly Value[]): Value {
  const result: Value[] = [];
  for (const element of elements) if (!has(result, element)) result.push(element);
  return result;
}
