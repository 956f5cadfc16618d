import { ApplicationInsightsManagementClient } from "@azure/arm-appinsights";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { KeyVaultManagementClient } from "@azure/arm-keyvault";
import { AzureMachineLearningWorkspaces } from "@azure/arm-machinelearning";
import { MonitorClient } from "@azure/arm-monitor";
import { OperationalInsightsManagementClient } from "@azure/arm-operationalinsights";
import { ResourceManagementClient } from "@azure/arm-resources";
import { StorageManagementClient } from "@azure/arm-storage";
import { SynapseManagementClient } from "@azure/arm-synapse";

/** What a client sent. */
export interface Sent {
  readonly path: string;
  readonly body: unknown;
}

/** The parts of every client's pipeline that are replaced. */
interface Recorder {
  readonly credential: { getToken(): Promise<{ token: string; expiresOnTimestamp: number }> };
  readonly options: object;
  readonly sent: Sent[];
}

export const subscriptionId = "11111111-1111-1111-1111-111111111111";

/** The value that a test gives to the input of this name in a path. */
export const placeNamed = (name: string) => (/^(scope|resourceUri)$/.test(name) ? "/subscriptions/s/x" : `n-${name}`);

type Call = (recorder: Recorder, model: never) => Promise<unknown>;

const at = placeNamed;
const group = at("resourceGroupName");
const workspace = at("workspaceName");

const keyVault = ({ credential, options }: Recorder) =>
  new KeyVaultManagementClient(credential, subscriptionId, options);
const storage = ({ credential, options }: Recorder) => new StorageManagementClient(credential, subscriptionId, options);
const synapse = ({ credential, options }: Recorder) => new SynapseManagementClient(credential, subscriptionId, options);
const machineLearning = ({ credential, options }: Recorder) =>
  new AzureMachineLearningWorkspaces(credential, subscriptionId, options);

/** The published clients' own way to make each type of the rules. */
const calls: Readonly<Record<string, Call>> = {
  "azure-native:resources:ResourceGroup": ({ credential, options }, model) =>
    new ResourceManagementClient(credential, subscriptionId, options).resourceGroups.createOrUpdate(group, model),
  "azure-native:authorization:RoleAssignment": ({ credential, options }, model) =>
    new AuthorizationManagementClient(credential, subscriptionId, options).roleAssignments.create(
      at("scope"),
      at("roleAssignmentName"),
      model,
    ),
  "azure-native:keyvault:Vault": (recorder, model) =>
    keyVault(recorder).vaults.beginCreateOrUpdate(group, at("vaultName"), model),
  "azure-native:keyvault:Secret": (recorder, model) =>
    keyVault(recorder).secrets.createOrUpdate(group, at("vaultName"), at("secretName"), model),
  "azure-native:storage:StorageAccount": (recorder, model) =>
    storage(recorder).storageAccounts.beginCreate(group, at("accountName"), model),
  "azure-native:storage:BlobContainer": (recorder, model) =>
    storage(recorder).blobContainers.create(group, at("accountName"), at("containerName"), model),
  "azure-native:operationalinsights:Workspace": ({ credential, options }, model) =>
    new OperationalInsightsManagementClient(credential, subscriptionId, options).workspaces.beginCreateOrUpdate(
      group,
      workspace,
      model,
    ),
  "azure-native:applicationinsights:Component": ({ credential, options }, model) =>
    new ApplicationInsightsManagementClient(credential, subscriptionId, options).components.createOrUpdate(
      group,
      at("resourceName"),
      model,
    ),
  "azure-native:monitor:DiagnosticSetting": ({ credential, options }, model) =>
    new MonitorClient(credential, subscriptionId, options).diagnosticSettings.createOrUpdate(
      at("resourceUri"),
      at("name"),
      model,
    ),
  "azure-native:machinelearningservices:Workspace": (recorder, model) =>
    machineLearning(recorder).workspaces.beginCreateOrUpdate(group, workspace, model),
  "azure-native:machinelearningservices:Compute": (recorder, model) =>
    machineLearning(recorder).computeOperations.beginCreateOrUpdate(group, workspace, at("computeName"), model),
  "azure-native:machinelearningservices:Datastore": (recorder, model) =>
    machineLearning(recorder).datastores.createOrUpdate(group, workspace, at("name"), model),
  "azure-native:machinelearningservices:DataVersion": (recorder, model) =>
    machineLearning(recorder).dataVersions.createOrUpdate(group, workspace, at("name"), at("version"), model),
  "azure-native:machinelearningservices:ModelVersion": (recorder, model) =>
    machineLearning(recorder).modelVersions.createOrUpdate(group, workspace, at("name"), at("version"), model),
  "azure-native:machinelearningservices:CodeVersion": (recorder, model) =>
    machineLearning(recorder).codeVersions.createOrUpdate(group, workspace, at("name"), at("version"), model),
  "azure-native:machinelearningservices:EnvironmentVersion": (recorder, model) =>
    machineLearning(recorder).environmentVersions.createOrUpdate(group, workspace, at("name"), at("version"), model),
  "azure-native:machinelearningservices:BatchEndpoint": (recorder, model) =>
    machineLearning(recorder).batchEndpoints.beginCreateOrUpdate(group, workspace, at("endpointName"), model),
  "azure-native:machinelearningservices:BatchDeployment": (recorder, model) =>
    machineLearning(recorder).batchDeployments.beginCreateOrUpdate(
      group,
      workspace,
      at("endpointName"),
      at("deploymentName"),
      model,
    ),
  "azure-native:synapse:Workspace": (recorder, model) =>
    synapse(recorder).workspaces.beginCreateOrUpdateAndWait(group, workspace, model),
  "azure-native:synapse:IpFirewallRule": (recorder, model) =>
    synapse(recorder).ipFirewallRules.beginCreateOrUpdateAndWait(group, workspace, at("ruleName"), model),
};

/** What the published client of the type's service sends to make this model; throws when it has no client here. */
export async function sentByAzureClient(token: string, model: object): Promise<Sent> {
  const call = calls[token];
  if (!call) throw new Error(`no published client is asked for ${token}`);
  const recorder = newRecorder();
  await call(recorder, model as never);
  const [first] = recorder.sent;
  if (!first) throw new Error(`the client of ${token} sent nothing`);
  return first;
}

function newRecorder(): Recorder {
  const sent: Sent[] = [];
  return {
    sent,
    credential: { getToken: async () => ({ token: "t", expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) },
    options: {
      httpClient: {
        async sendRequest(request: { url: string; body?: unknown; headers: object }) {
          // a client puts a slash before a scope that begins with one
          const path = decodeURIComponent(new URL(request.url).pathname).replace("//", "/");
          sent.push({ path, body: JSON.parse(String(request.body)) });
          return { request, status: 200, headers: request.headers, bodyAsText: "{}" };
        },
      },
    },
  };
}
