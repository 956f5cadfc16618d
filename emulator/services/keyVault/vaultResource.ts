import { hostSuffixes } from "../../../contract/hosts.js";
import type { JsonObject } from "../../../contract/json.js";
import { type DeletedResources, openDeletedResources } from "../../platform/deletedResources.js";
import { AzureError, notEmulated } from "../../platform/errors.js";
import type { Platform } from "../../platform/platform.js";
import type { PutRequest, ResourceType } from "../../platform/resourceType.js";
import { subscription } from "../../platform/subscription.js";
import { deletedVaultNotFound, deletedVaults, nameIsKept } from "./deletedVaults.js";
import type { SecretStore } from "./secretStore.js";
import { vaultOf, vaultType } from "./vault.js";
import { type AccessPolicy, readVaultProperties, type VaultProperties, vaultRefusal } from "./vaultRequest.js";

/** The API version from which a vault uses roles when its request does not say. */
const rolesByDefaultSince = "2026-02-01";
const defaultRetentionDays = 90;

/**
 * `Microsoft.KeyVault/vaults`: its PUT makes the vault's host name live; its DELETE keeps the vault and its secrets for the
 * vault's days.
 */
export function vaults(platform: Platform, secrets: SecretStore): ResourceType {
  const deleted = openDeletedResources(platform.store);
  return {
    type: vaultType,
    putStyle: "provisioningState",
    tracked: true,
    prepare(request) {
      requireName(platform, deleted, request);
      const sent = readVaultProperties(request.body);
      const before = request.existing && vaultOf(request.existing).properties;
      if (sent.createMode === "recover") throw deletedVaultNotFound(request.name);
      requireAllowed(sent, before);
      const properties = propertiesOf(request, sent, before);
      if (properties["enableRbacAuthorization"] === true) refuseNewPolicies(sent, before);
      requirePermissionModel(platform, request, properties, before);
      const { location, tags } = request.body;
      return {
        location: location ?? request.existing?.body["location"] ?? "",
        tags: tags ?? {},
        properties,
      };
    },
    softDelete: deletedVaults(secrets),
  };
}

function propertiesOf(request: PutRequest, sent: VaultProperties, before: VaultProperties | undefined): JsonObject {
  const rolesByDefault = request.apiVersion >= rolesByDefaultSince;
  const purgeProtection = sent.enablePurgeProtection ?? before?.enablePurgeProtection;
  const flag = (name: "enabledForDiskEncryption" | "enabledForTemplateDeployment") =>
    sent[name] === undefined || sent[name] === null ? {} : { [name]: sent[name] };
  return {
    sku: sent.sku,
    tenantId: sent.tenantId,
    ...(sent.networkAcls && { networkAcls: sent.networkAcls }),
    accessPolicies: (sent.accessPolicies ?? before?.accessPolicies ?? []).map(policyBody),
    enabledForDeployment: sent.enabledForDeployment ?? false,
    ...flag("enabledForDiskEncryption"),
    ...flag("enabledForTemplateDeployment"),
    enableSoftDelete: true,
    softDeleteRetentionInDays:
      sent.softDeleteRetentionInDays ?? before?.softDeleteRetentionInDays ?? defaultRetentionDays,
    enableRbacAuthorization: sent.enableRbacAuthorization ?? before?.enableRbacAuthorization ?? rolesByDefault,
    ...(purgeProtection && { enablePurgeProtection: true }),
    vaultUri: `https://${request.name.toLowerCase()}${hostSuffixes.keyVault}/`,
    provisioningState: "Succeeded",
    publicNetworkAccess: sent.publicNetworkAccess === "disabled" ? "Disabled" : "Enabled",
  };
}

function policyBody({ tenantId, objectId, applicationId, permissions }: AccessPolicy): JsonObject {
  const lists = Object.entries(permissions).flatMap(([kind, list]) => (list === undefined ? [] : [[kind, list]]));
  return {
    tenantId,
    objectId,
    ...(typeof applicationId === "string" && { applicationId }),
    permissions: Object.fromEntries(lists),
  };
}

function requireAllowed(sent: VaultProperties, before: VaultProperties | undefined): void {
  if (sent.networkAcls && sent.networkAcls.virtualNetworkRules.length > 0) {
    throw notEmulated("virtual network rules of vaults");
  }
  if (sent.tenantId.toLowerCase() !== subscription.tenantId) {
    throw vaultRefusal(`The tenant '${sent.tenantId}' of the vault is not the tenant of the subscription.`);
  }
  if (sent.enableSoftDelete === false) {
    throw vaultRefusal(
      `The property "enableSoftDelete" cannot be set to false. Enabling the 'soft delete' functionality is an irreversible action.`,
    );
  }
  if (sent.enablePurgeProtection === false) {
    throw vaultRefusal(
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    );
  }
  const days = sent.softDeleteRetentionInDays ?? undefined;
  if (before && days !== undefined && days !== before.softDeleteRetentionInDays) {
    throw vaultRefusal('The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.');
  }
}

/** They would have no effect: a vault that uses roles asks no policy. Those that it had before are kept for the way back. */
function refuseNewPolicies({ accessPolicies }: VaultProperties, before: VaultProperties | undefined): void {
  const known = (before?.accessPolicies ?? []).map((policy) => JSON.stringify(policyBody(policy)));
  const added = (accessPolicies ?? []).filter((policy) => !known.includes(JSON.stringify(policyBody(policy))));
  if (added.length === 0) return;
  throw vaultRefusal(
    'The property "accessPolicies" has no effect on a vault whose "enableRbacAuthorization" is true: assign roles instead.',
  );
}

/** Going from roles to access policies or back would give its caller every secret: it takes the right to assign roles. */
function requirePermissionModel(
  platform: Platform,
  { caller, id }: PutRequest,
  properties: JsonObject,
  before: VaultProperties | undefined,
): void {
  if (!before || properties["enableRbacAuthorization"] === (before.enableRbacAuthorization ?? false)) return;
  const action = "Microsoft.Authorization/roleAssignments/write";
  if (platform.access.mayAct(caller.objectId, action, id)) return;
  throw new AzureError(
    403,
    "InsufficientPermissions",
    `Caller is not allowed to change permission model: the client '${caller.appId}' with object id '${caller.objectId}' does not have authorization to perform action '${action}' over scope '${id}'.`,
  );
}

function requireName(platform: Platform, deleted: DeletedResources, { id, name }: PutRequest): void {
  if (!/^(?=.{3,24}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/i.test(name)) {
    throw new AzureError(
      400,
      "VaultNameNotValid",
      `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens. Follow this link for more information: https://go.microsoft.com/fwlink/?linkid=2147742`,
    );
  }
  const holder = platform.resources.named(vaultType, name);
  if (holder && !sameId(holder.id, id)) {
    throw new AzureError(
      409,
      "VaultAlreadyExists",
      `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken.`,
    );
  }
  const kept = deleted.named(vaultType, name);
  if (kept && !sameId(kept.resource.id, id)) throw nameIsKept();
}

const sameId = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
