import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** What is wrong with a JSON value of the user's, by place and in the words of JSON: one sentence each, joined by `; `. */
export function wrongShape(value: unknown, { issues }: z.ZodError): string {
  return issues.map((issue) => sentenceOf(value, issue)).join("; ");
}

const kinds: Readonly<Record<string, string>> = {
  object: "an object",
  record: "an object",
  array: "a list",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

function sentenceOf(value: unknown, issue: Issue): string {
  const place = issue.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  const where = place.replace(/^\./, "");
  const found = issue.path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)[key], value);
  if (issue.code === "invalid_type" && found === undefined) return `${where} is missing`;
  if (issue.code === "invalid_type") {
    const verb = where === "" ? "it holds" : `${where} is`;
    return `${verb} ${kindOf(found)}, not ${kinds[issue.expected] ?? issue.expected}`;
  }
  return where === "" ? issue.message : `${where}: ${issue.message}`;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return kinds[typeof value] ?? typeof value;
}
