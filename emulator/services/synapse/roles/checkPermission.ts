import type { Principal } from "../../../platform/directory.js";
import { notPermitted } from "../errors.js";
import type { Workspace } from "../workspaces.js";
import { actions, grantOf } from "./permissions.js";
import type { SynapseRoleAssignment } from "./roleAssignments.js";

/** A data action and, below the workspace, on what: `credentials/WorkspaceSystemIdentity`. */
export interface Permission {
  readonly action: string;
  readonly on?: string;
}

/** Starting a run uses the credential that is the workspace's own identity. */
export const useSystemIdentity: Permission = {
  action: actions.useCredentialSecret,
  on: "credentials/WorkspaceSystemIdentity",
};

/** Refuses (403 `Unauthorized`) a caller whose roles do not allow the action. */
export function checkPermission(
  assignments: readonly SynapseRoleAssignment[],
  caller: Principal,
  workspace: Workspace,
  { action, on }: Permission,
): void {
  const scope = `workspaces/${workspace.name}${on === undefined ? "" : `/${on}`}`;
  if (grantOf(assignments, [caller.objectId], action, scope)) return;
  // as recorded: only the refusal of `read` ends in /*
  throw notPermitted(caller.objectId, action, action === actions.read ? `${scope}/*` : scope);
}
