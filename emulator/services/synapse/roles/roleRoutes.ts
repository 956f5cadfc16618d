import { validate as isGuid } from "uuid";
import { z } from "zod";
import type { Directory } from "../../../platform/directory.js";
import type { Operations } from "../endpoint.js";
import {
  badRequest,
  invalidPrincipal,
  roleAssignmentExists,
  roleAssignmentNotFound,
  roleDefinitionNotFound,
} from "../errors.js";
import { decodePlace, encodePlace } from "../paging.js";
import { type BuiltInRole, builtInRole, builtInRoles, type ScopeKind } from "./builtInRoles.js";
import { actions, covers, scopeKindOf } from "./permissions.js";
import type { RoleAssignments, SynapseRoleAssignment } from "./roleAssignments.js";

const pageSize = 100;

const newAssignment = z.object({
  roleId: z.guid(),
  principalId: z.guid(),
  scope: z.string(),
  principalType: z.string().optional(),
});

/** Role definitions and role assignments of Synapse RBAC (2020-12-01). */
export function roleRoutes(operation: Operations, assignments: RoleAssignments, directory: Directory): void {
  const read = [{ action: actions.read }];

  operation("GET", "/roleDefinitions", read, ({ workspace, query }) => {
    const kind = typeof query["scope"] === "string" ? scopeKindOf(workspace.name, query["scope"]) : undefined;
    return builtInRoles
      .filter((role) => kind === undefined || role.scopeKinds.includes(kind))
      .filter(() => String(query["isBuiltIn"] ?? "true").toLowerCase() !== "false")
      .map(toDefinition);
  });

  operation("GET", "/roleDefinitions/:id", read, ({ params }) => {
    const role = builtInRole(String(params["id"]));
    if (!role) throw roleDefinitionNotFound(String(params["id"]));
    return toDefinition(role);
  });

  operation("GET", "/rbacScopes", read, () => Object.values(scopeTemplates));

  operation("GET", "/roleAssignments", read, ({ workspace, query, headers, reply }) => {
    const found = assignments.of(workspace.key).filter((one) => selected(one, query));
    const from = decodePlace(headers["x-ms-continuation"])?.offset ?? 0;
    const page = found.slice(from, from + pageSize);
    const more = from + page.length < found.length;
    reply.header("x-ms-continuation", more ? encodePlace({ offset: from + page.length }) : "");
    return { count: page.length, value: page };
  });

  operation("GET", "/roleAssignments/:id", read, ({ workspace, params }) => {
    const assignment = assignments.get(workspace.key, String(params["id"]));
    if (!assignment) throw roleAssignmentNotFound();
    return assignment;
  });

  operation("PUT", "/roleAssignments/:id", [{ action: actions.writeRoleAssignments }], (call) => {
    const id = String(call.params["id"]).toLowerCase();
    if (!isGuid(id)) throw badRequest(`The role assignment id '${id}' is not a GUID.`);
    const body = newAssignment.safeParse(call.body);
    if (!body.success) throw badRequest(`The role assignment is not valid: ${z.prettifyError(body.error)}`);
    const { roleId, principalId, scope, principalType } = body.data;
    checkScope(call.workspace.name, roleId, scope);
    const principal = directory.byObjectId(principalId);
    if (!principal || !["ServicePrincipal", undefined].includes(principalType)) throw invalidPrincipal(principalId);
    const wanted: SynapseRoleAssignment = {
      id,
      roleDefinitionId: roleId.toLowerCase(),
      principalId: principal.objectId,
      scope,
      principalType: "ServicePrincipal",
    };
    if (assignments.of(call.workspace.key).some((one) => one.id === id || sameGrant(one, wanted))) {
      throw roleAssignmentExists();
    }
    assignments.add(call.workspace.key, wanted);
    return wanted;
  });

  operation("DELETE", "/roleAssignments/:id", [{ action: actions.deleteRoleAssignments }], (call) => {
    const found = assignments.get(call.workspace.key, String(call.params["id"]));
    if (!found) return call.reply.code(204).send();
    assignments.remove(call.workspace.key, found.id);
    return call.reply.code(200).send();
  });
}

const scopeTemplates: Readonly<Record<ScopeKind, string>> = {
  workspace: "workspaces/{workspaceName}",
  bigDataPools: "workspaces/{workspaceName}/bigDataPools/{bigDataPoolName}",
  scopePools: "workspaces/{workspaceName}/scopePools/{scopePoolName}",
  integrationRuntimes: "workspaces/{workspaceName}/integrationRuntimes/{integrationRuntimeName}",
  linkedServices: "workspaces/{workspaceName}/linkedServices/{linkedServiceName}",
  credentials: "workspaces/{workspaceName}/credentials/{credentialName}",
};

function toDefinition({ id, name, description, dataActions, scopeKinds }: BuiltInRole) {
  return {
    id,
    name,
    description,
    isBuiltIn: true,
    permissions: [{ actions: [], notActions: [], dataActions, notDataActions: [] }],
    scopes: scopeKinds.map((kind) => scopeTemplates[kind]),
    availabilityStatus: "Available",
  };
}

/** A listing by a narrower scope also has what is inherited from above. */
function selected(assignment: SynapseRoleAssignment, query: Readonly<Record<string, unknown>>): boolean {
  const { roleId, principalId, scope } = query;
  return (
    (typeof roleId !== "string" || assignment.roleDefinitionId === roleId.toLowerCase()) &&
    (typeof principalId !== "string" || assignment.principalId === principalId.toLowerCase()) &&
    (typeof scope !== "string" || covers(assignment.scope, scope))
  );
}

function checkScope(workspaceName: string, roleId: string, scope: string): void {
  const role = builtInRole(roleId);
  if (!role) throw roleDefinitionNotFound(roleId);
  const kind = scopeKindOf(workspaceName, scope);
  if (!kind) throw badRequest(`The scope '${scope}' is not a scope of workspace ${workspaceName}.`);
  if (!role.scopeKinds.includes(kind)) {
    throw badRequest(`The role '${role.name}' cannot be assigned at the scope '${scope}'.`);
  }
}

function sameGrant(one: SynapseRoleAssignment, other: SynapseRoleAssignment): boolean {
  return (
    one.roleDefinitionId === other.roleDefinitionId &&
    one.principalId === other.principalId &&
    one.scope.toLowerCase() === other.scope.toLowerCase()
  );
}
