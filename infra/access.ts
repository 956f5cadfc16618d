import * as authorization from "@pulumi/azure-native/authorization/index.js";
import * as pulumi from "@pulumi/pulumi";
import { v5 as uuid } from "uuid";
import type { Configuration } from "./config.js";
import type { Patience } from "./dataplane/effect.js";
import { SynapseRoleAssignment } from "./dataplane/synapseRoleAssignment.js";
import type { Synapse } from "./synapse.js";

/** The built-in roles of Azure that the program gives, by GUID. */
export const azureRoles = {
  "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
  "Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  "AzureML Data Scientist": "f6c7c914-8db3-469d-8ca1-694a8f32e121",
  Reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
} as const;

/** The built-in roles of a Synapse workspace that the program gives, by GUID. */
export const synapseRoles = {
  "Synapse User": "2a385764-43e8-416c-9825-7b18d05a2c4b",
  "Synapse Credential User": "5eb298b4-692c-4241-9cf0-f58a3b42bb25",
  "Synapse Artifact User": "53faaa0e-40b6-40c8-a2ff-e38f2d388875",
  "Synapse Compute Operator": "e3844cc7-4670-42cb-9349-9bdac1ee7881",
  "Synapse Administrator": "6e4bf58a-b8e1-4cc3-bbf9-d73143322b78",
} as const;

type Who =
  | "Synapse identity"
  | "cluster identity"
  | "invoker"
  | "trigger principal"
  | "deployer"
  | "operators"
  | "synapseAdministrators";
type AzurePlace =
  | "scoring vault"
  | "lake filesystem"
  | "machine learning workspace"
  | "input container"
  | "default container"
  | "resource group";

/** One line of the table: these principals have this role there, for this reason. */
export type Grant = { readonly who: Who; readonly why: string } & (
  | { readonly role: keyof typeof azureRoles; readonly on: AzurePlace }
  | { readonly role: keyof typeof synapseRoles; readonly on: "Synapse workspace" }
);

/**
 * Every role assignment of the program. The invoker is who calls the batch endpoint: the scoring application, or the
 * Synapse identity. The ML workspace's own identity has no line: Azure makes its assignments itself.
 */
export const grants: readonly Grant[] = [
  {
    who: "Synapse identity",
    role: "Key Vault Secrets User",
    on: "scoring vault",
    why: "Web activities read the application's credentials",
  },
  {
    who: "Synapse identity",
    role: "Storage Blob Data Contributor",
    on: "lake filesystem",
    why: "the workspace keeps its own data there",
  },
  {
    who: "invoker",
    role: "AzureML Data Scientist",
    on: "machine learning workspace",
    why: "starts the batch job and reads its state",
  },
  {
    who: "invoker",
    role: "Storage Blob Data Reader",
    on: "input container",
    why: "the job reads its input as its invoker",
  },
  {
    who: "cluster identity",
    role: "Storage Blob Data Reader",
    on: "input container",
    why: "the job mounts its input as its cluster",
  },
  { who: "deployer", role: "Storage Blob Data Reader", on: "default container", why: "downloads scores" },
  { who: "operators", role: "Storage Blob Data Reader", on: "default container", why: "download scores" },
  { who: "deployer", role: "Key Vault Secrets Officer", on: "scoring vault", why: "looks for and removes secrets" },
  { who: "trigger principal", role: "Synapse User", on: "Synapse workspace", why: "reaches the workspace" },
  {
    who: "trigger principal",
    role: "Synapse Credential User",
    on: "Synapse workspace",
    why: "starts runs, which use the workspace's identity",
  },
  {
    who: "trigger principal",
    role: "Synapse Artifact User",
    on: "Synapse workspace",
    why: "reads the pipeline and its runs",
  },
  { who: "operators", role: "Synapse Credential User", on: "Synapse workspace", why: "rerun" },
  { who: "operators", role: "Synapse Artifact User", on: "Synapse workspace", why: "watch" },
  { who: "operators", role: "Synapse Compute Operator", on: "Synapse workspace", why: "cancel" },
  { who: "operators", role: "AzureML Data Scientist", on: "machine learning workspace", why: "cancel and retrain" },
  { who: "operators", role: "Reader", on: "resource group", why: "find the resources" },
  {
    who: "synapseAdministrators",
    role: "Synapse Administrator",
    on: "Synapse workspace",
    why: "publish besides the deployer",
  },
];

/** A principal as role assignments name it: an object id that may not be known before its resource exists. */
export interface Assignee {
  readonly objectId: pulumi.Input<string>;
  readonly principalType: Configuration["operators"][number]["principalType"];
}

/** Who the names of the table stand for, and the ARM ids of its places. */
export interface AccessArgs {
  readonly subscriptionId: string;
  readonly principals: Readonly<Record<Who, readonly Assignee[]>>;
  /** The lake is its owner's where the Synapse workspace was there before. */
  readonly places: Readonly<Record<Exclude<AzurePlace, "lake filesystem">, pulumi.Input<string>>> & {
    readonly "lake filesystem": pulumi.Input<string> | undefined;
  };
  readonly synapse: Synapse;
  readonly actingAs: string;
  readonly patience: Patience;
}

/** Names of assignments are this namespace's uuid v5 of scope, role and principal: the same in every deployment. */
const namespace = "8d0e1f36-3c53-5b0f-9d4e-6f5a3a0c7b21";

/** Makes the assignments of the table. */
export class Access extends pulumi.ComponentResource {
  constructor(name: string, args: AccessArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:Access", name, {}, options);
    const given = new Set<string>();
    for (const grant of grants) {
      for (const assignee of args.principals[grant.who]) {
        const { objectId } = assignee;
        if (typeof objectId === "string") {
          // the deployer may be an operator too, but Azure takes the same assignment only once
          const same = `${objectId}, ${grant.role}, ${grant.on}`.toLowerCase();
          if (given.has(same)) continue;
          given.add(same);
        }
        const label = `${labelOf(grant.who, assignee)}, ${grant.role}, ${grant.on}`;
        if (grant.on === "Synapse workspace") {
          this.onSynapse(label, args, synapseRoles[grant.role], assignee);
          continue;
        }
        const scope = args.places[grant.on];
        if (scope !== undefined) this.onAzure(label, args, scope, azureRoles[grant.role], grant.why, assignee);
      }
    }
    this.registerOutputs({});
  }

  private onAzure(
    label: string,
    args: AccessArgs,
    scope: pulumi.Input<string>,
    roleId: string,
    why: string,
    assignee: Assignee,
  ): void {
    new authorization.RoleAssignment(
      label,
      {
        scope,
        roleAssignmentName: assignmentName(scope, roleId, assignee.objectId),
        roleDefinitionId: `/subscriptions/${args.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
        principalId: assignee.objectId,
        principalType: assignee.principalType,
        description: why,
      },
      { parent: this },
    );
  }

  private onSynapse(label: string, args: AccessArgs, roleId: string, assignee: Assignee): void {
    const { workspace, endpoint, inside } = args.synapse;
    new SynapseRoleAssignment(
      label,
      {
        endpoint,
        workspaceName: workspace.name,
        roleId,
        assignmentName: assignmentName(workspace.name, roleId, assignee.objectId),
        principalId: assignee.objectId,
        principalType: assignee.principalType,
        actingAs: args.actingAs,
        patience: args.patience,
      },
      { parent: this, ...inside },
    );
  }
}

/** By object id where there may be many: who leaves the list must not rename, and so replace, who stays. */
function labelOf(who: Who, { objectId }: Assignee): string {
  const isList = who === "operators" || who === "synapseAdministrators";
  return isList && typeof objectId === "string" ? `${who} ${objectId}` : who;
}

function assignmentName(
  scope: pulumi.Input<string>,
  roleId: string,
  principalId: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi
    .all([scope, principalId])
    .apply(([place, principal]) => uuid([place, roleId, principal].join("|").toLowerCase(), namespace));
}
