import type { ArmRule } from "../armRule.js";
import { inside, named, values } from "../shape.js";
import { provider } from "./paths.js";

const account = `${provider("Microsoft.Storage")}/storageAccounts/{accountName}`;
const apiVersion = "2024-01-01";

/** Storage accounts and blob containers. */
export const storageRules: Readonly<Record<string, ArmRule>> = {
  "azure-native:storage:StorageAccount": {
    apiVersion,
    path: account,
    envelope: {
      ...values("location", "kind"),
      tags: "map",
      sku: inside(values("name")),
      identity: inside(values("type")),
      extendedLocation: inside(values("name", "type")),
    },
    properties: {
      ...values(
        "accessTier",
        "allowBlobPublicAccess",
        "allowCrossTenantReplication",
        "allowSharedKeyAccess",
        "allowedCopyScope",
        "defaultToOAuthAuthentication",
        "dnsEndpointType",
        "isHnsEnabled",
        "isLocalUserEnabled",
        "isSftpEnabled",
        "largeFileSharesState",
        "minimumTlsVersion",
        "publicNetworkAccess",
      ),
      enableHttpsTrafficOnly: named("supportsHttpsTrafficOnly"),
      enableNfsV3: named("isNfsV3Enabled"),
      keyPolicy: inside(values("keyExpirationPeriodInDays")),
      routingPreference: inside(values("publishInternetEndpoints", "publishMicrosoftEndpoints", "routingChoice")),
      sasPolicy: inside(values("expirationAction", "sasExpirationPeriod")),
      networkRuleSet: inside(
        {
          ...values("bypass", "defaultAction"),
          ipRules: inside({ ...values("action"), iPAddressOrRange: named("value") }),
          resourceAccessRules: inside(values("resourceId", "tenantId")),
          virtualNetworkRules: inside({ ...values("action", "state"), virtualNetworkResourceId: named("id") }),
        },
        "networkAcls",
      ),
    },
  },
  "azure-native:storage:BlobContainer": {
    apiVersion,
    path: `${account}/blobServices/default/containers/{containerName}`,
    envelope: {},
    properties: {
      ...values("defaultEncryptionScope", "denyEncryptionScopeOverride", "publicAccess"),
      metadata: "map",
    },
  },
};
