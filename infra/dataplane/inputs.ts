import util from "node:util";
import type * as pulumi from "@pulumi/pulumi";

/** What Pulumi puts in the place of a value that a preview does not know yet. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A `DiffResult` that names what differs: an input's name, or the path of a field within it. */
export interface Difference extends pulumi.dynamic.DiffResult {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly changed: readonly string[];
}

type KeyOf<T> = T extends unknown ? keyof T & string : never;

/** The inputs that differ between the last state and the program: those that need another resource, and the others. */
export function differenceOf<T extends object>(
  olds: T,
  news: T,
  keys: { readonly replace: readonly KeyOf<T>[]; readonly update: readonly KeyOf<T>[] },
): Difference {
  const before = new Map<string, unknown>(Object.entries(olds));
  const after = new Map<string, unknown>(Object.entries(news));
  const differs = (key: string) => !same(before.get(key), after.get(key));
  const replaces: string[] = keys.replace.filter(differs);
  const changed = [...replaces, ...keys.update.filter(differs)];
  return { changes: changed.length > 0, replaces, changed };
}

/** Deep equality, except that ARM ids and GUIDs ignore case. */
function same(one: unknown, other: unknown): boolean {
  if (typeof one !== "string" || typeof other !== "string") return util.isDeepStrictEqual(one, other);
  if (!patterns.armId.test(one) && !patterns.guid.test(one)) return one === other;
  return one.toLowerCase() === other.toLowerCase();
}

/** Forms that an input may have to have. */
export const patterns = {
  armId: /^\/subscriptions\/[^/]+/i,
  guid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  origin: /^https:\/\/[^/]+$/,
  text: /./,
};

/** The inputs as they are, with a failure for each text that has not its form; what a preview does not know has any. */
export function checked<T extends object>(
  inputs: T,
  forms: { readonly [K in keyof T & string]?: keyof typeof patterns },
): pulumi.dynamic.CheckResult<T> {
  const failures: pulumi.dynamic.CheckFailure[] = [];
  for (const [property, form] of Object.entries(forms) as [keyof T & string, keyof typeof patterns][]) {
    const value: unknown = inputs[property];
    if (value === unknownValue || (typeof value === "string" && patterns[form].test(value))) continue;
    const shown = typeof value === "string" && value !== "" ? `"${value}"` : "nothing";
    failures.push({ property, reason: `is ${shown}, not ${names[form]}` });
  }
  return { inputs, failures };
}

const names = {
  armId: "the id of an Azure resource (/subscriptions/…)",
  guid: "a GUID",
  origin: "an address of the form https://<host>",
  text: "a name",
};
