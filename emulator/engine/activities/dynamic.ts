import type { Json, JsonObject } from "../../../contract/json.js";
import { isJsonObject } from "../../../contract/json.js";
import { expressionText } from "../expressions/evaluator.js";

/** Whether a property's value is known only at run time: a string with `@`, or an Expression wrapper round one. */
export function isDynamic(json: Json | undefined): boolean {
  const text = json === undefined ? undefined : typeof json === "string" ? json : expressionText(json);
  return text !== undefined && (/^@[^@]/s.test(text) || /@\{/.test(text));
}

/** The literal behind an Expression wrapper without `@`, else the value itself. */
export function literalOf(json: Json | undefined): Json | undefined {
  return json === undefined ? undefined : (expressionText(json) ?? json);
}

export function objectAt(properties: JsonObject, key: string): JsonObject | undefined {
  const value = properties[key];
  return isJsonObject(value) ? value : undefined;
}
