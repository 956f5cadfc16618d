import * as ml from "@pulumi/azure-native/machinelearningservices/index.js";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { PurgeOnDelete } from "./dataplane/purgeOnDelete.js";
import { type Existing, existingOf } from "./existing.js";
import type { Inside, Scope } from "./scope.js";
import { inputPlace } from "./storage.js";

/** What a workspace that is made is connected to, by ARM ids. */
export interface NewWorkspace {
  readonly name: string;
  readonly storageAccountId: pulumi.Input<string>;
  readonly keyVaultId: pulumi.Input<string>;
  readonly applicationInsightsId: pulumi.Input<string>;
  readonly purgeOnDestroy: boolean;
}

/** The workspace, and what is made in it. */
export interface MachineLearningArgs extends Scope {
  readonly subscriptionId: string;
  readonly workspace: Existing | NewWorkspace;
  readonly clusterName: string;
  readonly vmSize: string;
  readonly inputDatastoreName: string;
  readonly inputAccountName: pulumi.Input<string>;
  readonly inputAccountResourceGroup: pulumi.Input<string>;
  readonly inputContainerName: pulumi.Input<string>;
}

/** The datastore that every workspace is made with, in its own storage account. */
const defaultDatastore = "workspaceblobstore";

/** The machine learning workspace with its cluster, the input's datastore and the data asset of the source document. */
export class MachineLearning extends pulumi.ComponentResource {
  readonly workspace: ml.Workspace;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: pulumi.Output<string>;
  readonly inside: Inside;
  readonly cluster: ml.Compute;
  readonly inputDatastore: ml.Datastore;
  readonly dataAsset: ml.DataVersion;
  readonly dataAssetVersion: pulumi.Output<string>;
  /** The workspace's own storage account. */
  readonly account: pulumi.Output<Existing>;
  /** The container of the default datastore: the service chooses its name. */
  readonly defaultContainer: pulumi.Output<string>;
  readonly defaultDatastoreId: pulumi.Output<string>;

  constructor(name: string, args: MachineLearningArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:MachineLearning", name, {}, options);
    const { workspace } = args;
    if ("id" in workspace) {
      this.workspace = ml.Workspace.get("existing-machine-learning", workspace.id, { parent: this });
      this.resourceGroupName = workspace.resourceGroup;
      this.inside = {};
      this.account = this.workspace.storageAccount.apply(accountOf);
    } else {
      this.workspace = this.make(args, workspace);
      this.resourceGroupName = args.resourceGroupName;
      this.inside = { deletedWith: this.workspace, dependsOn: this.freeingName(workspace.purgeOnDestroy) };
      this.account = pulumi.output(workspace.storageAccountId).apply(accountOf);
    }
    this.location = pulumi.all([this.workspace.location, args.location]).apply(([own, asked]) => own ?? asked);
    const inWorkspace = { resourceGroupName: this.resourceGroupName, workspaceName: this.workspace.name };
    const child = { parent: this, ...this.inside };
    this.cluster = new ml.Compute(
      "cluster",
      {
        ...inWorkspace,
        computeName: args.clusterName,
        location: this.location,
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
        name: args.inputDatastoreName,
        properties: {
          datastoreType: "AzureBlob",
          accountName: args.inputAccountName,
          containerName: args.inputContainerName,
          endpoint: "core.windows.net",
          protocol: "https",
          subscriptionId: args.subscriptionId,
          resourceGroup: args.inputAccountResourceGroup,
          credentials: { credentialsType: "None" },
          serviceDataAccessAuthIdentity: "WorkspaceSystemAssignedIdentity",
        },
      },
      child,
    );
    const dataUri = pulumi.interpolate`azureml:/${this.inputDatastore.id}/paths/${inputPlace.path}`;
    this.dataAssetVersion = "id" in workspace ? this.versionOf(dataUri) : pulumi.output("1");
    this.dataAsset = new ml.DataVersion(
      "data-asset",
      {
        ...inWorkspace,
        name: inputPlace.container,
        version: this.dataAssetVersion,
        properties: { dataType: "uri_file", dataUri, description: "The trips that the pipeline scores" },
      },
      { ...child, retainOnDelete: true },
    );
    const datastore = ml.getDatastoreOutput({ ...inWorkspace, name: defaultDatastore }, { parent: this });
    this.defaultDatastoreId = datastore.id;
    this.defaultContainer = datastore.properties.apply((properties) => {
      if (properties.datastoreType === "AzureBlob" && properties.containerName) return properties.containerName;
      throw new pulumi.RunError(`the datastore ${defaultDatastore} is not in a blob container`);
    });
    this.registerOutputs({ workspaceId: this.workspace.id, defaultContainer: this.defaultContainer });
  }

  private make(args: MachineLearningArgs, workspace: NewWorkspace): ml.Workspace {
    return new ml.Workspace(
      "machine-learning",
      {
        workspaceName: workspace.name,
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        kind: "Default",
        sku: { name: "Basic", tier: "Basic" },
        identity: { type: "SystemAssigned" },
        storageAccount: workspace.storageAccountId,
        keyVault: workspace.keyVaultId,
        applicationInsights: workspace.applicationInsightsId,
        publicNetworkAccess: "Enabled",
        v1LegacyMode: false,
        systemDatastoresAuthMode: "accesskey",
        // images are built on the cluster: the registry's own build service is refused to trial subscriptions
        imageBuildCompute: args.clusterName,
      },
      { parent: this },
    );
  }

  /** Made after the workspace and before all that is in it, so that it is removed between them. */
  private freeingName(purge: boolean): PurgeOnDelete {
    return new PurgeOnDelete(
      "machine-learning-purge",
      { kind: "machineLearningWorkspace", resourceId: this.workspace.id, purge },
      { parent: this },
    );
  }

  /** A version of its own: in a workspace that outlives the stack, version 1 may be another stack's, or an earlier one's. */
  private versionOf(dataUri: pulumi.Output<string>): pulumi.Output<string> {
    return new random.RandomId("data-asset-version", { byteLength: 4, keepers: { dataUri } }, { parent: this }).hex;
  }
}

function accountOf(id: string | undefined): Existing {
  const account = existingOf("Microsoft.Storage/storageAccounts", id ?? "");
  if (account) return account;
  throw new pulumi.RunError(
    `the machine learning workspace has no storage account of its own: ${id ?? "none is named"}`,
  );
}
