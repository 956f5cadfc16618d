import * as ml from "@pulumi/azure-native/machinelearningservices/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { Scope } from "./scope.js";
import { inputPlace } from "./storage.js";

/** What the workspace is connected to. */
export interface MachineLearningArgs extends Scope {
  readonly subscriptionId: string;
  readonly workspaceName: string;
  readonly clusterName: string;
  readonly vmSize: string;
  readonly storageAccountId: pulumi.Input<string>;
  readonly keyVaultId: pulumi.Input<string>;
  readonly applicationInsightsId: pulumi.Input<string>;
  readonly inputAccountName: pulumi.Input<string>;
  readonly inputContainerName: pulumi.Input<string>;
}

/** The datastore that every workspace is made with, in its own storage account. */
const defaultDatastore = "workspaceblobstore";

/** The machine learning workspace with its cluster, the input's datastore and the data asset of the source document. */
export class MachineLearning extends pulumi.ComponentResource {
  readonly workspace: ml.Workspace;
  readonly cluster: ml.Compute;
  readonly inputDatastore: ml.Datastore;
  readonly dataAsset: ml.DataVersion;
  /** The container of the default datastore: the service chooses its name. */
  readonly defaultContainer: pulumi.Output<string>;
  readonly defaultDatastoreId: pulumi.Output<string>;

  constructor(name: string, args: MachineLearningArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:MachineLearning", name, {}, options);
    const { resourceGroupName, location } = args;
    this.workspace = new ml.Workspace(
      "machine-learning",
      {
        workspaceName: args.workspaceName,
        resourceGroupName,
        location,
        kind: "Default",
        sku: { name: "Basic", tier: "Basic" },
        identity: { type: "SystemAssigned" },
        storageAccount: args.storageAccountId,
        keyVault: args.keyVaultId,
        applicationInsights: args.applicationInsightsId,
        publicNetworkAccess: "Enabled",
        v1LegacyMode: false,
        systemDatastoresAuthMode: "accesskey",
        // images are built on the cluster: the registry's own build service is refused to trial subscriptions
        imageBuildCompute: args.clusterName,
      },
      { parent: this },
    );
    const inWorkspace = { resourceGroupName, workspaceName: this.workspace.name };
    const child = { parent: this, deletedWith: this.workspace };
    this.cluster = new ml.Compute(
      "cluster",
      {
        ...inWorkspace,
        computeName: args.clusterName,
        location,
        identity: { type: "SystemAssigned" },
        properties: {
          computeType: "AmlCompute",
          properties: {
            vmSize: args.vmSize,
            vmPriority: "Dedicated",
            osType: "Linux",
            scaleSettings: { minNodeCount: 0, maxNodeCount: 1, nodeIdleTimeBeforeScaleDown: "PT120S" },
            remoteLoginPortPublicAccess: "Disabled",
          },
        },
      },
      child,
    );
    this.inputDatastore = new ml.Datastore(
      "input-datastore",
      {
        ...inWorkspace,
        name: inputPlace.container,
        properties: {
          datastoreType: "AzureBlob",
          accountName: args.inputAccountName,
          containerName: args.inputContainerName,
          endpoint: "core.windows.net",
          protocol: "https",
          subscriptionId: args.subscriptionId,
          resourceGroup: resourceGroupName,
          credentials: { credentialsType: "None" },
          serviceDataAccessAuthIdentity: "WorkspaceSystemAssignedIdentity",
        },
      },
      child,
    );
    this.dataAsset = new ml.DataVersion(
      "data-asset",
      {
        ...inWorkspace,
        name: inputPlace.container,
        version: "1",
        properties: {
          dataType: "uri_file",
          dataUri: pulumi.interpolate`azureml:/${this.inputDatastore.id}/paths/${inputPlace.path}`,
          description: "The trips that the pipeline scores",
        },
      },
      { ...child, retainOnDelete: true },
    );
    const datastore = ml.getDatastoreOutput({ ...inWorkspace, name: defaultDatastore }, { parent: this });
    this.defaultDatastoreId = datastore.id;
    this.defaultContainer = datastore.properties.apply((properties) => {
      if (properties.datastoreType === "AzureBlob" && properties.containerName) return properties.containerName;
      throw new Error(`the datastore ${defaultDatastore} is not in a blob container`);
    });
    this.registerOutputs({ workspaceId: this.workspace.id, defaultContainer: this.defaultContainer });
  }
}
