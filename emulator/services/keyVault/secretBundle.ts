import type { Json, JsonObject } from "../../../contract/json.js";
import type { DeletedSecret, SecretVersion } from "./secretStore.js";
import type { Vault } from "./vault.js";

const fullRetentionDays = 90;

/** How a vault's secrets can be got back, in the words of `attributes.recoveryLevel`. */
function recoveryOf({ properties }: Vault): { readonly recoveryLevel: string; readonly recoverableDays: number } {
  const days = retentionDays({ properties });
  const kind = days < fullRetentionDays ? "CustomizedRecoverable" : "Recoverable";
  return {
    recoveryLevel: properties.enablePurgeProtection === true ? kind : `${kind}+Purgeable`,
    recoverableDays: days,
  };
}

export function retentionDays({ properties }: Pick<Vault, "properties">): number {
  return properties.softDeleteRetentionInDays ?? fullRetentionDays;
}

/** A secret without its value: an item of a list, or the frame of a bundle. `id` carries the version if it is asked for. */
export function secretItem(vault: Vault, secret: SecretVersion, id: "with version" | "without version"): JsonObject {
  return {
    ...(secret.contentType !== null && { contentType: secret.contentType }),
    id: `${vault.url}/secrets/${secret.name}${id === "with version" ? `/${secret.version}` : ""}`,
    attributes: {
      enabled: secret.enabled,
      ...timesOf(secret),
      created: secret.created,
      updated: secret.updated,
      ...recoveryOf(vault),
    },
    tags: { ...secret.tags },
  };
}

/** What GET and PUT answer. */
export function secretBundle(vault: Vault, secret: SecretVersion, value: string): JsonObject {
  return { value, ...secretItem(vault, secret, "with version") };
}

/** A deleted secret, in a list or by itself. Times are unix seconds. */
export function deletedSecret(
  vault: Vault,
  { latest, deleted, purgeAt }: DeletedSecret,
  id: "with version" | "without version",
): JsonObject {
  return {
    recoveryId: `${vault.url}/deletedsecrets/${latest.name}`,
    deletedDate: deleted,
    scheduledPurgeDate: purgeAt,
    ...secretItem(vault, latest, id),
  };
}

/** The same secret as Resource Manager shows it (`Microsoft.KeyVault/vaults/secrets`): never with its value. */
export function armSecret(vault: Vault, secret: Omit<SecretVersion, "sealedValue">): JsonObject {
  return {
    location: vault.location,
    tags: { ...secret.tags },
    properties: {
      ...(secret.contentType !== null && { contentType: secret.contentType }),
      attributes: {
        enabled: secret.enabled,
        ...timesOf(secret),
        created: secret.created,
        updated: secret.updated,
      },
      secretUri: `${vault.url}/secrets/${secret.name}`,
      secretUriWithVersion: `${vault.url}/secrets/${secret.name}/${secret.version}`,
    },
  };
}

function timesOf({ notBefore, expires }: Pick<SecretVersion, "notBefore" | "expires">): Readonly<Record<string, Json>> {
  return { ...(notBefore !== null && { nbf: notBefore }), ...(expires !== null && { exp: expires }) };
}
