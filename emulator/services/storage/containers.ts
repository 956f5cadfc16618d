import type { JsonObject } from "../../../contract/json.js";
import { AzureError, notEmulated } from "../../platform/errors.js";
import { objectAt, propertiesOf } from "../../platform/json.js";
import type { Platform } from "../../platform/platform.js";
import type { StoredResource } from "../../platform/resources.js";
import type { ResourceType } from "../../platform/resourceType.js";
import type { BlobStore } from "./blobStore.js";
import { publicAccessNotPermitted } from "./storageErrors.js";

const containerType = "Microsoft.Storage/storageAccounts/blobServices/containers";

/** Containers as blob storage and Resource Manager both know them: whoever makes one, the other sees it. */
export interface ContainerRegister {
  /** Makes the container when it is not there yet. */
  create(account: StoredResource, container: string): Promise<void>;
  delete(account: string, container: string): Promise<void>;
  deleteAll(account: StoredResource): Promise<void>;
  /** Tells Resource Manager of a container that a client made on the blob host. */
  record(accountId: string, container: string): void;
  forget(accountId: string, container: string): void;
}

export function createContainerRegister(platform: Platform, store: BlobStore): ContainerRegister {
  const { resources } = platform;
  const idOf = (accountId: string, container: string) => `${accountId}/blobServices/default/containers/${container}`;
  const record = (accountId: string, container: string) => {
    const id = idOf(accountId, container);
    if (resources.get(id)) return;
    const body = { properties: filledIn(platform, {}) };
    resources.put({ id, type: containerType, name: container, body, createdWith: "" });
  };
  const urlOf = (container: string) => `/${encodeURIComponent(container)}?restype=container`;
  const remove = async (account: string, container: string) => {
    await store.send(account, { method: "DELETE", url: urlOf(container), also: ["ContainerNotFound"] });
  };
  return {
    async create(account, container) {
      requireContainerName(container);
      await store.send(account.name, { method: "PUT", url: urlOf(container), also: ["ContainerAlreadyExists"] });
      record(account.id, container);
    },
    delete: remove,
    async deleteAll(account) {
      const below = resources.below(account.id).filter((resource) => resource.type === containerType);
      for (const { name } of below) await remove(account.name, name);
    },
    record,
    forget: (accountId, container) => resources.remove(idOf(accountId, container)),
  };
}

/** `Microsoft.Storage/storageAccounts/blobServices/containers`: its PUT makes the container on the blob host. */
export function blobContainers(platform: Platform, containers: ContainerRegister): ResourceType {
  return {
    type: containerType,
    putStyle: "synchronous",
    tracked: false,
    prepare({ id, name, body, existing }) {
      requireContainerName(name);
      const given = objectAt(body, "properties");
      if (given["publicAccess"] !== undefined && given["publicAccess"] !== "None") {
        const account = propertiesOf(accountOf(platform, id));
        if (account["allowBlobPublicAccess"] !== true) throw publicAccessNotPermitted();
        throw notEmulated("containers with anonymous access");
      }
      return {
        properties: { ...filledIn(platform, given), ...propertiesOf(existing), ...metadataOf(given) },
      };
    },
    apply: (container) => containers.create(accountOf(platform, container.id), container.name),
    remove: (container) => containers.delete(accountOf(platform, container.id).name, container.name),
  };
}

function accountOf(platform: Platform, containerId: string): StoredResource {
  const [accountId = ""] = containerId.split(/\/blobServices\//i, 1);
  const account = platform.resources.get(accountId);
  if (account) return account;
  throw new AzureError(404, "ParentResourceNotFound", `The storage account of '${containerId}' was not found.`);
}

function filledIn(platform: Platform, given: JsonObject): JsonObject {
  return {
    publicAccess: "None",
    defaultEncryptionScope: "$account-encryption-key",
    denyEncryptionScopeOverride: false,
    hasImmutabilityPolicy: false,
    hasLegalHold: false,
    leaseState: "Available",
    leaseStatus: "Unlocked",
    lastModifiedTime: platform.clock.now().toISOString(),
    ...metadataOf(given),
  };
}

const metadataOf = (given: JsonObject): JsonObject => (given["metadata"] ? { metadata: given["metadata"] } : {});

/** Three to 63 lower-case letters, digits and single hyphens, with a letter or digit at both ends. */
function requireContainerName(name: string): void {
  if (/^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return;
  throw new AzureError(
    400,
    "InvalidResourceName",
    `The specified resource name '${name}' contains invalid characters.`,
  );
}
