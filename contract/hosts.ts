/** Azure's public host names, as far as this project talks to them. */
export const hostNames = {
  login: "login.microsoftonline.com",
  resourceManager: "management.azure.com",
  graph: "graph.microsoft.com",
  /** Where the endpoints of Studio (classic) web services are managed. */
  studioClassicManagement: "management.azureml.net",
} as const;

/** What follows the resource's own name; each begins with a dot. */
export const hostSuffixes = {
  keyVault: ".vault.azure.net",
  synapse: ".dev.azuresynapse.net",
  /** `<endpoint>.<region>` comes before it. */
  batchEndpoint: ".inference.ml.azure.com",
  /** `<region>` comes before it: the dataset service of the first SDK. */
  machineLearningExperiments: ".experiments.azureml.net",
  /** `<region>` comes before it: run history and discovery. */
  machineLearningApi: ".api.azureml.ms",
  blob: ".blob.core.windows.net",
  dataLake: ".dfs.core.windows.net",
  /** `<region>` comes before it: where WebHook activities are called back. */
  dataFactory: ".svc.datafactory.azure.com",
  /** `<region>` comes before it. */
  studioClassic: ".services.azureml.net",
} as const;

/** The `aud` that each plane asks of a token. A trailing slash makes no difference: compare with `sameAudience`. */
export const audiences = {
  resourceManager: ["https://management.azure.com", "https://management.core.windows.net"],
  keyVault: ["https://vault.azure.net"],
  synapse: ["https://dev.azuresynapse.net"],
  machineLearning: ["https://ml.azure.com"],
  storage: ["https://storage.azure.com"],
  graph: ["https://graph.microsoft.com"],
} as const;

export function sameAudience(one: string, other: string): boolean {
  return one.replace(/\/+$/, "") === other.replace(/\/+$/, "");
}

/** `Central US` and `centralus` are the same region; host names carry the second form. */
export function regionName(location: string): string {
  return location.toLowerCase().replaceAll(" ", "");
}

export const vaultUrl = (vault: string) => `https://${vault}${hostSuffixes.keyVault}`;
export const synapseUrl = (workspace: string) => `https://${workspace}${hostSuffixes.synapse}`;
export const blobUrl = (account: string) => `https://${account}${hostSuffixes.blob}`;
export const batchEndpointUrl = (endpoint: string, location: string) =>
  `https://${endpoint}.${regionName(location)}${hostSuffixes.batchEndpoint}`;
/** The address that a WebHook activity's `callBackUri` carries. */
export const webHookUrl = (location: string, id: string) =>
  `https://${regionName(location)}${hostSuffixes.dataFactory}/dataplane/workflow/callback/${id}`;
export const experimentsUrl = (location: string) =>
  `https://${regionName(location)}${hostSuffixes.machineLearningExperiments}`;
export const machineLearningApiUrl = (location: string) =>
  `https://${regionName(location)}${hostSuffixes.machineLearningApi}`;
/** An endpoint of a Studio (classic) web service; its jobs are at `<url>/jobs`. */
export const studioClassicUrl = (region: string, workspaceId: string, endpointId: string) =>
  `https://${region}${hostSuffixes.studioClassic}/workspaces/${workspaceId}/services/${endpointId}`;
