import { randomUUID } from "node:crypto";
import { AccessControlClient } from "@azure/synapse-access-control";
import { refusal } from "./listed.mjs";

export async function run(credential, { synapseEndpoint, synapseWorkspace }) {
  const { roleAssignments, roleDefinitions } = new AccessControlClient(credential, synapseEndpoint);
  const definitions = await roleDefinitions.listRoleDefinitions();
  const role = definitions.find(({ name }) => name === "Synapse Monitoring Operator");
  const administrators = await roleAssignments.listRoleAssignments({
    roleId: definitions.find(({ name }) => name === "Synapse Administrator").id,
  });
  const [{ principalId }] = administrators.value;
  const scope = `workspaces/${synapseWorkspace}`;
  const id = randomUUID();
  const create = (name) => roleAssignments.createRoleAssignment(name, role.id, principalId, scope);
  const created = await create(id);
  const repeated = await refusal(create(randomUUID()));
  const shown = await roleAssignments.getRoleAssignmentById(id);
  const filtered = await roleAssignments.listRoleAssignments({ roleId: role.id, principalId });
  const asked = { id: "Microsoft.Synapse/workspaces/read", isDataAction: true };
  const checked = await roleAssignments.checkPrincipalAccess({ principalId }, [asked], scope);
  await roleAssignments.deleteRoleAssignmentById(id);
  return {
    definitions: definitions.length,
    definition: (await roleDefinitions.getRoleDefinitionById(role.id)).name,
    scopes: (await roleDefinitions.listScopes()).includes("workspaces/{workspaceName}"),
    administrators: administrators.count,
    created: created.roleDefinitionId === role.id && created.scope === scope,
    repeated,
    shown: shown.id === id,
    filtered: filtered.value.map((one) => one.id === id),
    decision: checked.accessDecisions[0].accessDecision,
    afterDelete: await refusal(roleAssignments.getRoleAssignmentById(id)),
  };
}
