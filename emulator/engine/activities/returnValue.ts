import { isJsonObject, type Json, type JsonObject } from "../../../contract/json.js";
import { toJson, type Value } from "../expressions/values.js";
import type { ActivityContext, Report } from "./activityType.js";

/** The variable of the system that a pipeline returns to the one that called it. */
const returnVariable = "pipelineReturnValue";
const types = ["String", "Expression", "Object", "Array", "Boolean", "Int", "Float", "Null"];

/** What a publish refuses in a SetVariable that sets the return value: `value` is `[{key, value: {type, content}}]`. */
export function checkReturnValue(properties: JsonObject, report: Report): void {
  if (properties["variableName"] !== returnVariable) report("variableName", `variableName must be ${returnVariable}.`);
  const entries = properties["value"];
  if (!Array.isArray(entries)) report("value", "value must be a list of {key, value}.");
  for (const [index, entry] of Array.isArray(entries) ? entries.entries() : []) {
    const typed = isJsonObject(entry) ? entry["value"] : undefined;
    const complete = isJsonObject(entry) && typeof entry["key"] === "string" && isJsonObject(typed);
    if (!complete || !types.includes(String(typed["type"]))) {
      report(`value[${index}]`, `An entry is {key, value: {type, content}} with a type of ${types.join(", ")}.`);
    }
  }
}

/** Sets the keys of the return value; those of several activities add up. */
export function setReturnValue(context: ActivityContext): Map<string, Value> {
  const entries = context.properties["value"];
  const value = new Map<string, Value>();
  for (const entry of Array.isArray(entries) ? entries.filter(isJsonObject) : []) {
    value.set(String(entry["key"]), contentOf(context, entry["value"]));
  }
  context.showInput({ variableName: returnVariable, value: toJson(value) });
  for (const [key, each] of value) context.setReturnValue(key, each);
  return new Map<string, Value>([
    ["name", returnVariable],
    ["value", value],
  ]);
}

function contentOf(context: ActivityContext, typed: Json | undefined): Value {
  if (!isJsonObject(typed) || typed["type"] === "Null") return null;
  const content = typed["content"] ?? typed["value"];
  if (typed["type"] !== "Array" || !Array.isArray(content)) return context.evaluate(content);
  return content.map((element) => (isTyped(element) ? contentOf(context, element) : context.evaluate(element)));
}

const isTyped = (json: Json): json is JsonObject =>
  isJsonObject(json) && types.includes(String(json["type"])) && ("content" in json || "value" in json);
