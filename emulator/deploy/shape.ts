import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";

/**
 * What an input may be: a `value` (text, number, truth, or a list of them), a `map` (its members' names are the user's), or
 * members of known names, which go for each item when it is a list.
 */
export type Shape = "value" | "map" | { readonly wire?: string; readonly members: Members | "value" };

/** Inputs by their azure-native names. */
export type Members = Readonly<Record<string, Shape>>;

/** Inputs that have no members of their own and the same name on the wire. */
export function values(...names: readonly string[]): Members {
  return Object.fromEntries(names.map((name) => [name, "value"]));
}

/** An input with these members, under another name on the wire when one is given. */
export function inside(members: Members, wire?: string): Shape {
  return { members, ...(wire !== undefined && { wire }) };
}

/** A value under another name on the wire. */
export function named(wire: string): Shape {
  return { wire, members: "value" };
}

/** The member's name in ARM's JSON. */
export function wireName(name: string, shape: Shape): string {
  return typeof shape === "string" ? name : (shape.wire ?? name);
}

/** The input under its names on the wire; throws on a member that the shape does not have. `place` is the input's own path. */
export function toWire(shape: Shape, input: Json, place: string): Json {
  if (shape === "map") return input;
  if (Array.isArray(input)) return input.map((item: Json, index) => toWire(shape, item, `${place}[${index}]`));
  if (!isJsonObject(input)) return input;
  const members = membersOf(shape);
  return Object.fromEntries(
    Object.entries(input).map(([name, inner]) => {
      const at = `${place}.${name}`;
      const known = members[name];
      if (known === undefined) throw new Error(`the emulator does not support the input ${at}`);
      return [wireName(name, known), toWire(known, inner, at)];
    }),
  );
}

/** What ARM answers under azure-native's names; what the shape does not have stays as it is. */
export function fromWire(shape: Shape, value: Json): Json {
  if (shape === "map") return value;
  if (Array.isArray(value)) return value.map((item: Json) => fromWire(shape, item));
  if (!isJsonObject(value)) return value;
  const names = new Map(Object.entries(membersOf(shape)).map(([name, known]) => [wireName(name, known), name]));
  return Object.fromEntries(
    Object.entries(value).map(([wire, inner]) => {
      const name = names.get(wire) ?? wire;
      return [name, fromWire(membersOf(shape)[name] ?? "value", inner)];
    }),
  );
}

/** What of an output is also an input. */
export function inputsIn(members: Members, outputs: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, value]) => {
      const shape = members[name];
      return shape === undefined ? [] : [[name, within(shape, value)]];
    }),
  );
}

function within(shape: Shape, value: Json): Json {
  if (typeof shape === "string" || shape.members === "value") return value;
  const { members } = shape;
  if (Array.isArray(value)) return value.map((item: Json) => (isJsonObject(item) ? inputsIn(members, item) : item));
  return isJsonObject(value) ? inputsIn(members, value) : value;
}

function membersOf(shape: Shape): Members {
  return typeof shape === "string" || shape.members === "value" ? {} : shape.members;
}
