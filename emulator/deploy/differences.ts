import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";
import { comparable } from "./properties.js";
import { formatPath, type PathSegment } from "./propertyPath.js";
import type { InputChange } from "./resourceProvider.js";

/** One place at which two values differ. */
export interface Difference {
  /** With the index that a list's item has in the new value, or had in the old one when it is gone. */
  readonly path: readonly PathSegment[];
  /** The same for a person: an item that has a name by it, `activities[Getbearertoken].typeProperties.url`. */
  readonly place: string;
  /** Undefined: it was not there. */
  readonly old: Json | undefined;
  /** Undefined: it is gone. */
  readonly new: Json | undefined;
}

interface Place {
  readonly path: readonly PathSegment[];
  readonly place: string;
}

/**
 * Every leaf at which two inputs differ; where a file lies makes no difference. Items of lists are matched by their names
 * where all have one, else by index.
 */
export function differences(old: JsonObject, news: JsonObject): readonly Difference[] {
  return between(comparable(old), comparable(news), { path: [], place: "" });
}

/** What kind of change it is. */
export function kindOf(difference: Pick<Difference, "old" | "new">): InputChange["kind"] {
  if (difference.old === undefined) return "added";
  return difference.new === undefined ? "removed" : "changed";
}

/** The same in the terms of a provider; `replacing`: the top-level inputs of which another value is another resource. */
export function inputChanges(old: JsonObject, news: JsonObject, replacing: readonly string[]): readonly InputChange[] {
  return differences(old, news).map((difference) => ({
    path: formatPath(difference.path),
    kind: kindOf(difference),
    replaces: replacing.includes(String(difference.path[0])),
  }));
}

function between(old: Json | undefined, news: Json | undefined, at: Place): readonly Difference[] {
  if (isDeepStrictEqual(old, news)) return [];
  if (isJsonObject(old) && isJsonObject(news)) return ofObjects(old, news, at);
  if (Array.isArray(old) && Array.isArray(news)) return ofLists(old, news, at);
  return [{ ...at, old, new: news }];
}

function ofObjects(old: JsonObject, news: JsonObject, at: Place): readonly Difference[] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(news)])];
  return names.flatMap((name) => between(old[name], news[name], member(at, name)));
}

function member({ path, place }: Place, name: string): Place {
  return { path: [...path, name], place: place === "" ? name : `${place}.${name}` };
}

function ofLists(old: readonly Json[], news: readonly Json[], at: Place): readonly Difference[] {
  const [oldNames, newNames] = [namesOf(old), namesOf(news)];
  if (!oldNames || !newNames) {
    const indices = [...Array(Math.max(old.length, news.length)).keys()];
    return indices.flatMap((index) => between(old[index], news[index], item(at, index, String(index))));
  }
  const found = [
    ...newNames.flatMap((name, index) => between(old[oldNames.indexOf(name)], news[index], item(at, index, name))),
    ...oldNames.flatMap((name, index) =>
      newNames.includes(name) ? [] : between(old[index], undefined, item(at, index, name)),
    ),
  ];
  // equal items in another order
  return found.length > 0 ? found : [{ ...at, old: oldNames, new: newNames }];
}

function item({ path, place }: Place, index: number, label: string): Place {
  return { path: [...path, index], place: `${place}[${label}]` };
}

/** The items' names; undefined when one has none or two have the same. */
function namesOf(list: readonly Json[]): readonly string[] | undefined {
  const names = list.flatMap((one) => (isJsonObject(one) && typeof one["name"] === "string" ? [one["name"]] : []));
  return names.length === list.length && new Set(names).size === names.length ? names : undefined;
}
