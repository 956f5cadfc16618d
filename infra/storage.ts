import * as storage from "@pulumi/azure-native/storage/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { Scope } from "./scope.js";

/** Names of the two accounts and what is put into them. */
export interface StorageArgs extends Scope {
  readonly machineLearningAccountName: string;
  readonly lakeAccountName: string;
  readonly lakeFilesystem: string;
  /** The CSV to score: an absolute path. */
  readonly inputFile: string;
}

/** The container, and the path in it, that the pipeline reads its input from. */
export const inputPlace = { container: "taxibatch2files", path: "example-data/taxibatch.csv" } as const;

/** Machine learning's account (a workspace refuses hierarchical namespaces) and the lake that Synapse is built on. */
export class Storage extends pulumi.ComponentResource {
  readonly machineLearningAccount: storage.StorageAccount;
  readonly inputContainer: storage.BlobContainer;
  readonly inputBlob: storage.Blob;
  readonly lake: storage.StorageAccount;
  readonly lakeFilesystem: storage.BlobContainer;

  constructor(name: string, args: StorageArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:Storage", name, {}, options);
    const { resourceGroupName } = args;
    const account = (
      logicalName: string,
      accountName: string,
      own: { allowSharedKeyAccess: boolean; isHnsEnabled: boolean },
    ) =>
      new storage.StorageAccount(
        logicalName,
        {
          accountName,
          resourceGroupName,
          location: args.location,
          kind: "StorageV2",
          sku: { name: "Standard_LRS" },
          minimumTlsVersion: "TLS1_2",
          enableHttpsTrafficOnly: true,
          allowBlobPublicAccess: false,
          publicNetworkAccess: "Enabled",
          ...own,
        },
        { parent: this },
      );
    const container = (containerName: string, of: storage.StorageAccount) =>
      new storage.BlobContainer(
        containerName,
        { containerName, accountName: of.name, resourceGroupName, publicAccess: "None" },
        { parent: this, deletedWith: of },
      );

    // the default datastore and the blobs of this program use the account's key
    this.machineLearningAccount = account("machine-learning-storage", args.machineLearningAccountName, {
      allowSharedKeyAccess: true,
      isHnsEnabled: false,
    });
    this.inputContainer = container(inputPlace.container, this.machineLearningAccount);
    this.inputBlob = new storage.Blob(
      "input-file",
      {
        accountName: this.machineLearningAccount.name,
        containerName: this.inputContainer.name,
        resourceGroupName,
        blobName: inputPlace.path,
        contentType: "text/csv",
        type: "Block",
        source: new pulumi.asset.FileAsset(args.inputFile),
      },
      { parent: this, deletedWith: this.machineLearningAccount },
    );
    this.lake = account("lake", args.lakeAccountName, { allowSharedKeyAccess: false, isHnsEnabled: true });
    this.lakeFilesystem = container(args.lakeFilesystem, this.lake);
    this.registerOutputs({ machineLearningAccountId: this.machineLearningAccount.id, lakeId: this.lake.id });
  }
}
