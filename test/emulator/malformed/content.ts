import fc from "fast-check";
import { isJsonObject, type Json } from "../../../contract/json.js";

/** What no JSON parser reads. */
export const badJson = fc.constantFrom(
  '{"a":',
  "{'a': 1}",
  "{a: 1}",
  "[1,]",
  "NaN",
  "\u0000",
  "{}{}",
  "\xff\xfe",
  '"\x01"',
  "nul",
);
/** Objects in objects, so many deep. */
export const nested = (depth: number) => `${'{"properties":'.repeat(depth)}null${"}".repeat(depth)}`;
/** What stands where something else is expected. */
export const wrongJson: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    0,
    -1,
    1e308,
    "",
    [],
    {},
    [[]],
    [null],
    "\u0000",
    "x".repeat(3000),
    "🚀",
    "../..",
    "%00",
  ),
  fc.json({ maxDepth: 2 }).map((text): Json => JSON.parse(text)),
  fc.constant<Json>(JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":1},"toString":null}')),
);

/** Every place in a content, the whole of it first. */
export function placesIn(content: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const below = Array.isArray(content)
    ? content.flatMap((value, index) => placesIn(value, [...path, index]))
    : isJsonObject(content)
      ? Object.entries(content).flatMap(([name, value]) => placesIn(value, [...path, name]))
      : [];
  return [path, ...below];
}

/** The content with another value at a place. */
export function replaced(content: Json, [first, ...rest]: readonly (string | number)[], value: Json): Json {
  if (first === undefined) return value;
  if (Array.isArray(content))
    return content.map((item, index) => (index === first ? replaced(item, rest, value) : item));
  if (!isJsonObject(content)) return value;
  return Object.fromEntries(
    Object.entries(content).map(([name, item]) => [name, name === first ? replaced(item, rest, value) : item]),
  );
}
