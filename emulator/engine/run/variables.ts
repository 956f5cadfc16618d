import type { PipelineDefinition } from "../../../contract/pipeline.js";
import { declaredVariable } from "../activities/setVariable.js";
import { fromJson, type Value } from "../expressions/values.js";
import type { History } from "./history.js";

/** The value of a variable that was never set and has no default. */
const unsetValues: Readonly<Record<string, Value>> = {
  String: "",
  Integer: 0n,
  Bool: false,
  Boolean: false,
  Array: [],
};

/** A variable's present value; undefined when the pipeline has none of that name. */
export function variableValue(definition: PipelineDefinition, history: History, name: string): Value | undefined {
  const declared = declaredVariable(definition, name);
  if (!declared) return undefined;
  const set = history.variable(declared.name.toLowerCase());
  if (set !== undefined) return set;
  const { defaultValue } = definition.variables?.[declared.name] ?? {};
  return defaultValue === undefined || defaultValue === null
    ? (unsetValues[declared.type] ?? null)
    : fromJson(defaultValue);
}
