import { createHash } from "node:crypto";

/** What makes one deployment's names differ from another's. */
export interface Place {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly project: string;
  readonly stack: string;
}

/** The name of every resource; those that must be unique in all of Azure end in the suffix. */
export interface ResourceNames {
  readonly scoringVault: string;
  readonly clientIdSecret: string;
  readonly clientSecretSecret: string;
  readonly machineLearningVault: string;
  readonly machineLearningStorage: string;
  readonly lakeStorage: string;
  readonly lakeFilesystem: string;
  readonly logAnalytics: string;
  readonly applicationInsights: string;
  readonly machineLearningWorkspace: string;
  readonly cluster: string;
  readonly inputDatastore: string;
  readonly batchEndpoint: string;
  readonly batchDeployment: string;
  readonly synapseWorkspace: string;
  readonly pipeline: string;
}

/** The resource group's name where the configuration gives none. */
export function defaultResourceGroup(project: string, stack: string): string {
  return `rg-${project}-${stack}`;
}

/** Eight hexadecimal digits that are the same for the same place, so that the first preview shows every name. */
export function suffixOf(place: Place): string {
  const text = [place.subscriptionId, place.resourceGroup, place.project, place.stack].join("/").toLowerCase();
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** Which resources are others' too: what is made in them must not take a name that may be in use there. */
export interface Shared {
  readonly scoringVault?: unknown;
  readonly machineLearningWorkspace?: unknown;
  readonly batchEndpoint?: unknown;
  readonly synapseWorkspace?: unknown;
}

/** The names with this suffix, within Azure's rules on length and letters as long as the suffix keeps `suffixPattern`. */
export function resourceNames(suffix: string, shared: Shared = {}): ResourceNames {
  const own = (isShared: unknown, name: string, joint = "-") => (isShared ? `${name}${joint}${suffix}` : name);
  return {
    scoringVault: `kv-scoring-${suffix}`,
    clientIdSecret: own(shared.scoringVault, "scoring-client-id"),
    clientSecretSecret: own(shared.scoringVault, "scoring-client-secret"),
    machineLearningVault: `kv-ml-${suffix}`,
    machineLearningStorage: `stml${suffix}`,
    lakeStorage: `stlake${suffix}`,
    lakeFilesystem: "synapse",
    logAnalytics: `log-${suffix}`,
    applicationInsights: `appi-${suffix}`,
    machineLearningWorkspace: `mlw-${suffix}`,
    cluster: shared.machineLearningWorkspace ? `cpu-${suffix}` : "cpu-cluster",
    inputDatastore: own(shared.machineLearningWorkspace, "taxibatch2files", "_"),
    batchEndpoint: `taxi-fare-${suffix}`,
    batchDeployment: own(shared.batchEndpoint, "boosted-trees"),
    synapseWorkspace: `synw-${suffix}`,
    pipeline: own(shared.synapseWorkspace, "batch-scoring"),
  };
}

/** Lower case and digits only: what a storage account's name takes; ten leave room for the longest prefix. */
export const suffixPattern = /^[a-z0-9]{3,10}$/;
