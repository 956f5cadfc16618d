import type { Json, JsonObject } from "../../../contract/json.js";
import { AzureError, notEmulated } from "../../platform/errors.js";
import { systemIdentity } from "../../platform/identity.js";
import { objectAt, propertiesOf } from "../../platform/json.js";
import type { Platform } from "../../platform/platform.js";
import type { Resources, StoredResource } from "../../platform/resources.js";
import type { PutRequest, ResourceType } from "../../platform/resourceType.js";
import type { KeyRing } from "./accountKeys.js";
import { accountRequest } from "./accountRequest.js";
import type { ContainerRegister } from "./containers.js";
import { storageError } from "./storageErrors.js";

export const accountType = "Microsoft.Storage/storageAccounts";

/** The account of this name; throws as the service of an account that is gone. */
export function accountNamed(resources: Resources, name: string): StoredResource {
  const found = resources.named(accountType, name);
  if (!found) throw storageError(404, "ResourceNotFound", "The specified resource does not exist.");
  return found;
}

/** `Microsoft.Storage/storageAccounts`: its PUT makes the account's keys and its default blob service. */
export function storageAccounts(platform: Platform, keys: KeyRing, containers: ContainerRegister): ResourceType {
  return {
    type: accountType,
    putStyle: "location",
    tracked: true,
    prepare(request) {
      requireName(platform.resources, request);
      return bodyOf(platform, request);
    },
    async apply(account, request) {
      keys.make(account.name);
      const id = `${account.id}/blobServices/default`;
      if (platform.resources.get(id)) return;
      platform.resources.put({
        id,
        type: `${accountType}/blobServices`,
        name: "default",
        body: { properties: { cors: { corsRules: [] }, deleteRetentionPolicy: { enabled: false } } },
        createdWith: request.apiVersion,
      });
    },
    async remove(account) {
      await containers.deleteAll(account);
      keys.remove(account.name);
    },
    actions: {
      listkeys(account) {
        const { key1, key2 } = keys.make(account.name);
        const times = objectAt(propertiesOf(account), "keyCreationTime");
        return {
          keys: [
            { keyName: "key1", value: key1, permissions: "FULL", creationTime: times["key1"] ?? null },
            { keyName: "key2", value: key2, permissions: "FULL", creationTime: times["key2"] ?? null },
          ],
        };
      },
    },
  };
}

function requireName(resources: Resources, { id, name }: PutRequest): void {
  if (!/^[a-z0-9]{3,24}$/.test(name)) {
    throw new AzureError(
      400,
      "AccountNameInvalid",
      `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`,
    );
  }
  const holder = resources.named(accountType, name);
  if (holder && subscriptionOf(holder.id) !== subscriptionOf(id)) {
    throw new AzureError(409, "StorageAccountAlreadyTaken", `The storage account named ${name} is already taken.`);
  }
  if (holder && holder.id.toLowerCase() !== id.toLowerCase()) {
    throw new AzureError(
      409,
      "StorageAccountInAnotherResourceGroup",
      `The account ${name} is already in another resource group in this subscription.`,
    );
  }
}

const subscriptionOf = (id: string) => id.toLowerCase().split("/resourcegroups/", 1)[0];

function bodyOf({ clock, directory }: Platform, request: PutRequest): JsonObject {
  const now = clock.now().toISOString();
  const { id, name, existing } = request;
  const { sku, kind, location, tags, identity, properties } = accountRequest(request.body);
  const before = existing && propertiesOf(existing);
  const beforeHns = before?.["isHnsEnabled"] ?? false;
  const hns = properties.isHnsEnabled ?? beforeHns;
  if (before && hns !== beforeHns) throw cannotBeUpdated("isHnsEnabled");
  const [tier = "Standard"] = sku.name.split("_", 1);
  const kindBefore = existing?.body["kind"] ?? kind;
  const upgraded = kind === "StorageV2" && (kindBefore === "Storage" || kindBefore === "BlobStorage");
  if (kindBefore !== kind && !upgraded) throw cannotBeUpdated("kind");
  if (existing && objectAt(existing.body, "sku")["tier"] !== tier) throw cannotBeUpdated("sku.tier");
  if (hns === true && kind !== "StorageV2" && kind !== "BlockBlobStorage") {
    throw notEmulated(`a hierarchical namespace on an account of kind ${kind}`);
  }
  const place = location ?? String(existing?.body["location"] ?? "");
  return {
    location: place,
    ...(tags && { tags }),
    ...(identity && { identity: systemIdentity(directory, id, name, identity["type"]) }),
    sku: { name: sku.name, tier },
    kind,
    properties: {
      ...defaults,
      ...before,
      ...given(properties),
      isHnsEnabled: hns,
      keyCreationTime: before?.["keyCreationTime"] ?? { key1: now, key2: now },
      creationTime: before?.["creationTime"] ?? now,
      primaryLocation: place,
      statusOfPrimary: "available",
      primaryEndpoints: endpointsOf(name),
      privateEndpointConnections: [],
      provisioningState: "Succeeded",
    },
  };
}

const cannotBeUpdated = (property: string) =>
  new AzureError(
    409,
    "AccountPropertyCannotBeUpdated",
    `The property '${property}' was specified in the input, but it cannot be updated.`,
  );

/** The members that were sent with a value. */
function given(properties: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, value]],
    ),
  );
}

const defaults = {
  accessTier: "Hot",
  allowBlobPublicAccess: false,
  minimumTlsVersion: "TLS1_0",
  supportsHttpsTrafficOnly: true,
  networkAcls: { bypass: "AzureServices", virtualNetworkRules: [], ipRules: [], defaultAction: "Allow" },
  encryption: {
    services: { file: { enabled: true, keyType: "Account" }, blob: { enabled: true, keyType: "Account" } },
    keySource: "Microsoft.Storage",
  },
};

function endpointsOf(account: string): JsonObject {
  const services = { dfs: "dfs", web: "z13.web", blob: "blob", queue: "queue", table: "table", file: "file" };
  return Object.fromEntries(
    Object.entries(services).map(([service, host]) => [service, `https://${account}.${host}.core.windows.net/`]),
  );
}
