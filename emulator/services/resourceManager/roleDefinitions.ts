import type { JsonObject } from "../../../contract/json.js";
import { builtInRole, builtInRoles } from "../../platform/builtInRoles.js";
import { AzureError } from "../../platform/errors.js";
import type { RoleDefinition } from "../../platform/roleDefinition.js";
import { type ArmAnswer, type ArmContext, type ArmRequest, listOf, ok } from "./armRequest.js";
import { authorize } from "./authentication.js";
import { armErrors } from "./errors.js";
import { existingScope, subscriptionId } from "./locate.js";
import type { ResourceTarget } from "./path.js";

const type = "Microsoft.Authorization/roleDefinitions";

export const roleDefinitionId = (guid: string) => `${subscriptionId}/providers/${type}/${guid}`;

/** `{scope}/providers/Microsoft.Authorization/roleDefinitions[/{guid}]`: the built-in ones, read only. */
export function handleRoleDefinitions(context: ArmContext, request: ArmRequest, target: ResourceTarget): ArmAnswer {
  if (request.method !== "GET" && request.method !== "HEAD") throw armErrors.notSupported("custom roles");
  const scope = existingScope(context, target.scope);
  // anybody may read the definitions at the tenant's root
  if (scope !== "") authorize(context, request, `${type}/read`, scope);
  const [guid] = target.names;
  if (guid === undefined) return listOf(builtInRoles.filter(filterOf(request.query.get("$filter") ?? "")).map(bodyOf));
  const role = builtInRole(guid);
  if (role) return ok(bodyOf(role));
  const message = `The specified role definition with ID '${guid}' does not exist.`;
  throw new AzureError(404, "RoleDefinitionDoesNotExist", message);
}

function bodyOf(role: RoleDefinition): JsonObject {
  const { actions, notActions, dataActions, notDataActions } = role;
  return {
    properties: {
      roleName: role.roleName,
      type: "BuiltInRole",
      description: role.description,
      assignableScopes: ["/"],
      permissions: [{ actions, notActions, dataActions, notDataActions }],
      createdBy: null,
      updatedBy: null,
    },
    id: roleDefinitionId(role.id),
    type,
    name: role.id,
  };
}

/** `roleName eq 'X'`, `type eq 'BuiltInRole'`, `atScopeAndBelow()`, joined by `and`. */
function filterOf(filter: string): (role: RoleDefinition) => boolean {
  const terms = filter.split(/\s+and\s+/i).map((term): ((role: RoleDefinition) => boolean) => {
    const text = term.trim();
    if (text === "" || /^atScopeAndBelow\(\)$/i.test(text)) return () => true;
    const [, field, value = ""] = /^(roleName|type)\s+eq\s+'([^']*)'$/i.exec(text) ?? [];
    if (field?.toLowerCase() === "rolename") return (role) => role.roleName.toLowerCase() === value.toLowerCase();
    if (field?.toLowerCase() === "type") return () => value.toLowerCase() === "builtinrole";
    throw new AzureError(400, "UnsupportedQuery", `The filter '${filter}' is not supported.`);
  });
  return (role) => terms.every((term) => term(role));
}
