import type { JsonObject } from "../../contract/json.js";
import { type PrincipalName, principals, subscription } from "../../emulator/platform/subscription.js";
import { openCaller } from "./deployedEmulator.js";
import { startTestEmulator, type TestEmulator } from "./testEmulator.js";

const subscriptionId = `/subscriptions/${subscription.subscriptionId}`;
const groupId = `${subscriptionId}/resourceGroups/rg`;
const inGroup = (path: string) => `${groupId}/providers/${path}/provisioned`;
const location = "centralus";
const identity = { type: "SystemAssigned" };

const vault = inGroup("Microsoft.KeyVault/vaults");
const account = inGroup("Microsoft.Storage/storageAccounts");
const lake = `${account}lake`;
const logs = inGroup("Microsoft.OperationalInsights/workspaces");
const insights = inGroup("Microsoft.Insights/components");
const synapse = inGroup("Microsoft.Synapse/workspaces");
/** The ARM id of the machine learning workspace. */
export const machineLearningId = inGroup("Microsoft.MachineLearningServices/workspaces");
const endpoint = `${machineLearningId}/batchEndpoints/provisioned`;

/** The host of each service, and the audience of its tokens (none where no token is asked for). */
export const planes = {
  resourceManager: { host: "management.azure.com", audience: "https://management.azure.com" },
  keyVault: { host: "provisioned.vault.azure.net", audience: "https://vault.azure.net" },
  blob: { host: "provisioned.blob.core.windows.net", audience: "https://storage.azure.com" },
  synapse: { host: "provisioned.dev.azuresynapse.net", audience: "https://dev.azuresynapse.net" },
  scoring: { host: `provisioned.${location}.inference.ml.azure.com`, audience: "https://ml.azure.com" },
  history: { host: `${location}.api.azureml.ms`, audience: "https://ml.azure.com" },
  datasets: { host: `${location}.experiments.azureml.net`, audience: "https://ml.azure.com" },
  graph: { host: "graph.microsoft.com", audience: "https://graph.microsoft.com" },
  webHooks: { host: `${location}.svc.datafactory.azure.com`, audience: undefined },
  entra: { host: "login.microsoftonline.com", audience: undefined },
  batchExecution: { host: "ussouthcentral.services.azureml.net", audience: undefined },
  studioManagement: { host: "management.azureml.net", audience: undefined },
} as const;

export type Plane = keyof typeof planes;

const namespaces = ["KeyVault", "Storage", "OperationalInsights", "Insights", "Synapse", "Sql"].concat(
  "MachineLearningServices",
);
const secrets = ["get", "list", "set", "delete", "recover", "purge"];
const datastore = "azureml://datastores/workspaceblobstore/paths";

/** PUTs of one resource of every kind, each of which can be made once those before it are there. */
export const samples: readonly (readonly [id: string, body: JsonObject])[] = [
  [groupId, { location }],
  [
    vault,
    {
      location,
      properties: {
        tenantId: subscription.tenantId,
        sku: { family: "A", name: "standard" },
        accessPolicies: [
          { tenantId: subscription.tenantId, objectId: principals.deployer.objectId, permissions: { secrets } },
        ],
      },
    },
  ],
  [`${vault}/secrets/sample`, { properties: { value: "a secret value" } }],
  [lake, { location, sku: { name: "Standard_LRS" }, kind: "StorageV2", properties: { isHnsEnabled: true } }],
  [`${lake}/blobServices/default/containers/synapse`, {}],
  [account, { location, sku: { name: "Standard_LRS" }, kind: "StorageV2", properties: {} }],
  [`${account}/blobServices/default`, { properties: {} }],
  [logs, { location, properties: { sku: { name: "PerGB2018" }, retentionInDays: 30 } }],
  [insights, { location, kind: "web", properties: { Application_Type: "web", WorkspaceResourceId: logs } }],
  [
    synapse,
    {
      location,
      identity,
      properties: {
        defaultDataLakeStorage: { accountUrl: "https://provisionedlake.dfs.core.windows.net", filesystem: "synapse" },
        azureADOnlyAuthentication: true,
      },
    },
  ],
  [`${synapse}/firewallRules/here`, { properties: { startIpAddress: "127.0.0.1", endIpAddress: "127.0.0.1" } }],
  [
    machineLearningId,
    {
      location,
      identity,
      properties: { storageAccount: account, keyVault: vault, applicationInsights: insights },
    },
  ],
  [
    `${machineLearningId}/computes/cluster`,
    {
      location,
      identity,
      properties: {
        computeType: "AmlCompute",
        properties: { vmSize: "STANDARD_DS3_V2", scaleSettings: { minNodeCount: 0, maxNodeCount: 1 } },
      },
    },
  ],
  [
    `${machineLearningId}/datastores/input`,
    {
      properties: {
        datastoreType: "AzureBlob",
        accountName: "provisioned",
        containerName: "input",
        credentials: { credentialsType: "None" },
      },
    },
  ],
  [
    `${machineLearningId}/data/trips/versions/1`,
    { properties: { dataType: "uri_file", dataUri: `${datastore}/trips.csv` } },
  ],
  [`${machineLearningId}/models/fare/versions/1`, { properties: { modelUri: `${datastore}/fare.zip` } }],
  [
    `${machineLearningId}/codes/score/versions/1`,
    { properties: { codeUri: "https://provisioned.blob.core.windows.net/code/score" } },
  ],
  [`${machineLearningId}/environments/score/versions/1`, { properties: { image: "image:1" } }],
  [endpoint, { location, properties: { authMode: "AADToken" } }],
  [
    `${endpoint}/deployments/blue`,
    {
      location,
      properties: {
        compute: `${machineLearningId}/computes/cluster`,
        environmentId: `${machineLearningId}/environments/score/versions/1`,
        model: { referenceType: "Id", assetId: `${machineLearningId}/models/fare/versions/1` },
        codeConfiguration: { codeId: `${machineLearningId}/codes/score/versions/1`, scoringScript: "score.py" },
      },
    },
  ],
];

/** An emulator in memory whose every service has something to answer for, made by the deployer over Resource Manager. */
export async function startProvisionedEmulator(
  options: Parameters<typeof startTestEmulator>[0] = {},
): Promise<TestEmulator> {
  const emulator = await startTestEmulator(options);
  const caller = openCaller(emulator);
  const { host, audience } = planes.resourceManager;
  const send = (method: "GET" | "PUT" | "POST", path: string, body?: JsonObject) =>
    caller.call("deployer", audience, `https://${host}${path}?api-version=2024-11-01`, {
      method,
      ...(body && { body }),
    });
  for (const namespace of namespaces) {
    await send("POST", `${subscriptionId}/providers/Microsoft.${namespace}/register`);
  }
  for (const [id, body] of samples) {
    await send("PUT", id, body);
    while (!isReady(emulator, id)) await new Promise((resolve) => setImmediate(resolve));
  }
  await caller.close();
  return emulator;
}

function isReady(emulator: TestEmulator, id: string): boolean {
  const properties = emulator.platform.resources.get(id)?.body["properties"] ?? {};
  const { provisioningState = "Succeeded" } = properties as { readonly provisioningState?: unknown };
  return provisioningState === "Succeeded";
}

/** A principal's token for a plane, as Entra ID would issue it. */
export async function tokenFor(emulator: TestEmulator, name: PrincipalName, audience: string): Promise<string> {
  const principal = emulator.platform.directory.byObjectId(principals[name].objectId);
  if (!principal) throw new Error(`no principal ${name}`);
  return (await emulator.platform.tokens.issue({ principal, audience, version: "1.0" })).accessToken;
}
