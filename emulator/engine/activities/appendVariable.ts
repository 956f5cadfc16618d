import { toJson, type Value } from "../expressions/values.js";
import type { ActivityType } from "./activityType.js";
import { declaredVariable } from "./setVariable.js";

/** Adds one element to a variable of type Array. */
export const appendVariable: ActivityType = {
  name: "AppendVariable",
  nesting: "leaf",
  policy: "secure",
  check(properties, report, pipeline) {
    const name = properties["variableName"];
    const declared = typeof name === "string" ? declaredVariable(pipeline, name) : undefined;
    if (typeof name !== "string" || name === "") report("variableName", "variableName is required.");
    else if (!declared) report("variableName", `The variable '${name}' is not defined in the pipeline.`);
    else if (declared.type !== "Array") report("variableName", `The variable '${name}' is not of type Array.`);
    if (properties["value"] === undefined) report("value", "value is required.");
  },
  async run(context) {
    const name = String(context.properties["variableName"]);
    const value = context.evaluate(context.properties["value"]);
    context.showInput({ variableName: name, value: toJson(value) });
    context.appendVariable(name, value);
    return new Map<string, Value>([
      ["name", name],
      ["value", value],
    ]);
  },
};
