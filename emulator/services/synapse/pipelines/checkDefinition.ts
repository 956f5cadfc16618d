import type { JsonObject } from "../../../../contract/json.js";
import { PlanError } from "../../../engine/errors.js";
import { planPipeline } from "../../../engine/plan.js";
import { badArtifact } from "../errors.js";

/** Refuses a definition that the engine cannot plan: the 400 of a failed publish, one line a mistake. */
export function checkDefinition(definition: JsonObject, name: string): void {
  try {
    planPipeline(definition, name);
  } catch (error) {
    if (error instanceof PlanError) throw badArtifact(error.message, `pipeline/${name}`);
    throw error;
  }
}
