import type { PipelineDefinition, VariableType } from "../../../contract/pipeline.js";
import { toJson, typeOf, type Value, type ValueType } from "../expressions/values.js";
import { wrongVariableTypeCode } from "../inferred.js";
import { namesRead } from "../plan/references.js";
import { ActivityFailure } from "./activityFailure.js";
import type { ActivityType } from "./activityType.js";
import { checkReturnValue, setReturnValue } from "./returnValue.js";

/** Which type of value each type of variable takes. */
const accepts: Readonly<Record<VariableType, ValueType>> = {
  String: "String",
  Bool: "Boolean",
  Boolean: "Boolean",
  Integer: "Integer",
  Array: "Array",
};

/** Sets a variable of the run. The value may not read the variable itself. */
export const setVariable: ActivityType = {
  name: "SetVariable",
  nesting: "leaf",
  policy: "secure",
  check(properties, report, pipeline) {
    if (properties["setSystemVariable"] === true) return checkReturnValue(properties, report);
    const name = properties["variableName"];
    if (typeof name !== "string" || name === "") {
      report("variableName", "variableName is required.");
      return;
    }
    if (!declaredVariable(pipeline, name))
      report("variableName", `The variable '${name}' is not defined in the pipeline.`);
    const value = properties["value"];
    if (value === undefined) report("value", "value is required.");
    else if (namesRead(value, "variables").includes(name.toLowerCase())) {
      report(
        "value",
        `The value of the variable '${name}' may not refer to the variable itself; use a second variable.`,
      );
    }
  },
  async run(context) {
    if (context.properties["setSystemVariable"] === true) return setReturnValue(context);
    const name = String(context.properties["variableName"]);
    const value = context.evaluate(context.properties["value"]);
    context.showInput({ variableName: name, value: toJson(value) });
    context.setVariable(name, value);
    return new Map<string, Value>([
      ["name", name],
      ["value", value],
    ]);
  },
};

/** Refuses a value of another type than the variable's. */
export function checkVariableValue(name: string, type: VariableType, value: Value): void {
  if (typeOf(value) === accepts[type]) return;
  throw new ActivityFailure(
    wrongVariableTypeCode,
    `The variable '${name}' of type '${type}' cannot be initialized or updated with value of type '${typeOf(value)}'. The variable '${name}' only supports values of types '${accepts[type]}'.`,
  );
}

/** The variable's declared name and type; names ignore case. */
export function declaredVariable(
  pipeline: PipelineDefinition,
  name: string,
): { readonly name: string; readonly type: VariableType } | undefined {
  const found = Object.entries(pipeline.variables ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found && { name: found[0], type: found[1].type };
}
