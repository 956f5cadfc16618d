import * as authorization from "@pulumi/azure-native/authorization/index.js";
import * as resources from "@pulumi/azure-native/resources/index.js";
import * as pulumi from "@pulumi/pulumi";
import { Access } from "./access.js";
import { BatchEndpoint } from "./batchEndpoint.js";
import { deployerType, readConfiguration } from "./config.js";
import { neededProviders, ResourceProviders } from "./dataplane/resourceProviders.js";
import { KeyVault, ScoringSecrets } from "./keyVault.js";
import { Lake } from "./lake.js";
import { MachineLearning } from "./machineLearning.js";
import { Monitoring } from "./monitoring.js";
import { outputsOf } from "./outputs.js";
import { planOf } from "./plan.js";
import { preflight } from "./preflight/preflight.js";
import { publishedPipeline } from "./publishedPipeline.js";
import { scoringApplicationObjectId } from "./scoringApplication.js";
import { ScoringAssets } from "./scoringAssets.js";
import { Storage } from "./storage.js";
import { principalOf, Synapse } from "./synapse.js";

/** What the program asks of Azure before the first resource; a test answers in its place. */
const azure = { signIn: scoringApplicationObjectId, preflight };

/** The Pulumi program: everything from the resource group to the published pipeline; its result is the stack's outputs. */
export default async function program({ signIn, preflight }: typeof azure = azure) {
  const configuration = readConfiguration();
  const client = await authorization.getClientConfig();
  const { tenantId, subscriptionId, objectId: deployer } = client;
  const plan = planOf(configuration, { subscriptionId, project: pulumi.getProject(), stack: pulumi.getStack() });
  const { names, existing, resourceGroup } = plan;
  const { location, purgeOnDestroy, scoringClientId: clientId, scoringClientSecret: clientSecret } = configuration;
  const byApplication = configuration.authentication === "servicePrincipal";
  const [scoringApplication] = await Promise.all([
    byApplication ? signIn({ tenantId, clientId, clientSecret }) : undefined,
    preflight({ configuration, plan, subscriptionId, deployer }),
  ]);
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

  const monitoring = new Monitoring("monitoring", {
    ...scope,
    logAnalyticsName: names.logAnalytics,
    purgeOnDestroy,
  });
  const vaultSettings = {
    ...scope,
    subscriptionId,
    tenantId,
    purgeProtection: configuration.purgeProtection,
    softDeleteRetentionInDays: configuration.softDeleteRetentionInDays,
    purgeOnDestroy,
    logs: monitoring.logs,
  };
  const scoringVault = new KeyVault("scoring-vault", {
    ...vaultSettings,
    vaultName: names.scoringVault,
    existing: existing.scoringVault,
  });
  const storage = new Storage("storage", {
    ...scope,
    accountName: names.machineLearningStorage,
    inputFile: configuration.inputFile,
  });
  const machineLearning = new MachineLearning("machine-learning", {
    ...scope,
    subscriptionId,
    workspace: existing.machineLearningWorkspace ?? {
      name: names.machineLearningWorkspace,
      storageAccountId: storage.account.id,
      keyVaultId: new KeyVault("machine-learning-vault", { ...vaultSettings, vaultName: names.machineLearningVault })
        .vault.id,
      applicationInsightsId: monitoring.componentFor(names.applicationInsights).id,
      purgeOnDestroy,
    },
    clusterName: names.cluster,
    vmSize: configuration.vmSize,
    inputDatastoreName: names.inputDatastore,
    inputAccountName: storage.account.name,
    inputAccountResourceGroup: group.name,
    inputContainerName: storage.inputContainer.name,
  });
  const assets = new ScoringAssets("scoring-assets", {
    machineLearning,
    modelPath: configuration.modelPath,
    environmentImage: configuration.environmentImage,
  });
  const batch = new BatchEndpoint("batch-endpoint", {
    machineLearning,
    assets,
    endpoint: existing.batchEndpoint ?? { name: names.batchEndpoint },
    deploymentName: names.batchDeployment,
    defaultDeployment: configuration.defaultDeployment,
    actingAs: deployer,
  });
  const synapse = new Synapse("synapse", {
    ...scope,
    location: configuration.synapseLocation || location,
    workspace: existing.synapseWorkspace ?? {
      name: names.synapseWorkspace,
      lake: new Lake("lake", { ...scope, accountName: names.lakeStorage, filesystemName: names.lakeFilesystem }),
    },
    allowedIpAddresses: configuration.allowedIpAddresses,
    logs: monitoring.logs,
  });

  const synapseIdentity = { objectId: synapse.principalId, principalType: "ServicePrincipal" } as const;
  const access = new Access("access", {
    subscriptionId,
    actingAs: deployer,
    patience,
    principals: {
      deployer: [{ objectId: deployer, principalType: deployerType(configuration) }],
      "Synapse identity": [synapseIdentity],
      "cluster identity": [
        { objectId: principalOf("the cluster", machineLearning.cluster.identity), principalType: "ServicePrincipal" },
      ],
      invoker: [
        scoringApplication === undefined
          ? synapseIdentity
          : { objectId: scoringApplication, principalType: "ServicePrincipal" },
      ],
      "trigger principal": [{ objectId: configuration.triggerPrincipalId, principalType: "ServicePrincipal" }],
      operators: configuration.operators,
      synapseAdministrators: configuration.synapseAdministrators,
    },
    places: {
      "resource group": group.id,
      "scoring vault": scoringVault.vault.id,
      "lake filesystem": synapse.lakeFilesystemId,
      "machine learning workspace": machineLearning.workspace.id,
      "input container": storage.inputContainer.id,
      "default container": pulumi.interpolate`${machineLearning.account.id}/blobServices/default/containers/${machineLearning.defaultContainer}`,
    },
    synapse,
  });
  const secrets = byApplication
    ? new ScoringSecrets(
        "scoring-secrets",
        { vault: scoringVault, names, clientId, clientSecret: pulumi.secret(clientSecret) },
        { dependsOn: access },
      )
    : undefined;

  const { pipeline, definition } = publishedPipeline({
    configuration,
    names,
    tenantId,
    scoringVault,
    secrets,
    machineLearning,
    batch,
    synapse,
    actingAs: deployer,
    patience,
  });
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
    besEndpoint: configuration.besEndpoint,
  });
}
