import type { Json, JsonObject } from "../../../contract/json.js";
import type { EntitySet } from "./directoryObjects.js";
import { graphErrors } from "./errors.js";

type Test = (object: JsonObject) => boolean;

const text = "'((?:[^']|'')*)'";
const equality = new RegExp(`^(\\w+) eq ${text}$`, "i");
const beginning = new RegExp(`^startswith\\((\\w+), *${text}\\)$`, "i");
const membership = new RegExp(`^(\\w+)/any\\((\\w+): *\\2 eq ${text}\\)$`, "i");
/** A word between two terms, but not one inside a quoted text. */
const between = (word: string) => new RegExp(`\\s+${word}\\s+(?=(?:[^']*'[^']*')*[^']*$)`, "i");

/**
 * The test that an OData `$filter` stands for: `eq`, `startswith` and `any(x:x eq …)` on texts, joined by `and` and `or`;
 * texts ignore case. Without a filter everything passes; throws a `GraphRefusal` for what it cannot read.
 */
export function filterOf(filter: string | undefined, set: EntitySet): Test {
  if (filter === undefined) return () => true;
  const alternatives = filter
    .trim()
    .split(between("or"))
    .map((alternative) => alternative.split(between("and")).map((term) => termOf(term.trim(), set)));
  return (object) => alternatives.some((terms) => terms.every((term) => term(object)));
}

function termOf(term: string, set: EntitySet): Test {
  const [, equal, equalTo] = equality.exec(term) ?? [];
  if (equal !== undefined) return onProperty(equal, equalTo, set, (value, wanted) => value === wanted);
  const [, begun, begunWith] = beginning.exec(term) ?? [];
  if (begun !== undefined) return onProperty(begun, begunWith, set, (value, wanted) => value.startsWith(wanted));
  const [, list, , item] = membership.exec(term) ?? [];
  if (list !== undefined) return onProperty(list, item, set, (value, wanted) => value === wanted);
  throw graphErrors.invalidFilter(`the emulator cannot read '${term}'.`);
}

function onProperty(
  given: string,
  quoted: string | undefined,
  set: EntitySet,
  matches: (value: string, wanted: string) => boolean,
): Test {
  const name = set.properties.find((candidate) => candidate.toLowerCase() === given.toLowerCase());
  if (name === undefined) {
    throw graphErrors.invalidFilter(`Could not find a property named '${given}' on type '${set.type}'.`);
  }
  const wanted = (quoted ?? "").replaceAll("''", "'").toLowerCase();
  return (object) => textsOf(object[name]).some((value) => matches(value.toLowerCase(), wanted));
}

const textsOf = (value: Json | undefined): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === "string");
