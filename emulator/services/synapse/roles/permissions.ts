import { builtInRole, type ScopeKind } from "./builtInRoles.js";
import type { SynapseRoleAssignment } from "./roleAssignments.js";

/** The data actions of Synapse RBAC that this data plane asks for. */
export const actions = {
  read: "Microsoft.Synapse/workspaces/read",
  readArtifacts: "Microsoft.Synapse/workspaces/artifacts/read",
  writePipelines: "Microsoft.Synapse/workspaces/pipelines/write",
  deletePipelines: "Microsoft.Synapse/workspaces/pipelines/delete",
  writeLinkedServices: "Microsoft.Synapse/workspaces/linkedServices/write",
  deleteLinkedServices: "Microsoft.Synapse/workspaces/linkedServices/delete",
  writeDatasets: "Microsoft.Synapse/workspaces/datasets/write",
  deleteDatasets: "Microsoft.Synapse/workspaces/datasets/delete",
  writeTriggers: "Microsoft.Synapse/workspaces/triggers/write",
  deleteTriggers: "Microsoft.Synapse/workspaces/triggers/delete",
  viewPipelineOutputs: "Microsoft.Synapse/workspaces/pipelines/viewOutputs/action",
  cancelPipelineRun: "Microsoft.Synapse/workspaces/cancelPipelineRun/action",
  useCredentialSecret: "Microsoft.Synapse/workspaces/credentials/useSecret/action",
  writeRoleAssignments: "Microsoft.Synapse/workspaces/roleAssignments/write",
  deleteRoleAssignments: "Microsoft.Synapse/workspaces/roleAssignments/delete",
} as const;

/** Whether something granted at `granted` holds at `wanted`: the same scope or one above it. */
export function covers(granted: string, wanted: string): boolean {
  const above = granted.toLowerCase();
  const below = wanted.toLowerCase();
  return below === above || below.startsWith(`${above}/`);
}

/** The principal's assignment that allows the action at the scope. */
export function grantOf(
  assignments: readonly SynapseRoleAssignment[],
  principalIds: readonly string[],
  action: string,
  scope: string,
): SynapseRoleAssignment | undefined {
  const wanted = action.toLowerCase();
  return assignments.find((assignment) => {
    if (!principalIds.includes(assignment.principalId)) return false;
    // a role on anything in the workspace makes its holder a Synapse User of the workspace
    if (wanted === actions.read.toLowerCase() && !scope.slice("workspaces/".length).includes("/")) return true;
    if (!covers(assignment.scope, scope)) return false;
    return builtInRole(assignment.roleDefinitionId)?.dataActions.some((held) => held.toLowerCase() === wanted) ?? false;
  });
}

const kinds: readonly ScopeKind[] = [
  "bigDataPools",
  "scopePools",
  "integrationRuntimes",
  "linkedServices",
  "credentials",
];

/** What kind of scope of this workspace the text is; undefined when it is none. */
export function scopeKindOf(workspaceName: string, scope: string): ScopeKind | undefined {
  const [root, name, kind, item, ...rest] = scope.split("/");
  if (root?.toLowerCase() !== "workspaces" || name?.toLowerCase() !== workspaceName.toLowerCase()) return undefined;
  if (kind === undefined) return "workspace";
  if (item === undefined || item === "" || rest.length > 0) return undefined;
  return kinds.find((candidate) => candidate.toLowerCase() === kind.toLowerCase());
}
