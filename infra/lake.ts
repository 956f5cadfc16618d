import type * as storage from "@pulumi/azure-native/storage/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { Scope } from "./scope.js";
import { blobContainer, storageAccount } from "./storage.js";

/** The names of the lake's account and of its file system. */
export interface LakeArgs extends Scope {
  readonly accountName: string;
  readonly filesystemName: string;
}

/** The lake (hierarchical namespaces, roles alone) that a Synapse workspace is built on. */
export class Lake extends pulumi.ComponentResource {
  readonly account: storage.StorageAccount;
  readonly filesystem: storage.BlobContainer;

  constructor(name: string, args: LakeArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:Lake", name, {}, options);
    this.account = storageAccount(name, args, { allowSharedKeyAccess: false, isHnsEnabled: true }, this);
    this.filesystem = blobContainer(args.filesystemName, this.account, args.resourceGroupName, this);
    this.registerOutputs({ accountId: this.account.id });
  }
}
