import util from "node:util";

type Members = Readonly<Record<string, unknown>>;

/**
 * The fields in which two pipeline definitions differ, activities by their names wherever they are nested:
 * `activities[invoke_batch].typeProperties.url`. The path alone of an activity, parameter or list says that it is new,
 * gone or in another order.
 */
export function pipelineChanges(olds: unknown, news: unknown): readonly string[] {
  return changesAt("", olds, news);
}

function changesAt(path: string, one: unknown, other: unknown): readonly string[] {
  if (util.isDeepStrictEqual(one, other)) return [];
  if (isMembers(one) && isMembers(other)) {
    return union(Object.keys(one), Object.keys(other)).flatMap((key) =>
      changesAt(path === "" ? key : `${path}.${key}`, one[key], other[key]),
    );
  }
  if (!Array.isArray(one) || !Array.isArray(other)) return [path || "definition"];
  const [before, after] = [byName(one), byName(other)];
  if (before && after) {
    const changes = union(Object.keys(before), Object.keys(after)).flatMap((name) =>
      changesAt(`${path}[${name}]`, before[name], after[name]),
    );
    return changes.length > 0 ? changes : [path];
  }
  if (one.length !== other.length) return [path];
  return one.flatMap((item, index) => changesAt(`${path}[${index}]`, item, other[index]));
}

/** A list's items by their names; undefined unless each has one of its own. */
function byName(items: readonly unknown[]): Members | undefined {
  const named: Record<string, unknown> = {};
  for (const item of items) {
    const name = isMembers(item) ? item["name"] : undefined;
    if (typeof name !== "string" || name in named) return undefined;
    named[name] = item;
  }
  return named;
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function union(some: readonly string[], others: readonly string[]): readonly string[] {
  return [...some, ...others.filter((key) => !some.includes(key))];
}
