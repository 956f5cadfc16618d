import { isJsonObject, type Json, type JsonObject } from "../../../../contract/json.js";
import { PlanError } from "../../../engine/errors.js";
import { planPipeline } from "../../../engine/plan.js";
import { badArtifact } from "../errors.js";

const integrationRuntime = "AutoResolveIntegrationRuntime";

/**
 * Refuses a definition that the engine cannot plan, or that names an integration runtime other than the one that every
 * workspace has: the 400 of a failed publish, one line a mistake.
 */
export function checkDefinition(definition: JsonObject, name: string): void {
  try {
    planPipeline(definition, name);
  } catch (error) {
    if (error instanceof PlanError) throw badArtifact(error.message, `pipeline/${name}`);
    throw error;
  }
  const unknown = integrationRuntimesIn(definition).find((runtime) => runtime !== integrationRuntime);
  if (unknown === undefined) return;
  const message = `The document creation or update failed because of invalid reference '${unknown}'.`;
  throw badArtifact(message, `pipeline/${name}`);
}

function integrationRuntimesIn(json: Json): readonly string[] {
  if (Array.isArray(json)) return json.flatMap(integrationRuntimesIn);
  if (!isJsonObject(json)) return [];
  const own = json["type"] === "IntegrationRuntimeReference" ? [String(json["referenceName"])] : [];
  return [...own, ...Object.values(json).flatMap(integrationRuntimesIn)];
}
