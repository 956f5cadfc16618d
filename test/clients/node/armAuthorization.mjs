import { randomUUID } from "node:crypto";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { containerId } from "./containerId.mjs";
import { listed, refusal } from "./listed.mjs";

/** Also gives the caller what the program of @azure/storage-blob needs. */
export async function run(credential, stack) {
  const { roleAssignments, roleDefinitions } = new AuthorizationManagementClient(credential, stack.subscriptionId);
  const subscription = `/subscriptions/${stack.subscriptionId}`;
  const [owner] = await listed(roleAssignments.listForScope(subscription, { filter: "atScope()" }), (one) => one);
  const definitionOf = async (roleName) => {
    const filter = `roleName eq '${roleName}'`;
    const [found] = await listed(roleDefinitions.list(subscription, { filter }), ({ id }) => id);
    return found;
  };
  const assign = async (roleName, scope) => {
    const roleDefinitionId = await definitionOf(roleName);
    const body = { roleDefinitionId, principalId: owner.principalId, principalType: "ServicePrincipal" };
    return roleAssignments.create(scope, randomUUID(), body);
  };
  const scope = containerId(stack);
  const kept = await assign("Storage Blob Data Contributor", scope);
  const reader = await assign("Reader", scope);
  const shown = await roleAssignments.get(scope, reader.name);
  const repeated = await refusal(assign("Reader", scope));
  const filter = `principalId eq '${owner.principalId}'`;
  const before = await listed(roleAssignments.listForScope(scope, { filter }));
  const deleted = await roleAssignments.delete(scope, reader.name);
  const after = await listed(roleAssignments.listForScope(scope, { filter }));
  return {
    role: (await roleDefinitions.getById(owner.roleDefinitionId)).roleName,
    created: { scope: kept.scope === scope, principalType: kept.principalType },
    shown: shown.id === reader.id,
    repeated,
    listed: [before.includes(reader.name), after.includes(reader.name)],
    deleted: deleted.name === reader.name,
    unknown: await refusal(roleAssignments.get(scope, reader.name)),
  };
}
