import { beforeAll, describe, expect, it } from "vitest";
import type { Registration } from "../../emulator/deploy/registration.js";
import { azureRoles, synapseRoles } from "../../infra/access.js";
import {
  administrator,
  deployer,
  operator,
  type RecordedProgram,
  recordingTimeoutMs,
  recordProgram,
  scoringApplication,
  triggerPrincipal,
} from "./recordedProgram.js";

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let recorded: RecordedProgram;
let changed: RecordedProgram;
let byWorkspace: RecordedProgram;

beforeAll(async () => {
  const deployerToo = { objectId: deployer, principalType: "ServicePrincipal" };
  const synapseAdministrators = JSON.stringify([administrator]);
  recorded = await recordProgram({ operators: JSON.stringify([operator]), synapseAdministrators });
  changed = await recordProgram({
    operators: JSON.stringify([deployerToo, operator, operator]),
    synapseAdministrators,
  });
  byWorkspace = await recordProgram({
    authentication: "managedIdentity",
    operators: JSON.stringify([operator]),
    synapseAdministrators,
  });
}, recordingTimeoutMs);

function registered(name: string, { registrations } = recorded): Registration {
  const found = registrations.find(({ type, ...own }) => type.endsWith(":RoleAssignment") && own.name === name);
  if (!found) throw new Error(`there is no role assignment ${name}`);
  return found;
}

describe("access", () => {
  const principals = {
    "Synapse identity": { objectId: "identity of synapse", principalType: "ServicePrincipal" },
    "cluster identity": { objectId: "identity of cluster", principalType: "ServicePrincipal" },
    invoker: { objectId: scoringApplication, principalType: "ServicePrincipal" },
    "trigger principal": { objectId: triggerPrincipal, principalType: "ServicePrincipal" },
    deployer: { objectId: deployer, principalType: "User" },
    operators: operator,
    synapseAdministrators: administrator,
  };

  /** Who, role, place: written down from the project's own rules, not from the code. */
  const table = [
    ["Synapse identity", "Key Vault Secrets User", "scoring vault"],
    ["Synapse identity", "Storage Blob Data Contributor", "lake filesystem"],
    ["invoker", "AzureML Data Scientist", "machine learning workspace"],
    ["invoker", "Storage Blob Data Reader", "input container"],
    ["cluster identity", "Storage Blob Data Reader", "input container"],
    ["deployer", "Storage Blob Data Reader", "default container"],
    ["operators", "Storage Blob Data Reader", "default container"],
    ["deployer", "Key Vault Secrets Officer", "scoring vault"],
    ["trigger principal", "Synapse User", "Synapse workspace"],
    ["trigger principal", "Synapse Credential User", "Synapse workspace"],
    ["trigger principal", "Synapse Artifact User", "Synapse workspace"],
    ["operators", "Synapse Credential User", "Synapse workspace"],
    ["operators", "Synapse Artifact User", "Synapse workspace"],
    ["operators", "Synapse Compute Operator", "Synapse workspace"],
    ["operators", "AzureML Data Scientist", "machine learning workspace"],
    ["operators", "Reader", "resource group"],
    ["synapseAdministrators", "Synapse Administrator", "Synapse workspace"],
  ] as const;

  /** The end of the ARM id of each place. */
  const scopes = {
    "scoring vault": /\/vaults\/kv-scoring-[0-9a-f]{8}$/,
    "lake filesystem": /\/storageAccounts\/stlake[0-9a-f]{8}\/blobServices\/default\/containers\/synapse$/,
    "machine learning workspace": /\/Microsoft.MachineLearningServices\/workspaces\/mlw-[0-9a-f]{8}$/,
    "input container": /\/storageAccounts\/stml[0-9a-f]{8}\/blobServices\/default\/containers\/taxibatch2files$/,
    "default container": /\/storageAccounts\/stml[0-9a-f]{8}\/blobServices\/default\/containers\/azureml-blobstore-7$/,
    "resource group": /\/resourceGroups\/rg-synapse-batch-dev$/,
  };

  describe.each([
    ["servicePrincipal", () => recorded, principals.invoker],
    ["managedIdentity", () => byWorkspace, principals["Synapse identity"]],
  ] as const)("with %s", (_authentication, program, invoker) => {
    it.each(table.map((row) => [row.join(", "), ...row] as const))("%s", (label, who, role, on) => {
      const { objectId, principalType } = who === "invoker" ? invoker : principals[who];
      const isList = who === "operators" || who === "synapseAdministrators";
      const name = isList ? label.replace(who, `${who} ${objectId}`) : label;
      const { inputs } = registered(name, program());
      expect(inputs).toMatchObject({ principalId: objectId, principalType });
      if (on === "Synapse workspace") {
        expect(inputs).toMatchObject({
          workspaceName: expect.stringMatching(/^synw-[0-9a-f]{8}$/),
          roleId: synapseRoles[role],
          assignmentName: expect.stringMatching(guid),
        });
      } else {
        expect(inputs).toMatchObject({
          scope: expect.stringMatching(scopes[on]),
          roleDefinitionId: expect.stringMatching(new RegExp(`/roleDefinitions/${azureRoles[role]}$`)),
          roleAssignmentName: expect.stringMatching(guid),
          description: expect.stringMatching(/\w/),
        });
      }
    });

    it("gives each row of the table and nothing more", () => {
      const made = program().registrations.filter(({ type }) => type.endsWith(":RoleAssignment"));
      expect(made).toHaveLength(table.length);
      const names = made.map(({ inputs }) => inputs["roleAssignmentName"] ?? inputs["assignmentName"]);
      expect(new Set(names).size).toBe(table.length);
    });
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

  it("gives nobody the same twice: the deployer may be an operator too, and an operator be listed twice", () => {
    const names = assignmentsOf(changed, deployer).map(
      ({ inputs }) => inputs["roleAssignmentName"] ?? inputs["assignmentName"],
    );
    expect(names).toHaveLength(7);
    expect(new Set(names).size).toBe(names.length);
  });

  it("gives the trigger principal the source document's three roles alone", () => {
    const roles = assignmentsOf(recorded, triggerPrincipal).map(({ name }) => name.split(", ")[1]);
    expect(roles.sort()).toEqual(["Synapse Artifact User", "Synapse Credential User", "Synapse User"]);
  });
});
