import { hostNames, hostSuffixes } from "../../../contract/hosts.js";
import type { JsonObject } from "../../../contract/json.js";
import { subscription } from "../../platform/subscription.js";
import { type ArmAnswer, type ArmContext, type ArmRequest, listOf } from "./armRequest.js";
import { subscriptionId } from "./locate.js";
import { regions } from "./locations.js";

/** The subscription as GET answers it (2022-12-01). */
export const subscriptionBody: JsonObject = {
  id: subscriptionId,
  authorizationSource: "RoleBased",
  managedByTenants: [],
  subscriptionId: subscription.subscriptionId,
  tenantId: subscription.tenantId,
  displayName: subscription.displayName,
  state: "Enabled",
  subscriptionPolicies: {
    locationPlacementId: "Public_2014-09-01",
    quotaId: "PayAsYouGo_2014-09-01",
    spendingLimit: "Off",
  },
};

/** GET `/subscriptions`: the one there is, for a caller with any role in it. */
export function listSubscriptions(context: ArmContext, request: ArmRequest): ArmAnswer {
  const { objectId } = request.caller;
  const sees = context.access.around(subscriptionId).some(({ principalId }) => principalId === objectId);
  return listOf(sees ? [subscriptionBody] : []);
}

/** GET `/tenants`. */
export function listTenants(): ArmAnswer {
  const { tenantId } = subscription;
  return listOf([
    { id: `/tenants/${tenantId}`, tenantId, countryCode: "US", displayName: "Local", tenantCategory: "Home" },
  ]);
}

/** GET `/subscriptions/{s}/locations`. */
export function listLocations(): ArmAnswer {
  return listOf(
    [...regions].map(([name, displayName]) => ({
      id: `${subscriptionId}/locations/${name}`,
      name,
      type: "Region",
      displayName,
      regionalDisplayName: displayName,
      metadata: { regionType: "Physical", regionCategory: "Recommended" },
    })),
  );
}

const withoutDot = (suffix: string) => suffix.slice(1);

/** What `/metadata/endpoints` says of this cloud: Azure's public one under its real names. */
const cloud: JsonObject = {
  name: "AzureCloud",
  portal: "https://portal.azure.com",
  authentication: {
    loginEndpoint: `https://${hostNames.login}`,
    audiences: ["https://management.core.windows.net/", "https://management.azure.com/"],
    tenant: "common",
    identityProvider: "AAD",
  },
  resourceManager: `https://${hostNames.resourceManager}/`,
  microsoftGraphResourceId: `https://${hostNames.graph}/`,
  graph: "https://graph.windows.net/",
  graphAudience: "https://graph.windows.net/",
  batch: "https://batch.core.windows.net/",
  media: "https://rest.media.azure.net",
  sqlManagement: "https://management.core.windows.net:8443/",
  gallery: "https://gallery.azure.com/",
  activeDirectoryDataLake: "https://datalake.azure.net/",
  vmImageAliasDoc:
    "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/master/arm-compute/quickstart-templates/aliases.json",
  suffixes: {
    storage: withoutDot(hostSuffixes.blob).replace(/^blob\./, ""),
    keyVaultDns: withoutDot(hostSuffixes.keyVault),
    synapseAnalytics: withoutDot(hostSuffixes.synapse),
    sqlServerHostname: "database.windows.net",
    acrLoginServer: "azurecr.io",
    mhsmDns: "managedhsm.azure.net",
    azureDataLakeStoreFileSystem: "azuredatalakestore.net",
    azureDataLakeAnalyticsCatalogAndJob: "azuredatalakeanalytics.net",
  },
  synapseAnalyticsResourceId: "https://dev.azuresynapse.net",
  logAnalyticsResourceId: "https://api.loganalytics.io",
  appInsightsResourceId: "https://api.applicationinsights.io",
  ossrDbmsResourceId: "https://ossrdbms-aad.database.windows.net",
};

/** GET `/metadata/endpoints`, for which nobody signs in: an object since 2022-09-01, a list before. */
export function cloudMetadata(apiVersion: string): JsonObject | readonly JsonObject[] {
  return apiVersion >= "2022-09-01" ? cloud : [cloud];
}
