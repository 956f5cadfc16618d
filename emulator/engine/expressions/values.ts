import type { Json } from "../../../contract/json.js";

/**
 * A value of the expression language: `bigint` is its 64-bit integer, `number` its double. Objects are maps, because
 * the order of keys like `"10"` counts and a key may be called `__proto__`.
 */
export type Value = null | boolean | bigint | number | string | readonly Value[] | ValueObject;

export interface ValueObject extends ReadonlyMap<string, Value> {}

export type ValueType = "Null" | "Boolean" | "Integer" | "Float" | "String" | "Array" | "Object";

export function isValueObject(value: Value | undefined): value is ValueObject {
  return value instanceof Map;
}

export function isValueArray(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function typeOf(value: Value): ValueType {
  if (value === null) return "Null";
  if (isValueArray(value)) return "Array";
  if (isValueObject(value)) return "Object";
  if (typeof value === "bigint") return "Integer";
  if (typeof value === "number") return "Float";
  return typeof value === "string" ? "String" : "Boolean";
}

/** A JSON number without a fraction becomes an integer, as long as it is one that a double holds exactly. */
export function fromJson(json: Json): Value {
  if (typeof json === "number") return Number.isSafeInteger(json) ? BigInt(json) : json;
  if (json === null || typeof json !== "object") return json;
  if (Array.isArray(json)) return json.map(fromJson);
  return new Map(Object.entries(json).map(([key, member]) => [key, fromJson(member)]));
}

/** The value for a wire format; integers beyond 2^53 lose digits there, as in every JavaScript client. */
export function toJson(value: Value): Json {
  if (typeof value === "bigint") return Number(value);
  if (isValueArray(value)) return value.map(toJson);
  if (isValueObject(value)) return Object.fromEntries([...value].map(([key, member]) => [key, toJson(member)]));
  return value;
}

/** The key's value: exact case first, else in any case. */
export function memberOf(object: ValueObject, key: string): Value | undefined {
  const exact = object.get(key);
  if (exact !== undefined) return exact;
  const lower = key.toLowerCase();
  for (const [name, value] of object) if (name.toLowerCase() === lower) return value;
  return undefined;
}

/** Deep equality in which integer and float differ; the order of keys is irrelevant, their case counts. */
export function sameValue(one: Value, other: Value): boolean {
  if (isValueArray(one)) {
    if (!isValueArray(other) || one.length !== other.length) return false;
    return one.every((element, index) => sameValue(element, other[index] ?? null));
  }
  if (isValueObject(one)) {
    if (!isValueObject(other) || one.size !== other.size) return false;
    return [...one].every(([key, member]) => {
      const counterpart = other.get(key);
      return counterpart !== undefined && sameValue(member, counterpart);
    });
  }
  return one === other;
}
