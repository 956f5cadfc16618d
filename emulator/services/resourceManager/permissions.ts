import { builtInRole } from "../../platform/builtInRoles.js";
import { type ArmAnswer, type ArmContext, type ArmRequest, listOf } from "./armRequest.js";
import { authorize } from "./authentication.js";
import { armErrors } from "./errors.js";
import { existingScope } from "./locate.js";
import type { ResourceTarget } from "./path.js";

/** GET `{scope}/providers/Microsoft.Authorization/permissions` (2022-04-01): what each of the caller's roles allows there. */
export function handlePermissions(context: ArmContext, request: ArmRequest, target: ResourceTarget): ArmAnswer {
  if (request.method !== "GET") throw armErrors.methodNotAllowed(request.method, "a list of permissions");
  const scope = existingScope(context, target.scope);
  authorize(context, request, "Microsoft.Authorization/permissions/read", scope);
  const isAtOrAbove = (assigned: string) => `${scope}/`.toLowerCase().startsWith(`${assigned}/`.toLowerCase());
  return listOf(
    context.access.around(scope).flatMap((assignment) => {
      const isCallers = assignment.principalId === request.caller.objectId && isAtOrAbove(assignment.scope);
      const role = isCallers ? builtInRole(assignment.roleId) : undefined;
      if (!role) return [];
      const { actions, notActions, dataActions, notDataActions } = role;
      return [{ actions, notActions, dataActions, notDataActions }];
    }),
  );
}
