import { exitCodes, ProgramError } from "../../contract/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";
import type { InvokedBy } from "../../contract/runs.js";

/** How a run begins: by hand, or as a trigger of the folder starts it, with the trigger's parameters. */
export interface RunStart {
  readonly pipelineName: string;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly invokedBy: InvokedBy;
}

/** Throws a `ProgramError` (exit code 2) when the trigger starts no such pipeline. */
export function startOf(
  triggerName: string | undefined,
  trigger: JsonObject | undefined,
  pipelineName: string,
): RunStart {
  const invokedBy = { id: "0".repeat(32), name: "Manual", invokedByType: "Manual" };
  if (triggerName === undefined || trigger === undefined) return { pipelineName, parameters: {}, invokedBy };
  const started = Array.isArray(trigger["pipelines"]) ? trigger["pipelines"].filter(isJsonObject) : [];
  const found = started.find(
    (each) => isJsonObject(each["pipelineReference"]) && sameName(each["pipelineReference"], pipelineName),
  );
  if (!found) throw new ProgramError(exitCodes.usage, `The trigger '${triggerName}' does not start '${pipelineName}'.`);
  const parameters = isJsonObject(found["parameters"]) ? found["parameters"] : {};
  return {
    pipelineName,
    parameters,
    invokedBy: { ...invokedBy, name: triggerName, invokedByType: String(trigger["type"] ?? "ScheduleTrigger") },
  };
}

const sameName = (reference: JsonObject, name: string) =>
  String(reference["referenceName"]).toLowerCase() === name.toLowerCase();
