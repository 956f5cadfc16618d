import * as synapse from "@pulumi/azure-native/synapse/index.js";
import * as pulumi from "@pulumi/pulumi";
import { synapseUrl } from "../contract/hosts.js";
import type { PipelineDefinition } from "../contract/pipeline.js";
import type { Patience } from "./dataplane/effect.js";
import { SynapsePipeline } from "./dataplane/synapsePipeline.js";
import type { Existing } from "./existing.js";
import type { Lake } from "./lake.js";
import { type Logs, logged } from "./monitoring.js";
import type { Inside, Scope } from "./scope.js";

/** The workspace, made on a lake or there already, and who may reach it. */
export interface SynapseArgs extends Scope {
  readonly workspace: Existing | { readonly name: string; readonly lake: Lake };
  /** Addresses, or ranges `first-last`. */
  readonly allowedIpAddresses: readonly string[];
  readonly logs: Logs;
}

/** What Azure Monitor calls the workspace's records of runs, role changes and requests. */
const logCategories = [
  "IntegrationPipelineRuns",
  "IntegrationActivityRuns",
  "IntegrationTriggerRuns",
  "SynapseRbacOperations",
  "GatewayApiRequests",
];

/** The Synapse workspace and its address rules. */
export class Synapse extends pulumi.ComponentResource {
  readonly workspace: synapse.Workspace;
  /** `https://<workspace>.dev.azuresynapse.net` */
  readonly endpoint: pulumi.Output<string>;
  readonly principalId: pulumi.Output<string>;
  /** ARM id; a workspace that was there before has its lake already. */
  readonly lakeFilesystemId: pulumi.Output<string> | undefined;
  /** What is inside can be reached only after the address rules. */
  readonly inside: Inside;

  constructor(name: string, args: SynapseArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:Synapse", name, {}, options);
    const { workspace } = args;
    const isMade = "lake" in workspace;
    this.lakeFilesystemId = isMade ? workspace.lake.filesystem.id : undefined;
    this.workspace = isMade
      ? this.make(args, workspace)
      : synapse.Workspace.get("existing-synapse", workspace.id, { parent: this });
    const ends = isMade ? { deletedWith: this.workspace } : {};
    const addressRules = args.allowedIpAddresses.map((range) => {
      const [first = range, last = first] = range.split("-");
      return new synapse.IpFirewallRule(
        `address-${range}`,
        {
          ruleName: `address-${range.replaceAll(".", "-")}`,
          workspaceName: this.workspace.name,
          resourceGroupName: isMade ? args.resourceGroupName : workspace.resourceGroup,
          startIpAddress: first,
          endIpAddress: last,
        },
        { parent: this, ...ends },
      );
    });
    this.inside = { ...ends, dependsOn: addressRules };
    this.endpoint = this.workspace.name.apply(synapseUrl);
    this.principalId = principalOf("the Synapse workspace", this.workspace.identity);
    this.registerOutputs({ workspaceId: this.workspace.id, endpoint: this.endpoint });
  }

  private make(
    { resourceGroupName, location, logs }: SynapseArgs,
    { name, lake }: { readonly name: string; readonly lake: Lake },
  ): synapse.Workspace {
    const workspace = new synapse.Workspace(
      "synapse",
      {
        workspaceName: name,
        resourceGroupName,
        location,
        identity: { type: "SystemAssigned" },
        defaultDataLakeStorage: {
          resourceId: lake.account.id,
          accountUrl: lake.account.primaryEndpoints.apply((endpoints) => endpoints.dfs.replace(/\/$/, "")),
          filesystem: lake.filesystem.name,
        },
        azureADOnlyAuthentication: true,
        publicNetworkAccess: "Enabled",
      },
      { parent: this },
    );
    logged("synapse-logs", logs, workspace.id, logCategories, { parent: this });
    return workspace;
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
      { parent: this, ...this.inside },
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
    throw new pulumi.RunError(`${what} has no identity of its own`);
  });
}
