import { isJsonObject, type JsonObject } from "../../../contract/json.js";
import { type AssignedRole, assignmentId } from "../../platform/accessControl.js";
import { AzureError } from "../../platform/errors.js";
import { type ArmAnswer, type ArmContext, type ArmRequest, listOf, ok } from "./armRequest.js";
import { authorize } from "./authentication.js";
import { armErrors } from "./errors.js";
import { existingScope } from "./locate.js";
import { checkedMembers, type Members } from "./members.js";
import type { ResourceTarget } from "./path.js";
import { roleDefinitionId } from "./roleDefinitions.js";

const permission = "Microsoft.Authorization/roleAssignments";
const members: Members = {
  taken: "roleDefinitionId principalId principalType description",
  filled: "scope createdOn createdBy updatedOn updatedBy",
  refused: "condition conditionVersion delegatedManagedIdentityResourceId",
};

/** `{scope}/providers/Microsoft.Authorization/roleAssignments[/{guid}]` at the tenant, subscription, a group, a resource. */
export function handleRoleAssignments(context: ArmContext, request: ArmRequest, target: ResourceTarget): ArmAnswer {
  if (target.types.length > 1) throw armErrors.notSupported(`the action '${target.types.at(-1)}' of a role assignment`);
  const scope = existingScope(context, target.scope);
  const [name] = target.names;
  if (name === undefined) {
    if (request.method !== "GET") throw armErrors.methodNotAllowed(request.method, "a list of role assignments");
    authorize(context, request, `${permission}/read`, scope);
    return listOf(context.access.around(scope).filter(filterOf(request, scope)).map(bodyOf));
  }
  const id = assignmentId(scope, name);
  switch (request.method) {
    case "GET":
    case "HEAD": {
      authorize(context, request, `${permission}/read`, id);
      const found = context.access.assigned(id);
      if (found) return ok(bodyOf(found));
      throw new AzureError(404, "RoleAssignmentNotFound", `The role assignment '${name}' is not found.`);
    }
    case "PUT":
      authorize(context, request, `${permission}/write`, id);
      return assign(context, request, scope, name);
    case "DELETE": {
      authorize(context, request, `${permission}/delete`, id);
      const found = context.access.assigned(id);
      if (!found) return { status: 204 };
      context.access.unassign(id);
      return ok(bodyOf(found));
    }
    default:
      throw armErrors.methodNotAllowed(request.method, "a role assignment");
  }
}

function assign(context: ArmContext, request: ArmRequest, scope: string, name: string): ArmAnswer {
  const body = isJsonObject(request.body) ? request.body : {};
  if (!isJsonObject(body["properties"])) throw armErrors.invalidContent("The member 'properties' is required.");
  const properties = checkedMembers(body["properties"], members, permission);
  const { roleDefinitionId: role, principalId, principalType, description } = properties;
  const roleId = /\/roleDefinitions\/([^/]+)\/?$/i.exec(String(role))?.[1];
  if (roleId === undefined) {
    const message = `The role definition ID '${String(role)}' is not valid. It ends with '/providers/Microsoft.Authorization/roleDefinitions/' and a GUID.`;
    throw new AzureError(400, "InvalidRoleDefinitionId", message);
  }
  const { assignment, created } = context.access.assign({
    scope,
    name,
    roleId,
    principalId: typeof principalId === "string" ? principalId : "",
    principalType: typeof principalType === "string" ? principalType : undefined,
    description: typeof description === "string" ? description : null,
    by: request.caller.objectId,
  });
  return { status: created ? 201 : 200, body: bodyOf(assignment) };
}

function bodyOf(assignment: AssignedRole): JsonObject {
  return {
    properties: {
      roleDefinitionId: roleDefinitionId(assignment.roleId),
      principalId: assignment.principalId,
      principalType: assignment.principalType,
      scope: assignment.scope === "" ? "/" : assignment.scope,
      condition: null,
      conditionVersion: null,
      createdOn: assignment.createdOn,
      updatedOn: assignment.updatedOn,
      createdBy: assignment.createdBy,
      updatedBy: assignment.updatedBy,
      delegatedManagedIdentityResourceId: null,
      description: assignment.description,
    },
    id: assignment.id,
    type: permission,
    name: assignment.name,
  };
}

/** `atScope()` leaves out what is below; `principalId eq '…'` and `assignedTo('…')` keep one principal's. */
function filterOf(request: ArmRequest, scope: string): (assignment: AssignedRole) => boolean {
  const filter = request.query.get("$filter") ?? "";
  const terms = filter.split(/\s+and\s+/i).map((term): ((assignment: AssignedRole) => boolean) => {
    const text = term.trim();
    if (text === "") return () => true;
    if (/^atScope\(\)$/i.test(text)) {
      return (assignment) => `${scope}/`.toLowerCase().startsWith(`${assignment.scope}/`.toLowerCase());
    }
    const principal = /^(?:principalId\s+eq\s+|assignedTo\()\s*'([^']+)'\s*\)?$/i.exec(text)?.[1];
    if (principal === undefined) {
      const message = `The filter '${filter}' is not supported. Supported filters are either 'atScope()' or 'principalId eq '{value}'' or 'assignedTo('{value}')' or a combination of them.`;
      throw new AzureError(400, "UnsupportedQuery", message);
    }
    return (assignment) => assignment.principalId === principal.toLowerCase();
  });
  return (assignment) => terms.every((term) => term(assignment));
}
