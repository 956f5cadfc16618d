import type * as storage from "@pulumi/azure-native/storage/index.js";
import * as synapse from "@pulumi/azure-native/synapse/index.js";
import * as pulumi from "@pulumi/pulumi";
import { synapseUrl } from "../contract/hosts.js";
import type { PipelineDefinition } from "../contract/pipeline.js";
import type { Patience } from "./dataplane/effect.js";
import { SynapsePipeline } from "./dataplane/synapsePipeline.js";
import type { Scope } from "./scope.js";

/** The workspace, the lake it is built on, and who may reach it. */
export interface SynapseArgs extends Scope {
  readonly workspaceName: string;
  readonly lake: storage.StorageAccount;
  readonly lakeFilesystem: storage.BlobContainer;
  /** Addresses, or ranges `first-last`. */
  readonly allowedIpAddresses: readonly string[];
}

/** The Synapse workspace and its address rules. */
export class Synapse extends pulumi.ComponentResource {
  readonly workspace: synapse.Workspace;
  readonly addressRules: readonly synapse.IpFirewallRule[];
  /** `https://<workspace>.dev.azuresynapse.net` */
  readonly endpoint: pulumi.Output<string>;
  readonly principalId: pulumi.Output<string>;

  constructor(name: string, args: SynapseArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:Synapse", name, {}, options);
    const { resourceGroupName } = args;
    this.workspace = new synapse.Workspace(
      "synapse",
      {
        workspaceName: args.workspaceName,
        resourceGroupName,
        location: args.location,
        identity: { type: "SystemAssigned" },
        defaultDataLakeStorage: {
          resourceId: args.lake.id,
          accountUrl: args.lake.primaryEndpoints.apply((endpoints) => endpoints.dfs.replace(/\/$/, "")),
          filesystem: args.lakeFilesystem.name,
        },
        azureADOnlyAuthentication: true,
        publicNetworkAccess: "Enabled",
      },
      { parent: this },
    );
    this.addressRules = args.allowedIpAddresses.map((range) => {
      const [first = range, last = first] = range.split("-");
      return new synapse.IpFirewallRule(
        `address-${range}`,
        {
          ruleName: `address-${range.replaceAll(".", "-")}`,
          workspaceName: this.workspace.name,
          resourceGroupName,
          startIpAddress: first,
          endIpAddress: last,
        },
        { parent: this, deletedWith: this.workspace },
      );
    });
    this.endpoint = this.workspace.name.apply(synapseUrl);
    this.principalId = principalOf("the Synapse workspace", this.workspace.identity);
    this.registerOutputs({ workspaceId: this.workspace.id, endpoint: this.endpoint });
  }

  /** Publishes a pipeline to this workspace. */
  publish(
    pipelineName: string,
    definition: pulumi.Output<PipelineDefinition>,
    actingAs: string,
    patience: Patience,
  ): SynapsePipeline {
    return new SynapsePipeline(
      pipelineName,
      { endpoint: this.endpoint, pipelineName, definition, actingAs, patience },
      { parent: this, dependsOn: [...this.addressRules], deletedWith: this.workspace },
    );
  }
}

/** The object id of a resource's own identity; an error if the service made none. */
export function principalOf(
  what: string,
  identity: pulumi.Output<{ readonly principalId?: string } | undefined>,
): pulumi.Output<string> {
  return identity.apply((own) => {
    if (own?.principalId) return own.principalId;
    throw new Error(`${what} has no identity of its own`);
  });
}
