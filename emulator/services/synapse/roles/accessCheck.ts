import { z } from "zod";
import type { Operations } from "../endpoint.js";
import { badRequest } from "../errors.js";
import { actions, grantOf, scopeKindOf } from "./permissions.js";
import type { RoleAssignments } from "./roleAssignments.js";

const question = z.object({
  subject: z.object({ principalId: z.guid(), groupIds: z.array(z.string()).optional() }),
  actions: z.array(z.object({ id: z.string(), isDataAction: z.boolean() })),
  scope: z.string(),
});

/** `POST /checkAccessSynapseRbac`: what a principal may do. The wire says `AccessDecisions`, the typings `accessDecisions`. */
export function accessCheckRoute(operation: Operations, assignments: RoleAssignments): void {
  operation("POST", "/checkAccessSynapseRbac", [{ action: actions.read }], ({ workspace, body }) => {
    const asked = question.safeParse(body);
    if (!asked.success) throw badRequest(`The access check is not valid: ${z.prettifyError(asked.error)}`);
    const { subject, scope } = asked.data;
    if (!scopeKindOf(workspace.name, scope)) {
      throw badRequest(`The scope '${scope}' is not a scope of workspace ${workspace.name}.`);
    }
    const principals = [subject.principalId, ...(subject.groupIds ?? [])].map((id) => id.toLowerCase());
    const decisions = asked.data.actions.map(({ id }) => {
      const grant = grantOf(assignments.inEffect(workspace.key), principals, id, scope);
      return {
        accessDecision: grant ? "Allowed" : "NotAllowed",
        actionId: id,
        ...(grant && { roleAssignment: grant }),
      };
    });
    return { AccessDecisions: decisions, accessDecisions: decisions };
  });
}
