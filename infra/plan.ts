import type { Configuration } from "./config.js";
import { type Existing, sameResource } from "./existing.js";
import { defaultResourceGroup, type ResourceNames, resourceNames, suffixOf } from "./names.js";

/** Resources that are read instead of made. */
export interface ExistingResources {
  readonly scoringVault: Existing | undefined;
  readonly machineLearningWorkspace: Existing | undefined;
  readonly batchEndpoint: Existing | undefined;
  readonly synapseWorkspace: Existing | undefined;
}

/** What the program will make, as far as it is known before the first resource. */
export interface Plan {
  readonly resourceGroup: string;
  readonly names: ResourceNames;
  readonly existing: ExistingResources;
}

/** The ARM ids of a plan's resources that others are made in, and of the cluster. */
export function idsOf({ resourceGroup, names, existing }: Plan, subscriptionId: string) {
  const providers = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers`;
  const machineLearning =
    existing.machineLearningWorkspace?.id ??
    `${providers}/Microsoft.MachineLearningServices/workspaces/${names.machineLearningWorkspace}`;
  return {
    scoringVault: `${providers}/Microsoft.KeyVault/vaults/${names.scoringVault}`,
    machineLearningVault: `${providers}/Microsoft.KeyVault/vaults/${names.machineLearningVault}`,
    machineLearningStorage: `${providers}/Microsoft.Storage/storageAccounts/${names.machineLearningStorage}`,
    lakeStorage: `${providers}/Microsoft.Storage/storageAccounts/${names.lakeStorage}`,
    synapseWorkspace: `${providers}/Microsoft.Synapse/workspaces/${names.synapseWorkspace}`,
    machineLearningWorkspace: machineLearning,
    batchEndpoint: `${machineLearning}/batchEndpoints/${names.batchEndpoint}`,
    cluster: `${machineLearning}/computes/${names.cluster}`,
  };
}

/** Names and existing resources. One that the stack itself makes is not an existing one: it would be removed by that. */
export function planOf(
  configuration: Configuration,
  place: { readonly subscriptionId: string; readonly project: string; readonly stack: string },
): Plan {
  const resourceGroup = configuration.resourceGroupName || defaultResourceGroup(place.project, place.stack);
  const suffix = configuration.nameSuffix || suffixOf({ ...place, resourceGroup });
  const none = {
    scoringVault: undefined,
    machineLearningWorkspace: undefined,
    batchEndpoint: undefined,
    synapseWorkspace: undefined,
  };
  const own = idsOf({ resourceGroup, names: resourceNames(suffix), existing: none }, place.subscriptionId);
  const foreign = (found: Existing | undefined, id: string) =>
    found && sameResource(found.id, id) ? undefined : found;
  const existing = {
    scoringVault: foreign(configuration.existingScoringVault, own.scoringVault),
    machineLearningWorkspace: foreign(configuration.existingMachineLearningWorkspace, own.machineLearningWorkspace),
    batchEndpoint: foreign(configuration.existingBatchEndpoint, own.batchEndpoint),
    synapseWorkspace: foreign(configuration.existingSynapseWorkspace, own.synapseWorkspace),
  };
  return { resourceGroup, names: resourceNames(suffix, existing), existing };
}
