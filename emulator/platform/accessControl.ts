import type { Clock } from "../../contract/clock.js";
import type { Access, RoleAssignment } from "./access.js";
import { builtInRole } from "./builtInRoles.js";
import type { Directory } from "./directory.js";
import { AzureError } from "./errors.js";
import { isGuid } from "./guid.js";
import { immediate, type Propagation } from "./propagation.js";
import { permits, type RoleDefinition } from "./roleDefinition.js";
import type { Row, Store } from "./store.js";
import { principals, subscription } from "./subscription.js";

const principalTypes = ["User", "Group", "ServicePrincipal", "ForeignGroup", "Device"] as const;

/** A role assignment with all that Resource Manager tells of it. Times are ISO 8601, `createdBy` is an object id. */
export interface AssignedRole extends RoleAssignment {
  /** The assignment's GUID. */
  readonly name: string;
  readonly principalType: string;
  readonly description: string | null;
  readonly createdOn: string;
  readonly updatedOn: string;
  readonly createdBy: string;
  readonly updatedBy: string;
}

export interface AssignRequest {
  /** An ARM id: subscription, group or resource, which the caller knows to exist. */
  readonly scope: string;
  readonly name: string;
  readonly roleId: string;
  readonly principalId: string;
  readonly principalType?: string | undefined;
  readonly description?: string | null;
  /** The object id of who assigns. */
  readonly by: string;
}

/** Azure RBAC with its administration (Microsoft.Authorization/roleAssignments). Ids and scopes ignore case. */
export interface AccessControl extends Access {
  /** Makes an assignment or updates its description; refuses what Azure refuses (`AzureError`). */
  assign(request: AssignRequest): { readonly assignment: AssignedRole; readonly created: boolean };
  assigned(id: string): AssignedRole | undefined;
  unassign(id: string): void;
  /** Every assignment at the scope, above it and below it. */
  around(scope: string): readonly AssignedRole[];
  /** Ends the assignments at a scope that is being deleted, and below it. */
  removeWithin(scope: string): void;
}

/** The id of the assignment `name` at a scope. */
export const assignmentId = (scope: string, name: string) =>
  `${scope.replace(/\/+$/, "")}/providers/Microsoft.Authorization/roleAssignments/${name}`;

const subscriptionScope = `/subscriptions/${subscription.subscriptionId}`;
/** The deployer is Owner of the subscription from the start, as whoever is given a subscription is. */
function firstAssignment(now: string): string {
  const name = "7c0f5a3e-1b8d-4f6e-9a27-5d4e8c3b2a10";
  const id = assignmentId(subscriptionScope, name);
  const { objectId } = principals.deployer;
  const owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
  return `INSERT INTO role_assignments VALUES ('${keyOf(id)}', '${id}', '${name}', '${subscriptionScope}',
    '${keyOf(subscriptionScope)}', '${owner}', '${objectId}', 'ServicePrincipal', NULL, '${now}', '${now}', '', '')`;
}

/** Opens the tenant's role assignments; a new database has one: the deployer is Owner of the subscription. */
export function openAccess(parts: {
  readonly store: Store;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly propagation?: Propagation;
}): AccessControl {
  const { store, directory, clock, propagation = immediate } = parts;
  const insert = (row: AssignedRole) =>
    store.run(
      "INSERT INTO role_assignments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      keyOf(row.id),
      row.id,
      row.name,
      row.scope,
      keyOf(row.scope),
      row.roleId.toLowerCase(),
      row.principalId.toLowerCase(),
      row.principalType,
      row.description,
      row.createdOn,
      row.updatedOn,
      row.createdBy,
      row.updatedBy,
    );
  store.migrate("accessControl", [
    `CREATE TABLE role_assignments (key TEXT PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, scope TEXT NOT NULL,
       scope_key TEXT NOT NULL, role_id TEXT NOT NULL, principal_id TEXT NOT NULL, principal_type TEXT NOT NULL,
       description TEXT, created_on TEXT NOT NULL, updated_on TEXT NOT NULL, created_by TEXT NOT NULL,
       updated_by TEXT NOT NULL)`,
    "CREATE UNIQUE INDEX role_assignments_once ON role_assignments (principal_id, scope_key, role_id)",
    firstAssignment(clock.now().toISOString()),
  ]);

  const assigned = (id: string) =>
    store.all("SELECT * FROM role_assignments WHERE key = ?", keyOf(id)).map(toAssigned)[0];
  const allowed = (principalId: string, scope: string, check: (role: RoleDefinition) => boolean) =>
    store
      .all("SELECT key, role_id, scope_key FROM role_assignments WHERE principal_id = ?", principalId.toLowerCase())
      .some((row) => {
        const definition = covers(String(row["scope_key"]), keyOf(scope)) && builtInRole(String(row["role_id"]));
        return definition ? check(definition) && propagation.inEffect(String(row["key"])) : false;
      });

  return {
    mayAct: (principalId, action, scope) =>
      allowed(principalId, scope, (role) => permits(action, role.actions, role.notActions)),
    mayActOnData: (principalId, dataAction, scope) =>
      allowed(principalId, scope, (role) => permits(dataAction, role.dataActions, role.notDataActions)),
    assignmentsAt: (scope) =>
      store.all("SELECT * FROM role_assignments WHERE scope_key = ? ORDER BY key", keyOf(scope)).map(toAssigned),
    around: (scope) =>
      store
        .all("SELECT * FROM role_assignments ORDER BY key")
        .filter((row) => {
          const key = String(row["scope_key"]);
          return covers(key, keyOf(scope)) || covers(keyOf(scope), key);
        })
        .map(toAssigned),
    assigned,
    unassign: (id) => store.run("DELETE FROM role_assignments WHERE key = ?", keyOf(id)),
    removeWithin: (scope) =>
      store.run(
        "DELETE FROM role_assignments WHERE scope_key = ? OR (scope_key >= ? AND scope_key < ?)",
        keyOf(scope),
        `${keyOf(scope)}/`,
        `${keyOf(scope)}0`,
      ),
    assign(request) {
      checkRequest(request);
      const id = assignmentId(request.scope, request.name);
      const now = clock.now().toISOString();
      const existing = assigned(id);
      if (existing) {
        const same = sameId(existing.roleId, request.roleId) && sameId(existing.principalId, request.principalId);
        if (!same) throw updateNotPermitted();
        const description = request.description ?? null;
        store.run(
          "UPDATE role_assignments SET description = ?, updated_on = ?, updated_by = ? WHERE key = ?",
          description,
          now,
          request.by,
          keyOf(id),
        );
        return { assignment: { ...existing, description, updatedOn: now, updatedBy: request.by }, created: false };
      }
      const principalType = typeOfPrincipal(directory, request);
      const duplicate = store.get(
        "SELECT name FROM role_assignments WHERE principal_id = ? AND scope_key = ? AND role_id = ?",
        request.principalId.toLowerCase(),
        keyOf(request.scope),
        request.roleId.toLowerCase(),
      );
      if (duplicate) throw alreadyExists(String(duplicate["name"]));
      const assignment: AssignedRole = {
        id,
        name: request.name,
        scope: request.scope,
        roleId: request.roleId.toLowerCase(),
        principalId: request.principalId.toLowerCase(),
        principalType,
        description: request.description ?? null,
        createdOn: now,
        updatedOn: now,
        createdBy: request.by,
        updatedBy: request.by,
      };
      insert(assignment);
      propagation.accepted(keyOf(id));
      return { assignment, created: true };
    },
  };
}

const keyOf = (id: string) => id.toLowerCase().replace(/\/+$/, "");
const sameId = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** Both are keys; the empty one is the tenant's root, above everything. */
function covers(scope: string, target: string): boolean {
  return scope === target || target.startsWith(`${scope}/`);
}

function checkRequest({ name, principalId, principalType, roleId }: AssignRequest): void {
  if (!isGuid(name)) {
    const message = `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`;
    throw new AzureError(400, "InvalidRoleAssignmentId", message);
  }
  if (!isGuid(principalId)) {
    throw new AzureError(400, "InvalidPrincipalId", "A valid principal ID must be provided for role assignment.");
  }
  if (principalType !== undefined && !principalTypes.some((known) => known === principalType)) {
    const message = `The principal type '${principalType}' is not one of ${principalTypes.join(", ")}.`;
    throw new AzureError(400, "InvalidPrincipalType", message);
  }
  if (!builtInRole(roleId)) {
    const message = `The specified role definition with ID '${roleId.replaceAll("-", "")}' does not exist.`;
    throw new AzureError(400, "RoleDefinitionDoesNotExist", message);
  }
}

/** Azure looks a principal up unless the caller says its type; what it knows must then be of that type. */
function typeOfPrincipal(directory: Directory, request: AssignRequest): string {
  const plain = request.principalId.replaceAll("-", "");
  const known = directory.byObjectId(request.principalId);
  const actual = "ServicePrincipal";
  if (known && request.principalType !== undefined && request.principalType !== actual) {
    const message = `The PrincipalId '${plain}' has type '${actual}' , which is different from specified PrinciaplType '${request.principalType}'.`;
    throw new AzureError(400, "UnmatchedPrincipalType", message);
  }
  if (!known && request.principalType === undefined) {
    const message = `Principal ${plain} does not exist in the directory ${subscription.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`;
    throw new AzureError(400, "PrincipalNotFound", message);
  }
  return request.principalType ?? actual;
}

function updateNotPermitted(): AzureError {
  const message = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.";
  return new AzureError(400, "RoleAssignmentUpdateNotPermitted", message);
}

function alreadyExists(name: string): AzureError {
  const message = `The role assignment already exists. The ID of the conflicting role assignment is ${name.replaceAll("-", "")}.`;
  return new AzureError(409, "RoleAssignmentExists", message);
}

function toAssigned(row: Row): AssignedRole {
  return {
    id: String(row["id"]),
    name: String(row["name"]),
    scope: String(row["scope"]),
    roleId: String(row["role_id"]),
    principalId: String(row["principal_id"]),
    principalType: String(row["principal_type"]),
    description: row["description"] === null ? null : String(row["description"]),
    createdOn: String(row["created_on"]),
    updatedOn: String(row["updated_on"]),
    createdBy: String(row["created_by"]),
    updatedBy: String(row["updated_by"]),
  };
}
