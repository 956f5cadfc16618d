import type { ArmRule } from "../armRule.js";
import { inside, named, values } from "../shape.js";
import { provider } from "./paths.js";

const vault = `${provider("Microsoft.KeyVault")}/vaults/{vaultName}`;

/** Vaults and their secrets. */
export const keyVaultRules: Readonly<Record<string, ArmRule>> = {
  "azure-native:keyvault:Vault": {
    apiVersion: "2024-11-01",
    path: vault,
    envelope: { ...values("location"), tags: "map" },
    kept: true,
    properties: {
      ...values(
        "createMode",
        "enablePurgeProtection",
        "enableRbacAuthorization",
        "enableSoftDelete",
        "enabledForDeployment",
        "enabledForDiskEncryption",
        "enabledForTemplateDeployment",
        "publicNetworkAccess",
        "softDeleteRetentionInDays",
        "tenantId",
      ),
      sku: inside(values("family", "name")),
      accessPolicies: inside({
        ...values("applicationId", "objectId", "tenantId"),
        permissions: inside(values("certificates", "keys", "secrets", "storage")),
      }),
      networkAcls: inside({
        ...values("bypass", "defaultAction"),
        ipRules: inside(values("value")),
        virtualNetworkRules: inside(values("id", "ignoreMissingVnetServiceEndpoint")),
      }),
    },
  },
  "azure-native:keyvault:Secret": {
    apiVersion: "2024-11-01",
    path: `${vault}/secrets/{secretName}`,
    envelope: { tags: "map" },
    kept: true,
    properties: {
      ...values("contentType", "value"),
      attributes: inside({ ...values("enabled"), expires: named("exp"), notBefore: named("nbf") }),
    },
    deletedAt: {
      url: "https://{vaultName}.vault.azure.net/secrets/{secretName}?api-version=7.5",
      audience: "https://vault.azure.net",
    },
  },
};
