import type { ArmRule } from "./armRule.js";

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const provider = (namespace: string) => `${group}/providers/${namespace}`;

const same = (...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, name]));

const vault = `${provider("Microsoft.KeyVault")}/vaults/{vaultName}`;
const account = `${provider("Microsoft.Storage")}/storageAccounts/{accountName}`;
const synapse = `${provider("Microsoft.Synapse")}/workspaces/{workspaceName}`;
const machineLearning = `${provider("Microsoft.MachineLearningServices")}/workspaces/{workspaceName}`;
const machineLearningVersion = "2025-12-01";

const assetVersion = (collection: string): ArmRule => ({
  apiVersion: machineLearningVersion,
  path: `${machineLearning}/${collection}/{name}/versions/{version}`,
  envelope: [],
  properties: "kept",
});

/**
 * The azure-native types that a deployment may use, by token, with the API versions of @pulumi/azure-native 3.28. What a
 * rule does not name is refused.
 */
export const armRules: Readonly<Record<string, ArmRule>> = {
  "azure-native:resources:ResourceGroup": {
    apiVersion: "2024-03-01",
    path: group,
    envelope: ["location", "tags", "managedBy"],
    properties: {},
  },
  "azure-native:keyvault:Vault": {
    apiVersion: "2024-11-01",
    path: vault,
    envelope: ["location", "tags"],
    properties: "kept",
  },
  "azure-native:keyvault:Secret": {
    apiVersion: "2024-11-01",
    path: `${vault}/secrets/{secretName}`,
    envelope: ["tags"],
    properties: "kept",
    renamed: { "attributes.expires": "exp", "attributes.notBefore": "nbf" },
    undeletable: true,
  },
  "azure-native:storage:StorageAccount": {
    apiVersion: "2024-01-01",
    path: account,
    envelope: ["location", "tags", "sku", "kind", "identity", "extendedLocation"],
    properties: {
      ...same(
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
        "keyPolicy",
        "largeFileSharesState",
        "minimumTlsVersion",
        "publicNetworkAccess",
        "routingPreference",
        "sasPolicy",
      ),
      enableHttpsTrafficOnly: "supportsHttpsTrafficOnly",
      enableNfsV3: "isNfsV3Enabled",
    },
  },
  "azure-native:storage:BlobContainer": {
    apiVersion: "2024-01-01",
    path: `${account}/blobServices/default/containers/{containerName}`,
    envelope: [],
    properties: same("defaultEncryptionScope", "denyEncryptionScopeOverride", "metadata", "publicAccess"),
  },
  "azure-native:operationalinsights:Workspace": {
    apiVersion: "2023-09-01",
    path: `${provider("Microsoft.OperationalInsights")}/workspaces/{workspaceName}`,
    envelope: ["location", "tags", "identity"],
    properties: same(
      "features",
      "publicNetworkAccessForIngestion",
      "publicNetworkAccessForQuery",
      "retentionInDays",
      "sku",
      "workspaceCapping",
    ),
  },
  "azure-native:applicationinsights:Component": {
    apiVersion: "2020-02-02",
    path: `${provider("Microsoft.Insights")}/components/{resourceName}`,
    envelope: ["location", "tags", "kind"],
    properties: {
      ...same("publicNetworkAccessForIngestion", "publicNetworkAccessForQuery"),
      applicationType: "Application_Type",
      flowType: "Flow_Type",
      requestSource: "Request_Source",
      disableIpMasking: "DisableIpMasking",
      hockeyAppId: "HockeyAppId",
      immediatePurgeDataOn30Days: "ImmediatePurgeDataOn30Days",
      ingestionMode: "IngestionMode",
      retentionInDays: "RetentionInDays",
      samplingPercentage: "SamplingPercentage",
      workspaceResourceId: "WorkspaceResourceId",
    },
  },
  "azure-native:machinelearningservices:Workspace": {
    apiVersion: machineLearningVersion,
    path: machineLearning,
    envelope: ["location", "tags", "identity", "kind", "sku"],
    properties: same(
      "allowPublicAccessWhenBehindVnet",
      "applicationInsights",
      "containerRegistry",
      "description",
      "discoveryUrl",
      "enableDataIsolation",
      "friendlyName",
      "hbiWorkspace",
      "imageBuildCompute",
      "keyVault",
      "primaryUserAssignedIdentity",
      "publicNetworkAccess",
      "storageAccount",
      "systemDatastoresAuthMode",
      "v1LegacyMode",
    ),
  },
  "azure-native:machinelearningservices:Compute": {
    apiVersion: machineLearningVersion,
    path: `${machineLearning}/computes/{computeName}`,
    envelope: ["location", "tags", "identity", "sku"],
    properties: "kept",
  },
  "azure-native:machinelearningservices:Datastore": {
    apiVersion: machineLearningVersion,
    path: `${machineLearning}/datastores/{name}`,
    envelope: [],
    properties: "kept",
    query: ["skipValidation"],
  },
  "azure-native:machinelearningservices:DataVersion": assetVersion("data"),
  "azure-native:machinelearningservices:ModelVersion": assetVersion("models"),
  "azure-native:machinelearningservices:CodeVersion": assetVersion("codes"),
  "azure-native:machinelearningservices:EnvironmentVersion": assetVersion("environments"),
  "azure-native:machinelearningservices:BatchEndpoint": {
    apiVersion: machineLearningVersion,
    path: `${machineLearning}/batchEndpoints/{endpointName}`,
    envelope: ["location", "tags", "identity", "kind", "sku"],
    properties: "kept",
  },
  "azure-native:machinelearningservices:BatchDeployment": {
    apiVersion: machineLearningVersion,
    path: `${machineLearning}/batchEndpoints/{endpointName}/deployments/{deploymentName}`,
    envelope: ["location", "tags", "identity", "kind", "sku"],
    properties: "kept",
  },
  "azure-native:synapse:Workspace": {
    apiVersion: "2021-06-01",
    path: synapse,
    envelope: ["location", "tags", "identity"],
    properties: same(
      "azureADOnlyAuthentication",
      "cspWorkspaceAdminProperties",
      "defaultDataLakeStorage",
      "managedResourceGroupName",
      "managedVirtualNetwork",
      "publicNetworkAccess",
      "sqlAdministratorLogin",
      "sqlAdministratorLoginPassword",
      "trustedServiceBypassEnabled",
    ),
  },
  "azure-native:synapse:IpFirewallRule": {
    apiVersion: "2021-06-01",
    path: `${synapse}/firewallRules/{ruleName}`,
    envelope: [],
    properties: same("startIpAddress", "endIpAddress"),
    replaceable: true,
  },
  "azure-native:authorization:RoleAssignment": {
    apiVersion: "2022-04-01",
    path: "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    envelope: [],
    properties: same(
      "condition",
      "conditionVersion",
      "description",
      "principalId",
      "principalType",
      "roleDefinitionId",
    ),
    replaceable: true,
  },
};
