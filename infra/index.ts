import * as authorization from "@pulumi/azure-native/authorization/index.js";
import * as resources from "@pulumi/azure-native/resources/index.js";
import * as pulumi from "@pulumi/pulumi";
import { experimentsUrl, machineLearningApiUrl, vaultUrl } from "../contract/hosts.js";
import { Access } from "./access.js";
import { BatchEndpoint } from "./batchEndpoint.js";
import { deployerType, readConfiguration, readLocation } from "./config.js";
import { projectPath } from "./content.js";
import { neededProviders, ResourceProviders } from "./dataplane/resourceProviders.js";
import { KeyVault, ScoringSecrets, scoringSecretNames } from "./keyVault.js";
import { MachineLearning } from "./machineLearning.js";
import { Monitoring } from "./monitoring.js";
import { defaultResourceGroup, resourceNames, suffixOf } from "./names.js";
import { outputsOf } from "./outputs.js";
import { scoringPipeline } from "./pipeline/scoringPipeline.js";
import { scoringApplicationObjectId } from "./scoringApplication.js";
import { ScoringAssets } from "./scoringAssets.js";
import { inputPlace, Storage } from "./storage.js";
import { principalOf, Synapse } from "./synapse.js";

/** The Pulumi program: everything from the resource group to the published pipeline; its result is the stack's outputs. */
export default async function program(signIn = scoringApplicationObjectId) {
  const configuration = readConfiguration();
  const location = readLocation();
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  const { tenantId, subscriptionId, objectId: deployer } = await authorization.getClientConfig();
  const resourceGroup = configuration.resourceGroupName || defaultResourceGroup(project, stack);
  const names = resourceNames(configuration.nameSuffix || suffixOf({ subscriptionId, resourceGroup, project, stack }));
  const { scoringClientId: clientId, scoringClientSecret: clientSecret } = configuration;
  const scoringApplication = await signIn({ tenantId, clientId, clientSecret });
  const patience = {
    effectSeconds: configuration.effectTimeoutSeconds,
    principalSeconds: configuration.principalTimeoutSeconds,
  };

  const providers = new ResourceProviders("providers", {
    subscriptionId,
    namespaces: neededProviders,
    actingAs: deployer,
  });
  // everything is in the group, so that nothing is made before its provider is registered
  const group = new resources.ResourceGroup(
    "group",
    { resourceGroupName: resourceGroup, location },
    { dependsOn: providers },
  );
  const scope = { resourceGroupName: group.name, location };
  const vaultSettings = {
    ...scope,
    tenantId,
    purgeProtection: configuration.purgeProtection,
    softDeleteRetentionInDays: configuration.softDeleteRetentionInDays,
  };

  const monitoring = new Monitoring("monitoring", {
    ...scope,
    logAnalyticsName: names.logAnalytics,
    applicationInsightsName: names.applicationInsights,
  });
  const scoringVault = new KeyVault("scoring-vault", { ...vaultSettings, vaultName: names.scoringVault });
  const machineLearningVault = new KeyVault("machine-learning-vault", {
    ...vaultSettings,
    vaultName: names.machineLearningVault,
  });
  const storage = new Storage("storage", {
    ...scope,
    machineLearningAccountName: names.machineLearningStorage,
    lakeAccountName: names.lakeStorage,
    lakeFilesystem: names.lakeFilesystem,
    inputFile: projectPath("inputFile", configuration.inputFile),
  });
  const machineLearning = new MachineLearning("machine-learning", {
    ...scope,
    subscriptionId,
    workspaceName: names.machineLearningWorkspace,
    clusterName: names.cluster,
    vmSize: configuration.vmSize,
    storageAccountId: storage.machineLearningAccount.id,
    keyVaultId: machineLearningVault.vault.id,
    applicationInsightsId: monitoring.insights.id,
    inputAccountName: storage.machineLearningAccount.name,
    inputContainerName: storage.inputContainer.name,
  });
  const assets = new ScoringAssets("scoring-assets", {
    resourceGroupName: group.name,
    workspace: machineLearning.workspace,
    account: storage.machineLearningAccount,
    defaultContainer: machineLearning.defaultContainer,
    defaultDatastoreId: machineLearning.defaultDatastoreId,
    modelPath: projectPath("modelPath", configuration.modelPath),
    environmentImage: configuration.environmentImage,
  });
  const batch = new BatchEndpoint("batch-endpoint", {
    ...scope,
    workspace: machineLearning.workspace,
    cluster: machineLearning.cluster,
    assets,
    endpointName: names.batchEndpoint,
    deploymentName: names.batchDeployment,
    actingAs: deployer,
  });
  const synapse = new Synapse("synapse", {
    ...scope,
    location: configuration.synapseLocation || location,
    workspaceName: names.synapseWorkspace,
    lake: storage.lake,
    lakeFilesystem: storage.lakeFilesystem,
    allowedIpAddresses: configuration.allowedIpAddresses,
  });

  const access = new Access("access", {
    subscriptionId,
    actingAs: deployer,
    patience,
    principals: {
      deployer: [{ objectId: deployer, principalType: deployerType(configuration) }],
      "Synapse identity": [{ objectId: synapse.principalId, principalType: "ServicePrincipal" }],
      "cluster identity": [
        { objectId: principalOf("the cluster", machineLearning.cluster.identity), principalType: "ServicePrincipal" },
      ],
      "scoring application": [{ objectId: scoringApplication, principalType: "ServicePrincipal" }],
      "trigger principal": [{ objectId: configuration.triggerPrincipalId, principalType: "ServicePrincipal" }],
      operators: configuration.operators,
      synapseAdministrators: configuration.synapseAdministrators,
    },
    places: {
      "resource group": group.id,
      "scoring vault": scoringVault.vault.id,
      "lake filesystem": storage.lakeFilesystem.id,
      "machine learning workspace": machineLearning.workspace.id,
      "input container": storage.inputContainer.id,
      "default container": pulumi.interpolate`${storage.machineLearningAccount.id}/blobServices/default/containers/${machineLearning.defaultContainer}`,
    },
    synapse: {
      workspace: synapse.workspace,
      workspaceName: synapse.workspace.name,
      endpoint: synapse.endpoint,
      addressRules: synapse.addressRules,
    },
  });
  new ScoringSecrets(
    "scoring-secrets",
    { resourceGroupName: group.name, vault: scoringVault.vault, clientId, clientSecret: pulumi.secret(clientSecret) },
    { dependsOn: access },
  );

  const definition = pulumi
    .all([
      scoringVault.vault.name,
      machineLearning.workspace.location,
      machineLearning.workspace.id,
      batch.scoringUri,
      machineLearning.dataAsset.id,
      machineLearning.defaultDatastoreId,
    ])
    .apply(([vault, region, workspaceId, scoringUri, dataAssetId, scoresDatastoreId]) =>
      scoringPipeline(
        {
          tenantId,
          vaultUrl: vaultUrl(vault),
          clientIdSecret: scoringSecretNames.clientId,
          clientSecretSecret: scoringSecretNames.clientSecret,
          experimentsUrl: experimentsUrl(region ?? location),
          machineLearningApiUrl: machineLearningApiUrl(region ?? location),
          machineLearningWorkspaceId: workspaceId,
          scoringUri,
          dataAssetId,
          scoresDatastoreId,
          datastore: inputPlace.container,
          relativePath: `/${inputPlace.path}`,
        },
        configuration,
      ),
    );
  const pipeline = synapse.publish(names.pipeline, definition, deployer, patience);

  return outputsOf({
    tenantId,
    subscriptionId,
    location,
    group,
    synapse,
    pipeline,
    definition,
    machineLearning,
    batch,
    scoringVault,
    storage,
  });
}
