import type { Members } from "./members.js";

/** What a type takes beside `location`, `tags` and `properties`, and in `properties`. */
export interface KnownMembers {
  /** Of `sku`, `kind`, `identity`. */
  readonly envelope?: string;
  readonly properties: Members;
}

const described = "description tags properties";
const asset = `${described} isAnonymous isArchived`;
const assetRefused = "autoDeleteSetting intellectualProperty stage";
const container: KnownMembers = {
  properties: {
    taken: `${described} isArchived`,
    filled: "latestVersion nextVersion provisioningState isAnonymous dataType",
  },
};
const state = "provisioningState";
const machineLearning = "microsoft.machinelearningservices/workspaces";

/**
 * The members that each type takes (names of the REST API, not of a client), by type in lower case. A provider of Azure
 * either refuses a member that it does not know or drops it without a word; which one does what is written down nowhere,
 * and a dropped member hides a mistake, so that here every type refuses it by name. What a provider fills in is ignored
 * when a request has it: clients put back what they got. A type that is not listed takes whatever its provider checks.
 */
export const knownMembers: Readonly<Record<string, KnownMembers>> = {
  "microsoft.keyvault/vaults": {
    properties: {
      taken:
        "tenantId sku accessPolicies enabledForDeployment enabledForDiskEncryption enabledForTemplateDeployment enableSoftDelete softDeleteRetentionInDays enableRbacAuthorization createMode enablePurgeProtection networkAcls publicNetworkAccess",
      filled: `vaultUri hsmPoolResourceId privateEndpointConnections ${state}`,
      inside: {
        sku: { taken: "family name" },
        networkAcls: { taken: "bypass defaultAction ipRules virtualNetworkRules" },
      },
    },
  },
  "microsoft.keyvault/vaults/secrets": {
    properties: {
      taken: "value contentType attributes",
      filled: "secretUri secretUriWithVersion",
      inside: { attributes: { taken: "enabled nbf exp", filled: "created updated" } },
    },
  },
  "microsoft.storage/storageaccounts": {
    envelope: "sku kind identity",
    properties: {
      taken:
        "accessTier allowBlobPublicAccess allowCrossTenantReplication allowSharedKeyAccess defaultToOAuthAuthentication dnsEndpointType encryption isHnsEnabled largeFileSharesState minimumTlsVersion networkAcls publicNetworkAccess supportsHttpsTrafficOnly",
      filled: `keyCreationTime creationTime primaryLocation statusOfPrimary primaryEndpoints secondaryLocation statusOfSecondary secondaryEndpoints privateEndpointConnections lastGeoFailoverTime geoReplicationStats failoverInProgress blobRestoreStatus isSkuConversionBlocked accountMigrationInProgress ${state}`,
      refused:
        "allowedCopyScope azureFilesIdentityBasedAuthentication customDomain dualStackEndpointPreference enableExtendedGroups geoPriorityReplicationStatus immutableStorageWithVersioning isLocalUserEnabled isNfsV3Enabled isSftpEnabled keyPolicy routingPreference sasPolicy storageAccountSkuConversionStatus",
    },
  },
  "microsoft.storage/storageaccounts/blobservices": {
    properties: {
      taken: "cors deleteRetentionPolicy containerDeleteRetentionPolicy changeFeed restorePolicy isVersioningEnabled",
      refused: "defaultServiceVersion automaticSnapshotPolicyEnabled lastAccessTimeTrackingPolicy",
    },
  },
  "microsoft.storage/storageaccounts/blobservices/containers": {
    properties: {
      taken: "publicAccess metadata",
      filled:
        "version deleted deletedTime remainingRetentionDays lastModifiedTime leaseStatus leaseState leaseDuration immutabilityPolicy legalHold hasLegalHold hasImmutabilityPolicy",
      refused: "immutableStorageWithVersioning enableNfsV3RootSquash enableNfsV3AllSquash",
      inert: { defaultEncryptionScope: "$account-encryption-key", denyEncryptionScopeOverride: false },
    },
  },
  "microsoft.operationalinsights/workspaces": {
    envelope: "identity",
    properties: {
      taken:
        "sku retentionInDays workspaceCapping publicNetworkAccessForIngestion publicNetworkAccessForQuery features",
      filled: `customerId createdDate modifiedDate privateLinkScopedResources ${state}`,
      refused: "forceCmkForQuery defaultDataCollectionRuleResourceId replication failover",
      inside: {
        sku: { taken: "name capacityReservationLevel", filled: "lastSkuUpdate" },
        workspaceCapping: { taken: "dailyQuotaGb", filled: "quotaNextResetTime dataIngestionStatus" },
        features: {
          taken:
            "enableDataExport immediatePurgeDataOn30Days enableLogAccessUsingOnlyResourcePermissions disableLocalAuth",
          filled: "legacy searchVersion",
          refused: "clusterResourceId",
        },
      },
    },
  },
  "microsoft.insights/components": {
    envelope: "kind",
    properties: {
      taken:
        "Application_Type Flow_Type Request_Source WorkspaceResourceId RetentionInDays SamplingPercentage DisableIpMasking ImmediatePurgeDataOn30Days DisableLocalAuth IngestionMode publicNetworkAccessForIngestion publicNetworkAccessForQuery",
      filled: `ApplicationId AppId Name InstrumentationKey ConnectionString CreationDate TenantId HockeyAppToken PrivateLinkScopedResources LaMigrationDate Ver ${state}`,
      refused: "HockeyAppId ForceCustomerStorageForProfiler",
    },
  },
  [machineLearning]: {
    envelope: "sku kind identity",
    properties: {
      taken:
        "allowRecoverSoftDeletedWorkspace applicationInsights containerRegistry description friendlyName hbiWorkspace imageBuildCompute keyVault publicNetworkAccess storageAccount systemDatastoresAuthMode v1LegacyMode",
      filled: `agentsEndpointUri creationTime discoveryUrl mlFlowTrackingUri notebookInfo privateEndpointConnections privateLinkCount sdkTelemetryAppInsightsKey serviceProvisionedResourceGroup softDeleteEnabled storageHnsEnabled tenantId workspaceId ${state}`,
      refused:
        "allowPublicAccessWhenBehindVnet associatedWorkspaces enableDataIsolation enableServiceSideCMKEncryption encryption featureStoreSettings hubResourceId ipAllowlist managedNetwork networkAcls primaryUserAssignedIdentity provisionNetworkNow serverlessComputeSettings serviceManagedResourcesSettings sharedPrivateLinkResources softDeleteRetentionInDays workspaceHubConfig",
    },
  },
  [`${machineLearning}/computes`]: {
    envelope: "identity",
    properties: {
      taken: "computeType description disableLocalAuth properties",
      filled: `createdOn modifiedOn provisioningErrors isAttachedCompute computeLocation ${state}`,
      refused: "resourceId",
      inside: {
        properties: {
          taken: "osType vmSize vmPriority scaleSettings remoteLoginPortPublicAccess",
          filled:
            "allocationState allocationStateTransitionTime errors currentNodeCount targetNodeCount nodeStateCounts",
          refused: "virtualMachineImage userAccountCredentials subnet propertyBag isolatedNetwork",
          inert: { enableNodePublicIp: true },
          inside: { scaleSettings: { taken: "minNodeCount maxNodeCount nodeIdleTimeBeforeScaleDown" } },
        },
      },
    },
  },
  [`${machineLearning}/datastores`]: {
    properties: {
      taken: `${described} datastoreType accountName containerName endpoint protocol credentials subscriptionId resourceGroup serviceDataAccessAuthIdentity isDefault`,
      filled: state,
      refused: "fileShareName filesystem storeName intellectualProperty oneLakeWorkspaceName artifact",
      inside: {
        credentials: { taken: "credentialsType secrets", refused: "authorityUrl clientId resourceUrl tenantId" },
      },
    },
  },
  [`${machineLearning}/data`]: container,
  [`${machineLearning}/models`]: container,
  [`${machineLearning}/codes`]: container,
  [`${machineLearning}/environments`]: container,
  [`${machineLearning}/data/versions`]: {
    properties: { taken: `${asset} dataType dataUri`, filled: state, refused: `${assetRefused} referencedUris` },
  },
  [`${machineLearning}/models/versions`]: {
    properties: {
      taken: `${asset} modelType modelUri`,
      filled: state,
      refused: `${assetRefused} flavors jobName datasets defaultDeploymentSettings`,
    },
  },
  [`${machineLearning}/codes/versions`]: {
    properties: { taken: `${asset} codeUri`, filled: state, refused: assetRefused },
  },
  [`${machineLearning}/environments/versions`]: {
    properties: {
      taken: `${asset} image condaFile osType`,
      filled: `environmentType ${state}`,
      refused: `${assetRefused} build inferenceConfig`,
      inert: { autoRebuild: "Disabled" },
    },
  },
  [`${machineLearning}/batchendpoints`]: {
    envelope: "identity",
    properties: {
      taken: "authMode description properties defaults",
      filled: `scoringUri swaggerUri ${state}`,
      refused: "keys",
      inside: { defaults: { taken: "deploymentName" } },
    },
  },
  [`${machineLearning}/batchendpoints/deployments`]: {
    properties: {
      taken:
        "compute errorThreshold loggingLevel maxConcurrencyPerInstance miniBatchSize model outputAction outputFileName resources retrySettings codeConfiguration description environmentId environmentVariables properties deploymentConfiguration",
      filled: state,
      refused: "partitionKeys",
      inside: {
        codeConfiguration: { taken: "codeId scoringScript" },
        retrySettings: { taken: "maxRetries timeout" },
        resources: { taken: "instanceCount instanceType properties", refused: "shmSize dockerArgs locations" },
      },
    },
  },
  "microsoft.synapse/workspaces": {
    envelope: "identity",
    properties: {
      taken:
        "defaultDataLakeStorage sqlAdministratorLogin sqlAdministratorLoginPassword managedResourceGroupName managedVirtualNetwork workspaceRepositoryConfiguration purviewConfiguration encryption cspWorkspaceAdminProperties azureADOnlyAuthentication publicNetworkAccess trustedServiceBypassEnabled",
      filled: `adlaResourceId connectivityEndpoints extraProperties privateEndpointConnections settings workspaceUID ${state}`,
      refused: "managedVirtualNetworkSettings virtualNetworkProfile",
      inside: {
        defaultDataLakeStorage: { taken: "accountUrl filesystem resourceId createManagedPrivateEndpoint" },
        cspWorkspaceAdminProperties: { taken: "initialWorkspaceAdminObjectId" },
        encryption: { taken: "cmk", filled: "doubleEncryptionEnabled" },
      },
    },
  },
  "microsoft.synapse/workspaces/firewallrules": {
    properties: { taken: "startIpAddress endIpAddress", filled: state },
  },
};
