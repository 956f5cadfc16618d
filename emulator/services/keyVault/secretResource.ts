import type { JsonObject } from "../../../contract/json.js";
import { AzureError } from "../../platform/errors.js";
import { objectAt, propertiesOf } from "../../platform/json.js";
import type { Platform } from "../../platform/platform.js";
import type { StoredResource } from "../../platform/resources.js";
import type { PutRequest, ResourceType } from "../../platform/resourceType.js";
import { nameIsDeleted } from "./errors.js";
import { armSecret } from "./secretBundle.js";
import { changedAttributes, readNewSecret, readSecretChanges, requireSecretName } from "./secretRequest.js";
import type { SecretStore, SecretVersion } from "./secretStore.js";
import { type Vault, vaultOf, vaultType } from "./vault.js";

const secretType = `${vaultType}/secrets`;

/**
 * `Microsoft.KeyVault/vaults/secrets`: a PUT with a value makes a version, one without changes the latest. The value goes
 * to the vault alone. There is no DELETE over Resource Manager: secrets are deleted on the vault's host.
 */
export function vaultSecrets(platform: Platform, secrets: SecretStore): ResourceType {
  return {
    type: secretType,
    putStyle: "synchronous",
    tracked: false,
    deletable: false,
    prepare: (request) => armSecret(parentOf(request), preparedVersion(platform, secrets, request)),
    async apply(resource, request) {
      const vault = parentOf(request);
      const version = versionIn(resource);
      const sent = propertiesIn(request);
      const before = secrets.find(vault.id, request.name, version);
      const updated = unixSeconds(platform);
      if (before)
        secrets.update(vault.id, { ...before, ...changedAttributes(readSecretChanges(sent), before), updated });
      else {
        const made = readNewSecret(sent);
        const attributes = changedAttributes(made);
        secrets.add(vault.id, { name: request.name, version, created: updated, ...attributes }, made.value);
      }
    },
  };
}

/** Tells Resource Manager what became of a secret on the vault's host. */
export function followSecret(platform: Platform, secrets: SecretStore, vault: Vault, name: string): void {
  const id = `${vault.id}/secrets/${name}`;
  const latest = secrets.find(vault.id, name);
  if (!latest) platform.resources.remove(id);
  else {
    const createdWith = platform.resources.get(id)?.createdWith ?? "";
    platform.resources.put({ id, type: secretType, name: latest.name, body: armSecret(vault, latest), createdWith });
  }
}

export const unixSeconds = (platform: Platform) => Math.floor(platform.clock.now().getTime() / 1000);

export const newSecretVersion = (platform: Platform) => platform.ids.uuid().replaceAll("-", "");

function preparedVersion(
  platform: Platform,
  secrets: SecretStore,
  request: PutRequest,
): Omit<SecretVersion, "sealedValue"> {
  const vault = parentOf(request);
  requireSecretName(request.name);
  if (secrets.findDeleted(vault.id, request.name)) throw nameIsDeleted(request.name);
  const sent = propertiesIn(request);
  const latest = secrets.find(vault.id, request.name);
  const updated = unixSeconds(platform);
  if (latest && sent["value"] === undefined) {
    return { ...latest, ...changedAttributes(readSecretChanges(sent), latest), updated };
  }
  const attributes = changedAttributes(readNewSecret(sent));
  return { name: request.name, version: newSecretVersion(platform), created: updated, updated, ...attributes };
}

/** The secret's own members, with the tags, which Resource Manager has beside `properties`. */
function propertiesIn({ body }: PutRequest): JsonObject {
  return { ...objectAt(body, "properties"), ...(body["tags"] !== undefined && { tags: body["tags"] }) };
}

function versionIn(resource: StoredResource): string {
  return String(propertiesOf(resource)["secretUriWithVersion"]).split("/").at(-1) ?? "";
}

function parentOf({ parent, id }: PutRequest): Vault {
  if (parent) return vaultOf(parent);
  throw new AzureError(404, "ParentResourceNotFound", `The vault of '${id}' was not found.`);
}
