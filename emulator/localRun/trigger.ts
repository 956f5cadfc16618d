import { exitCodes, ProgramError } from "../../contract/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";
import type { InvokedBy } from "../../contract/runs.js";

/** How a run begins: by hand, or as a trigger of the folder starts it, with the trigger's parameters. */
export interface RunStart {
  readonly pipelineName: string;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly invokedBy: InvokedBy;
}

const byHand: InvokedBy = { id: "0".repeat(32), name: "Manual", invokedByType: "Manual" };

/** The start of a pipeline by hand. */
export function manualStart(pipelineName: string): RunStart {
  return { pipelineName, parameters: {}, invokedBy: byHand };
}

/**
 * The start of a pipeline by a trigger; of the only one that it starts where none is named. Throws a `ProgramError` (exit
 * code 2) when the trigger does not start the pipeline, or when it starts several and none is named.
 */
export function triggeredStart(name: string, trigger: JsonObject, pipelineName: string | undefined): RunStart {
  const started = Array.isArray(trigger["pipelines"]) ? trigger["pipelines"].filter(isJsonObject) : [];
  const names = started.map(referencedBy);
  const wanted = pipelineName ?? (names.length === 1 ? names[0] : undefined);
  if (wanted === undefined) {
    throw new ProgramError(exitCodes.usage, "Which pipeline? Name it with --pipeline.", {
      cure: `The trigger '${name}' starts: ${names.join(", ") || "none"}`,
    });
  }
  const found = started[names.findIndex((each) => each.toLowerCase() === wanted.toLowerCase())];
  if (!found) throw new ProgramError(exitCodes.usage, `The trigger '${name}' does not start '${wanted}'.`);
  return {
    pipelineName: wanted,
    parameters: isJsonObject(found["parameters"]) ? found["parameters"] : {},
    invokedBy: { ...byHand, name, invokedByType: String(trigger["type"] ?? "ScheduleTrigger") },
  };
}

function referencedBy({ pipelineReference }: JsonObject): string {
  return isJsonObject(pipelineReference) ? String(pipelineReference["referenceName"]) : "";
}
