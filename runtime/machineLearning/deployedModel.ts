import * as z from "zod";
import type { BatchEndpointResource } from "../../contract/batchEndpoint.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import type { JsonObject } from "../../contract/json.js";
import type { StackOutputs } from "../../contract/stackOutputs.js";
import type { ModelStore } from "./modelStore.js";
import type { ResourceManager } from "./resourceManager.js";

/** A batch endpoint and the deployment that answers for it. */
export interface PresentDeployment {
  readonly endpointId: string;
  readonly endpoint: BatchEndpointResource;
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: JsonObject;
}

/** A version of a registered model. */
export interface ModelVersion {
  readonly workspaceId: string;
  /** The asset's name, and its version. */
  readonly name: string;
  readonly version: string;
}

/** The model of a deployment: a version of an asset, and where its file is. */
export interface DeployedModel extends ModelVersion {
  readonly datastoreId: string;
  /** In the datastore's container. */
  readonly path: string;
  readonly store: ModelStore;
}

const endpointSchema = z.looseObject({
  location: z.string(),
  tags: z.record(z.string(), z.string()).optional(),
  properties: z.looseObject({ defaults: z.looseObject({ deploymentName: z.string().nullish() }).nullish() }),
});
const deploymentSchema = z.looseObject({
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.record(z.string(), z.json()),
});
const modelReference = z.looseObject({ referenceType: z.literal("Id"), assetId: z.string() });
const versionSchema = z.looseObject({ properties: z.looseObject({ modelUri: z.string() }) });
const datastoreSchema = z.looseObject({
  properties: z.looseObject({
    datastoreType: z.literal("AzureBlob"),
    accountName: z.string(),
    containerName: z.string(),
  }),
});
const keySchema = z.looseObject({ secretsType: z.literal("AccountKey"), key: z.string() });

/** The ARM id of the stack's machine learning workspace, which may lie in another group than the rest. */
export function workspaceIdOf(outputs: StackOutputs): string {
  const own =
    `/subscriptions/${outputs.subscriptionId}/resourceGroups/${outputs.resourceGroup}` +
    `/providers/Microsoft.MachineLearningServices/workspaces/${outputs.machineLearningWorkspace}`;
  return new URL(outputs.machineLearningStudioUrl).searchParams.get("wsid") ?? own;
}

/** The endpoint's default deployment, or another one by name; rejects with exit code 2 where it is not there. */
export async function readDeployment(
  outputs: StackOutputs,
  arm: ResourceManager,
  name?: string,
): Promise<PresentDeployment> {
  const endpointId = `${workspaceIdOf(outputs)}/batchEndpoints/${outputs.batchEndpoint}`;
  const found = await arm.get(endpointId);
  if (found === undefined) throw missing(`the batch endpoint ${outputs.batchEndpoint} is not there`);
  const endpoint = endpointSchema.parse(found) as BatchEndpointResource;
  const wanted = name ?? endpoint.properties.defaults?.deploymentName;
  if (!wanted) throw missing(`the batch endpoint ${outputs.batchEndpoint} has no default deployment`);
  const deployment = await arm.get(`${endpointId}/deployments/${wanted}`);
  if (deployment === undefined) {
    throw missing(`the batch endpoint ${outputs.batchEndpoint} has no deployment ${wanted}`);
  }
  const { location, tags, properties } = deploymentSchema.parse(deployment);
  return { endpointId, endpoint, name: wanted, location, tags: tags ?? {}, properties };
}

/** Which version of which model a deployment runs; undefined where it is not a registered one. */
export function modelVersionOf({ properties }: Pick<PresentDeployment, "properties">): ModelVersion | undefined {
  const reference = modelReference.safeParse(properties["model"]);
  const asset = /^(?:azureml:)?(\/.+)\/models\/([^/]+)\/versions\/([^/]+)$/i.exec(reference.data?.assetId ?? "");
  if (asset === null) return undefined;
  const [, workspaceId = "", name = "", version = ""] = asset;
  return { workspaceId, name, version };
}

/** The model of a deployment; its datastore's key comes from the workspace (datastores, listSecrets) and is added to `secrets`. */
export async function readModel(
  deployment: PresentDeployment,
  arm: ResourceManager,
  { signal, secrets }: { readonly signal: AbortSignal; readonly secrets: Set<string> },
): Promise<DeployedModel> {
  const asset = modelVersionOf(deployment);
  if (asset === undefined) throw notSupported(deployment, "its model is not a version of a registered model");
  const { workspaceId, name, version } = asset;
  const found = versionSchema.safeParse(await arm.get(`${workspaceId}/models/${name}/versions/${version}`));
  const place = /\/datastores\/([^/]+)\/paths\/(.+)$/i.exec(found.data?.properties.modelUri ?? "");
  const [, datastore = "", path = ""] = place ?? [];
  if (place === null) throw notSupported(deployment, `model ${name}:${version} is not a path in a datastore`);
  const datastoreId = `${workspaceId}/datastores/${datastore}`;
  const container = datastoreSchema.safeParse(await arm.get(datastoreId));
  if (!container.success) throw notSupported(deployment, `datastore ${datastore} is not a blob container`);
  const secret = keySchema.safeParse(await arm.ask(datastoreId, "listSecrets"));
  if (!secret.success) throw notSupported(deployment, `datastore ${datastore} is not reached with an account key`);
  secrets.add(secret.data.key);
  const { accountName, containerName } = container.data.properties;
  const { openModelStore } = await import("./modelStore.js");
  const store = openModelStore({ account: accountName, container: containerName, key: secret.data.key }, signal);
  return { ...asset, datastoreId, path, store };
}

function missing(what: string): ProgramError {
  return new ProgramError(exitCodes.usage, what, { cure: "deploy the program: pulumi up" });
}

function notSupported({ name }: PresentDeployment, why: string): ProgramError {
  return new ProgramError(exitCodes.usage, `the model of deployment ${name} cannot be read: ${why}`);
}
