import type { JsonObject } from "../../../contract/json.js";
import type { DeletedResource } from "../../platform/deletedResources.js";
import { AzureError } from "../../platform/errors.js";
import { objectAt, textAt } from "../../platform/json.js";
import type { SoftDelete } from "../../platform/resourceType.js";
import { subscription } from "../../platform/subscription.js";
import { retentionDays } from "./secretBundle.js";
import type { SecretStore } from "./secretStore.js";
import { vaultOf } from "./vault.js";

/** How vaults are kept: for the days they say, with their secrets; recovered by `createMode: recover` as they were. */
export function deletedVaults(secrets: SecretStore): SoftDelete {
  return {
    retentionDays: (vault) => retentionDays(vaultOf(vault)),
    recover({ body }, kept) {
      const mode = textAt(objectAt(body, "properties"), "createMode");
      if (mode?.toLowerCase() !== "recover") throw nameIsKept();
      return kept.resource.body;
    },
    purge: async ({ id }) => secrets.removeVault(id),
    listed: {
      collection: "deletedVaults",
      bodyOf,
      byLocation: {
        notFound: deletedVaultNotFound,
        checkPurge({ resource }) {
          if (vaultOf(resource).properties.enablePurgeProtection !== true) return;
          throw new AzureError(405, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.");
        },
      },
    },
  };
}

/** 409: the name belongs to a vault that was deleted and is kept. */
export const nameIsKept = () =>
  new AzureError(
    409,
    "ConflictError",
    "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.",
  );

export const deletedVaultNotFound = (name: string) =>
  new AzureError(404, "DeletedVaultNotFound", `The specified deleted vault '${name}' does not exist.`);

function bodyOf({ resource, deletedOn, purgeOn }: DeletedResource): JsonObject {
  const location = String(resource.body["location"]);
  return {
    id: `/subscriptions/${subscription.subscriptionId}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${resource.name}`,
    name: resource.name,
    type: "Microsoft.KeyVault/deletedVaults",
    properties: {
      vaultId: resource.id,
      location,
      tags: resource.body["tags"] ?? {},
      deletionDate: deletedOn.toISOString(),
      scheduledPurgeDate: purgeOn.toISOString(),
      ...(vaultOf(resource).properties.enablePurgeProtection === true && { purgeProtectionEnabled: true }),
    },
  };
}
