import { hostSuffixes } from "../../../../contract/hosts.js";
import { isJsonObject, type JsonObject } from "../../../../contract/json.js";
import { AzureError } from "../../../platform/errors.js";
import type { Resources, StoredResource } from "../../../platform/resources.js";

const storageAccountType = "Microsoft.Storage/storageAccounts";

/**
 * Checks `defaultDataLakeStorage` of a Synapse workspace and returns it as GET answers it. The account must exist and
 * have a hierarchical namespace.
 */
export function checkDefaultStorage(resources: Resources, properties: JsonObject): JsonObject {
  const given = properties["defaultDataLakeStorage"];
  if (!isJsonObject(given)) throw refuse("The property 'defaultDataLakeStorage' is required.");
  const { accountUrl, filesystem, resourceId } = given;
  if (typeof accountUrl !== "string" || typeof filesystem !== "string" || filesystem === "") {
    throw refuse("'defaultDataLakeStorage' needs 'accountUrl' and 'filesystem'.");
  }
  const account = accountAt(resources, accountUrl);
  if (!account)
    throw refuse(`There is no storage account at '${accountUrl}' (https://<account>${hostSuffixes.dataLake}).`);
  if (typeof resourceId === "string" && resourceId.toLowerCase() !== account.id.toLowerCase()) {
    throw refuse(`'resourceId' is '${resourceId}', but the account at '${accountUrl}' is '${account.id}'.`);
  }
  const settings = account.body["properties"];
  if (!isJsonObject(settings) || settings["isHnsEnabled"] !== true) {
    throw refuse(`The storage account '${account.name}' has no hierarchical namespace (isHnsEnabled).`);
  }
  return { createManagedPrivateEndpoint: false, ...given } as JsonObject;
}

function accountAt(resources: Resources, accountUrl: string): StoredResource | undefined {
  const name = /^https:\/\/([a-z0-9]{3,24})\.dfs\.core\.windows\.net$/.exec(accountUrl)?.[1];
  return name === undefined ? undefined : resources.named(storageAccountType, name);
}

function refuse(message: string): AzureError {
  return new AzureError(400, "InvalidDefaultDataLakeStorage", message);
}
