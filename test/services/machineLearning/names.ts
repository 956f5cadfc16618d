import { subscription } from "../../../emulator/platform/subscription.js";

export const groupId = `/subscriptions/${subscription.subscriptionId}/resourceGroups/rg`;
export const storageId = `${groupId}/providers/Microsoft.Storage/storageAccounts/mlaccount`;
export const vaultId = `${groupId}/providers/Microsoft.KeyVault/vaults/kvml`;
export const insightsId = `${groupId}/providers/Microsoft.Insights/components/ai`;
export const workspaceId = `${groupId}/providers/Microsoft.MachineLearningServices/workspaces/mlw`;
export const endpointId = `${workspaceId}/batchEndpoints/taxi-fares`;
export const deploymentId = `${endpointId}/deployments/blue`;
export const scoringHost = "taxi-fares.centralus.inference.ml.azure.com";
export const roles = {
  dataScientist: "f6c7c914-8db3-469d-8ca1-694a8f32e121",
  blobReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
};
