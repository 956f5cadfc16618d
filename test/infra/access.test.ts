import { beforeAll, describe, expect, it } from "vitest";
import type { Registration } from "../../emulator/deploy/resourceMonitor.js";
import { azureRoles, grants, synapseRoles } from "../../infra/access.js";
import {
  deployer,
  type RecordedProgram,
  recordProgram,
  scoringApplication,
  triggerPrincipal,
} from "./recordedProgram.js";

const operator = { objectId: "88888888-8888-8888-8888-888888888888", principalType: "Group" };
const administrator = { objectId: "99999999-9999-9999-9999-999999999999", principalType: "User" };
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let recorded: RecordedProgram;
let changed: RecordedProgram;

beforeAll(async () => {
  const deployerToo = { objectId: deployer, principalType: "ServicePrincipal" };
  const synapseAdministrators = JSON.stringify([administrator]);
  recorded = await recordProgram({ operators: JSON.stringify([operator]), synapseAdministrators });
  changed = await recordProgram({ operators: JSON.stringify([deployerToo, operator]), synapseAdministrators });
});

function registered(name: string): Registration {
  const found = recorded.registrations.find(
    ({ type, ...own }) => type.endsWith(":RoleAssignment") && own.name === name,
  );
  if (!found) throw new Error(`there is no role assignment ${name}`);
  return found;
}

describe("access", () => {
  const principals = {
    "Synapse identity": { objectId: "identity of synapse", principalType: "ServicePrincipal" },
    "cluster identity": { objectId: "identity of cluster", principalType: "ServicePrincipal" },
    "scoring application": { objectId: scoringApplication, principalType: "ServicePrincipal" },
    "trigger principal": { objectId: triggerPrincipal, principalType: "ServicePrincipal" },
    deployer: { objectId: deployer, principalType: "User" },
    operators: operator,
    synapseAdministrators: administrator,
  };

  it.each(grants.map((grant) => [`${grant.who}, ${grant.role}, ${grant.on}`, grant] as const))("%s", (label, grant) => {
    const { objectId, principalType } = principals[grant.who];
    const isList = grant.who === "operators" || grant.who === "synapseAdministrators";
    const name = isList ? label.replace(grant.who, `${grant.who} ${objectId}`) : label;
    const { inputs } = registered(name);
    expect(inputs).toMatchObject({ principalId: objectId, principalType });
    if (grant.on === "Synapse workspace") {
      expect(inputs).toMatchObject({ roleId: synapseRoles[grant.role], assignmentName: expect.stringMatching(guid) });
    } else {
      expect(inputs).toMatchObject({
        roleDefinitionId: expect.stringMatching(new RegExp(`/roleDefinitions/${azureRoles[grant.role]}$`)),
        roleAssignmentName: expect.stringMatching(guid),
        description: grant.why,
      });
    }
  });

  it("names Azure's built-in roles by their GUIDs", () => {
    expect(azureRoles).toEqual({
      "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
      "Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
      "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
      "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
      "AzureML Data Scientist": "f6c7c914-8db3-469d-8ca1-694a8f32e121",
      Reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    });
    expect(synapseRoles).toEqual({
      "Synapse User": "2a385764-43e8-416c-9825-7b18d05a2c4b",
      "Synapse Credential User": "5eb298b4-692c-4241-9cf0-f58a3b42bb25",
      "Synapse Artifact User": "53faaa0e-40b6-40c8-a2ff-e38f2d388875",
      "Synapse Compute Operator": "e3844cc7-4670-42cb-9349-9bdac1ee7881",
      "Synapse Administrator": "6e4bf58a-b8e1-4cc3-bbf9-d73143322b78",
    });
  });

  it("is the table and nothing else", () => {
    const made = recorded.registrations.filter(({ type }) => type.endsWith(":RoleAssignment"));
    expect(made).toHaveLength(grants.length);
    const names = made.map(({ inputs }) => inputs["roleAssignmentName"] ?? inputs["assignmentName"]);
    expect(new Set(names).size).toBe(grants.length);
  });

  const assignmentsOf = ({ registrations }: RecordedProgram, objectId: string) =>
    registrations.filter(({ type, inputs }) => type.endsWith(":RoleAssignment") && inputs["principalId"] === objectId);

  it("keeps who is in a list as he is when others come before him", () => {
    const urnsOf = (program: RecordedProgram) =>
      assignmentsOf(program, operator.objectId)
        .map(({ urn }) => urn)
        .sort();
    expect(urnsOf(recorded)).toHaveLength(6);
    expect(urnsOf(changed)).toEqual(urnsOf(recorded));
  });

  it("gives nobody the same twice: the deployer may be an operator too", () => {
    const names = assignmentsOf(changed, deployer).map(
      ({ inputs }) => inputs["roleAssignmentName"] ?? inputs["assignmentName"],
    );
    expect(names).toHaveLength(7);
    expect(new Set(names).size).toBe(names.length);
  });

  it("gives the trigger principal the source document's three roles alone", () => {
    const roles = grants.filter(({ who }) => who === "trigger principal").map(({ role }) => role);
    expect(roles).toEqual(["Synapse User", "Synapse Credential User", "Synapse Artifact User"]);
  });
});
