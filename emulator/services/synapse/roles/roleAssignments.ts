import { immediate, type Propagation } from "../../../platform/propagation.js";
import type { Row, Store } from "../../../platform/store.js";

/** A Synapse role assignment on the wire (2020-12-01): `scope` is `workspaces/<name>` or below. */
export interface SynapseRoleAssignment {
  readonly id: string;
  readonly roleDefinitionId: string;
  readonly principalId: string;
  readonly scope: string;
  readonly principalType: string;
}

/** The role assignments of all workspaces; a workspace is named by its `key`. */
export interface RoleAssignments {
  of(workspace: string): readonly SynapseRoleAssignment[];
  /** Those that the data plane knows of already. */
  inEffect(workspace: string): readonly SynapseRoleAssignment[];
  get(workspace: string, id: string): SynapseRoleAssignment | undefined;
  add(workspace: string, assignment: SynapseRoleAssignment): void;
  remove(workspace: string, id: string): void;
  removeAll(workspace: string): void;
}

/** Opens the table of role assignments. */
export function openRoleAssignments(store: Store, propagation: Propagation = immediate): RoleAssignments {
  store.migrate("synapse role assignments", [
    `CREATE TABLE synapse_role_assignments (seq INTEGER PRIMARY KEY, workspace TEXT NOT NULL, id TEXT NOT NULL,
       role_id TEXT NOT NULL, principal_id TEXT NOT NULL, scope TEXT NOT NULL, principal_type TEXT NOT NULL,
       UNIQUE (workspace, id))`,
  ]);
  const select = "SELECT * FROM synapse_role_assignments WHERE workspace = ?";
  const of = (workspace: string) => store.all(`${select} ORDER BY seq`, workspace).map(toAssignment);
  const keyOf = (workspace: string, id: string) => `${workspace}/roleAssignments/${id}`;
  return {
    of,
    inEffect: (workspace) => of(workspace).filter(({ id }) => propagation.inEffect(keyOf(workspace, id))),
    get: (workspace, id) => store.all(`${select} AND id = ?`, workspace, id.toLowerCase()).map(toAssignment)[0],
    add(workspace, assignment) {
      propagation.accepted(keyOf(workspace, assignment.id));
      store.run(
        `INSERT INTO synapse_role_assignments (workspace, id, role_id, principal_id, scope, principal_type)
           VALUES (?, ?, ?, ?, ?, ?)`,
        workspace,
        assignment.id.toLowerCase(),
        assignment.roleDefinitionId.toLowerCase(),
        assignment.principalId.toLowerCase(),
        assignment.scope,
        assignment.principalType,
      );
    },
    remove: (workspace, id) =>
      store.run("DELETE FROM synapse_role_assignments WHERE workspace = ? AND id = ?", workspace, id.toLowerCase()),
    removeAll: (workspace) => store.run("DELETE FROM synapse_role_assignments WHERE workspace = ?", workspace),
  };
}

function toAssignment(row: Row): SynapseRoleAssignment {
  return {
    id: String(row["id"]),
    roleDefinitionId: String(row["role_id"]),
    principalId: String(row["principal_id"]),
    scope: String(row["scope"]),
    principalType: String(row["principal_type"]),
  };
}
