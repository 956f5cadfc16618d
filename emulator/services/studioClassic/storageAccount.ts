import type { Platform } from "../../platform/platform.js";
import type { ResourceType } from "../../platform/resourceType.js";
import { principals } from "../../platform/subscription.js";
import { workspace } from "./workspace.js";

/** Not the user's subscription: nothing of theirs lists the account or deletes it. */
const subscriptionId = "1f3c52c0-8a0e-4f6b-b7a1-5c0d2e9f4a61";
const accountId = `/subscriptions/${subscriptionId}/resourceGroups/studio-classic/providers/Microsoft.Storage/storageAccounts/${workspace.storageAccount}`;

const apiVersion = "2016-01-01";

/** Makes the storage account that is associated with the workspace, with keys of its own, unless it is there. */
export async function ensureStorageAccount(platform: Platform, accounts: ResourceType): Promise<void> {
  const { resources, directory } = platform;
  if (resources.get(accountId)) return;
  const caller = directory.byObjectId(principals.deployer.objectId);
  if (!caller) throw new Error("the deployer is not in the directory");
  const request = {
    id: accountId,
    name: workspace.storageAccount,
    resourceGroup: "studio-classic",
    parent: undefined,
    existing: undefined,
    body: { location: "southcentralus", sku: { name: "Standard_LRS" }, kind: "StorageV2", properties: {} },
    apiVersion,
    caller,
  };
  const body = await accounts.prepare(request);
  const account = { id: accountId, type: accounts.type, name: request.name, body, createdWith: apiVersion };
  resources.put(account);
  await accounts.apply?.(account, request);
}
