import * as storage from "@pulumi/azure-native/storage/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { Scope } from "./scope.js";

/** The account's name and what is put into it. */
export interface StorageArgs extends Scope {
  readonly accountName: string;
  /** The CSV to score: an absolute path. */
  readonly inputFile: string;
}

/** The container, and the path in it, that the pipeline reads its input from. */
export const inputPlace = { container: "taxibatch2files", path: "example-data/taxibatch.csv" } as const;

/** Machine learning's account (a workspace refuses hierarchical namespaces) with the input. */
export class Storage extends pulumi.ComponentResource {
  readonly account: storage.StorageAccount;
  readonly inputContainer: storage.BlobContainer;
  readonly inputBlob: storage.Blob;

  constructor(name: string, args: StorageArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:Storage", name, {}, options);
    const { resourceGroupName } = args;
    // the default datastore and the blobs of this program use the account's key
    const own = { allowSharedKeyAccess: true, isHnsEnabled: false };
    this.account = storageAccount("machine-learning-storage", args, own, this);
    this.inputContainer = blobContainer(inputPlace.container, this.account, resourceGroupName, this);
    this.inputBlob = new storage.Blob(
      "input-file",
      {
        accountName: this.account.name,
        containerName: this.inputContainer.name,
        resourceGroupName,
        blobName: inputPlace.path,
        contentType: "text/csv",
        type: "Block",
        source: new pulumi.asset.FileAsset(args.inputFile),
      },
      { parent: this, deletedWith: this.account },
    );
    this.registerOutputs({ accountId: this.account.id });
  }
}

/** A storage account without public blobs and without TLS before 1.2. */
export function storageAccount(
  logicalName: string,
  { accountName, resourceGroupName, location }: Scope & { readonly accountName: string },
  own: { readonly allowSharedKeyAccess: boolean; readonly isHnsEnabled: boolean },
  parent: pulumi.Resource,
): storage.StorageAccount {
  return new storage.StorageAccount(
    logicalName,
    {
      accountName,
      resourceGroupName,
      location,
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      minimumTlsVersion: "TLS1_2",
      enableHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      publicNetworkAccess: "Enabled",
      ...own,
    },
    { parent },
  );
}

/** A container (a file system, in a lake) that nobody reads without signing in. */
export function blobContainer(
  containerName: string,
  account: storage.StorageAccount,
  resourceGroupName: pulumi.Input<string>,
  parent: pulumi.Resource,
): storage.BlobContainer {
  return new storage.BlobContainer(
    containerName,
    { containerName, accountName: account.name, resourceGroupName, publicAccess: "None" },
    { parent, deletedWith: account },
  );
}
