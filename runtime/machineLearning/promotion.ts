import { createHash } from "node:crypto";
import { replacesTag, withDefault } from "../../contract/batchEndpoint.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import type { JsonObject } from "../../contract/json.js";
import type { StackOutputs } from "../../contract/stackOutputs.js";
import { type DeployedModel, type PresentDeployment, readDeployment } from "./deployedModel.js";
import type { ResourceManager } from "./resourceManager.js";

/** Which deployment answers now, and which one did before: the same where nothing had to change. */
export interface Switched {
  readonly deployment: string;
  readonly before: string;
}

/**
 * Registers a model as a new version of the deployed model's asset, adds a deployment `m-<version>` that is like the
 * present one but for its model, and makes it the endpoint's default. The version is a hash of the file, so that a
 * promotion that was interrupted is taken up where it stood.
 */
export async function promote(
  model: Buffer,
  description: string,
  present: { readonly deployment: PresentDeployment; readonly model: DeployedModel },
  arm: ResourceManager,
): Promise<Switched> {
  const { deployment, model: before } = present;
  const version = createHash("sha256").update(model).digest("hex").slice(0, 8);
  const name = `m-${version}`;
  if (deployment.name === name) return { deployment: name, before: name };
  const modelId = `${before.workspaceId}/models/${before.name}/versions/${version}`;
  if ((await arm.get(modelId)) === undefined) {
    const path = `models/${before.name}/${version}/model.zip`;
    await before.store.write(path, model);
    const modelUri = `azureml:/${before.datastoreId}/paths/${path}`;
    await arm.put(modelId, { properties: { modelType: "custom_model", modelUri, description } });
  }
  await arm.put(`${deployment.endpointId}/deployments/${name}`, {
    location: deployment.location,
    tags: { ...deployment.tags, [replacesTag]: deployment.name },
    properties: {
      ...withoutReadOnly(deployment.properties),
      description,
      model: { referenceType: "Id", assetId: modelId },
    },
  });
  await makeDefault(deployment, name, arm);
  return { deployment: name, before: deployment.name };
}

/** Makes the deployment answer again whose place the present one took; rejects with exit code 2 where there is none. */
export async function rollBack(outputs: StackOutputs, arm: ResourceManager): Promise<Switched> {
  const present = await readDeployment(outputs, arm);
  const before = present.tags[replacesTag];
  if (before === undefined) {
    throw new ProgramError(
      exitCodes.usage,
      `deployment ${present.name} was not promoted: there is nothing to go back to`,
      {
        cure: "npm run retrain -- --data <csv> --promote makes a new one",
      },
    );
  }
  await readDeployment(outputs, arm, before);
  await makeDefault(present, before, arm);
  return { deployment: before, before: present.name };
}

async function makeDefault({ endpointId, endpoint }: PresentDeployment, name: string, arm: ResourceManager) {
  await arm.put(endpointId, withDefault(endpoint, name) as JsonObject);
}

function withoutReadOnly({ provisioningState: _state, ...properties }: JsonObject): JsonObject {
  return properties;
}
