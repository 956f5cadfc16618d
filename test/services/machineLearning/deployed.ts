import type { JsonObject } from "../../../contract/json.js";
import { deploymentId, endpointId, insightsId, roles, storageId, vaultId, workspaceId } from "./names.js";
import { condaFile, sampleModel, scoringScript, type TestMachineLearning } from "./testMachineLearning.js";

export const location = "centralus";
const dataContainer = "taxibatch2files";
export const dataContainerScope = `${storageId}/blobServices/default/containers/${dataContainer}`;
export const outputUri = `${workspaceId}/datastores/workspaceblobstore/paths/scores/run1/predictions.csv`;

export const workspaceBody: JsonObject = {
  location,
  identity: { type: "SystemAssigned" },
  properties: { storageAccount: storageId, keyVault: vaultId, applicationInsights: insightsId },
};

export const deploymentProperties: JsonObject = {
  errorThreshold: 0,
  miniBatchSize: 1,
  retrySettings: { maxRetries: 1, timeout: "PT30M" },
  compute: `${workspaceId}/computes/cpu-cluster`,
  environmentId: `${workspaceId}/environments/scoring/versions/1`,
  model: { referenceType: "Id", assetId: `${workspaceId}/models/fare/versions/1` },
  codeConfiguration: { codeId: `${workspaceId}/codes/scoring/versions/1`, scoringScript: "score.py" },
};

export interface DeployOptions {
  readonly condaFile?: string;
  readonly settings?: JsonObject;
  readonly endpointApiVersion?: string;
  readonly withoutScript?: boolean;
  readonly withoutDefault?: boolean;
}

/** The container of the default datastore. */
export function defaultContainer(test: TestMachineLearning): string {
  const datastore = test.platform.resources.get(`${workspaceId}/datastores/workspaceblobstore`);
  const properties = (datastore?.body["properties"] ?? {}) as JsonObject;
  return String(properties["containerName"]);
}

/** A workspace with everything that a batch job needs, and the roles of invoker and cluster on the input's container. */
export async function deploy(test: TestMachineLearning, options: DeployOptions = {}) {
  test.putLinked();
  await test.put("workspaces", workspaceId, workspaceBody);
  const container = defaultContainer(test);
  const credentials = { credentialsType: "None" };
  await test.put("workspaces/datastores", `${workspaceId}/datastores/${dataContainer}`, {
    properties: { datastoreType: "AzureBlob", accountName: "mlaccount", containerName: dataContainer, credentials },
  });
  await test.put("workspaces/data/versions", `${workspaceId}/data/trips/versions/1`, {
    properties: { dataType: "uri_file", dataUri: `azureml://datastores/${dataContainer}/paths/trips.csv` },
  });
  test.blobs.put(container, "models/fare.zip", sampleModel);
  await test.put("workspaces/models/versions", `${workspaceId}/models/fare/versions/1`, {
    properties: { modelUri: "azureml://datastores/workspaceblobstore/paths/models/fare.zip" },
  });
  if (!options.withoutScript) test.blobs.put(container, "scoring/1/score.py", scoringScript);
  await test.put("workspaces/codes/versions", `${workspaceId}/codes/scoring/versions/1`, {
    properties: { codeUri: `https://mlaccount.blob.core.windows.net/${container}/scoring/1` },
  });
  await test.put("workspaces/environments/versions", `${workspaceId}/environments/scoring/versions/1`, {
    properties: { image: "image:1", condaFile: options.condaFile ?? condaFile },
  });
  const cluster = await test.put("workspaces/computes", `${workspaceId}/computes/cpu-cluster`, {
    identity: { type: "SystemAssigned" },
    properties: {
      computeType: "AmlCompute",
      properties: { vmSize: "STANDARD_DS3_V2", scaleSettings: { minNodeCount: 0, maxNodeCount: 1 } },
    },
  });
  const apiVersion = options.endpointApiVersion ?? "2025-12-01";
  const endpoint = { location, properties: { authMode: "aadToken" } };
  await test.put("workspaces/batchEndpoints", endpointId, endpoint, { apiVersion });
  await test.put("workspaces/batchEndpoints/deployments", deploymentId, {
    location,
    properties: { ...deploymentProperties, ...options.settings },
  });
  if (!options.withoutDefault) {
    const properties = { ...endpoint.properties, defaults: { deploymentName: "blue" } };
    await test.put("workspaces/batchEndpoints", endpointId, { ...endpoint, properties }, { apiVersion });
  }
  const clusterId = String((cluster["identity"] as JsonObject)["principalId"]);
  test.letInvoke(workspaceId);
  return {
    container,
    readers: {
      invoker: test.assign(test.principal("scoring").objectId, roles.blobReader, dataContainerScope),
      cluster: test.assign(clusterId, roles.blobReader, dataContainerScope),
    },
    putInput: (csv: string | Uint8Array) => test.blobs.put(dataContainer, "trips.csv", csv),
  };
}

export const jobBody = {
  properties: {
    InputData: { trips: { JobInputType: "UriFile", Uri: `${workspaceId}/data/trips/versions/1` } },
    OutputData: { score: { JobOutputType: "UriFile", Uri: outputUri } },
  },
};
