import * as z from "zod";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import type { ScoringDeployment } from "./batchJobs.js";
import { modelVersionOf } from "./deployedModel.js";
import type { ResourceManager } from "./resourceManager.js";

const deploymentSchema = z.looseObject({
  properties: z.record(z.string(), z.json()),
  systemData: z.looseObject({ lastModifiedAt: z.string() }),
});

/**
 * The model of a deployment as `name:version`. Undefined where the caller cannot read it, or where the deployment has
 * changed since the run began (`since`, ISO 8601): the run may then have used another model.
 */
export async function modelOf(
  { id }: ScoringDeployment,
  resources: ResourceManager,
  since: string | null | undefined,
): Promise<string | undefined> {
  const resource = await resources.get(id).catch((thrown: unknown) => {
    if (thrown instanceof ProgramError && thrown.exitCode !== exitCodes.interrupted) return undefined;
    throw thrown;
  });
  const found = deploymentSchema.safeParse(resource);
  if (!found.success || !since) return undefined;
  const { properties, systemData } = found.data;
  if (Date.parse(systemData.lastModifiedAt) > Date.parse(since)) return undefined;
  const model = modelVersionOf({ properties });
  return model && `${model.name}:${model.version}`;
}
