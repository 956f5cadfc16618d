import type { JsonObject } from "../../../contract/json.js";
import type { Platform } from "../../platform/platform.js";
import type { VaultCall } from "./authentication.js";
import { deletedSecretNotFound, nameIsDeleted, secretNotFound, vaultError } from "./errors.js";
import { deletedSecret, retentionDays, secretBundle, secretItem } from "./secretBundle.js";
import { changedAttributes, readNewSecret, readSecretChanges, requireSecretName } from "./secretRequest.js";
import { followSecret, newSecretVersion, unixSeconds } from "./secretResource.js";
import type { SecretStore, SecretVersion } from "./secretStore.js";

const secondsInADay = 86_400;

/** What a vault does with secrets, after the caller's right to it was checked. Answers are bodies; refusals `AzureError`s. */
export interface SecretOperations {
  get(call: VaultCall, name: string, version: string | undefined): JsonObject;
  set(call: VaultCall, name: string, body: unknown): JsonObject;
  update(call: VaultCall, name: string, version: string | undefined, body: unknown): JsonObject;
  delete(call: VaultCall, name: string): JsonObject;
  getDeleted(call: VaultCall, name: string): JsonObject;
  recover(call: VaultCall, name: string): JsonObject;
  purge(call: VaultCall, name: string): void;
}

export function createSecretOperations(platform: Platform, secrets: SecretStore): SecretOperations {
  const find = ({ vault }: VaultCall, name: string, version: string | undefined): SecretVersion => {
    const found = secrets.find(vault.id, name, version);
    if (!found) throw secretNotFound(version === undefined ? name : `${name}/${version}`);
    return found;
  };
  const findDeleted = ({ vault }: VaultCall, name: string) => {
    const found = secrets.findDeleted(vault.id, name);
    if (!found) throw deletedSecretNotFound(name);
    return found;
  };
  return {
    get(call, name, version) {
      const found = find(call, name, version);
      // nbf and exp only inform: the service hands out a secret before and after them
      if (!found.enabled) {
        throw vaultError(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled");
      }
      return secretBundle(call.vault, found, secrets.valueOf(found));
    },
    set(call, name, body) {
      const { vault } = call;
      requireSecretName(name);
      const sent = readNewSecret(body);
      if (secrets.findDeleted(vault.id, name)) throw nameIsDeleted(name);
      const before = secrets.find(vault.id, name);
      const version = newSecretVersion(platform);
      const created = unixSeconds(platform);
      secrets.add(vault.id, { name: before?.name ?? name, version, created, ...changedAttributes(sent) }, sent.value);
      followSecret(platform, secrets, vault, name);
      return secretBundle(vault, find(call, name, version), sent.value);
    },
    update(call, name, version, body) {
      const { vault } = call;
      const before = find(call, name, version);
      const changed = changedAttributes(readSecretChanges(body), before);
      secrets.update(vault.id, { ...before, ...changed, updated: unixSeconds(platform) });
      followSecret(platform, secrets, vault, name);
      return secretItem(vault, find(call, name, before.version), "with version");
    },
    delete(call, name) {
      const { vault } = call;
      find(call, name, undefined);
      const now = unixSeconds(platform);
      secrets.markDeleted(vault.id, name, now, now + retentionDays(vault) * secondsInADay);
      followSecret(platform, secrets, vault, name);
      return deletedSecret(vault, findDeleted(call, name), "with version");
    },
    getDeleted: (call, name) => deletedSecret(call.vault, findDeleted(call, name), "with version"),
    recover(call, name) {
      const { latest } = findDeleted(call, name);
      secrets.recover(call.vault.id, name);
      followSecret(platform, secrets, call.vault, name);
      return secretItem(call.vault, latest, "with version");
    },
    purge(call, name) {
      const { vault } = call;
      findDeleted(call, name);
      if (vault.properties.enablePurgeProtection === true) {
        throw vaultError(
          403,
          "Forbidden",
          `Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will automatically purge it after the retention period has passed.\r\nVault: ${vault.name};location=${vault.location}`,
        );
      }
      secrets.purge(vault.id, name);
    },
  };
}
