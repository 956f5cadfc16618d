import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../contract/json.js";
import type { Registration } from "../../emulator/deploy/registration.js";
import { type RecordedProgram, recordingTimeoutMs, recordProgram, subscriptionId } from "./recordedProgram.js";

const ofType = ({ registrations }: RecordedProgram, type: string) =>
  registrations.filter((registration) => registration.type.endsWith(`:${type}`));

function only(program: RecordedProgram, type: string): Registration {
  const [found, ...others] = ofType(program, type);
  if (!found || others.length > 0) throw new Error(`${others.length + 1} of ${type}`);
  return found;
}

const definitionOf = (program: RecordedProgram) => JSON.stringify(only(program, "Pipeline").inputs["definition"]);

describe("authentication managedIdentity", { timeout: recordingTimeoutMs }, () => {
  it("needs no secret: none is made, and the pipeline reads none", async () => {
    const program = await recordProgram({
      authentication: "managedIdentity",
      scoringClientId: "",
      scoringClientSecret: "",
    });
    expect(ofType(program, "Secret")).toEqual([]);
    expect(definitionOf(program)).not.toContain("scoring-client");
  });
});

describe("secretVersion pinned", { timeout: recordingTimeoutMs }, () => {
  it("reads the versions that this deployment made", async () => {
    const definition = definitionOf(await recordProgram({ secretVersion: "pinned" }));
    expect(definition).toContain("/secrets/scoring-client-id/version-of-scoring-client-id?");
    expect(definition).toContain("/secrets/scoring-client-secret/version-of-scoring-client-secret?");
  });
});

describe("purges", { timeout: recordingTimeoutMs }, () => {
  const purges = (program: RecordedProgram) =>
    ofType(program, "PurgeOnDelete").map(({ inputs }) => [inputs["kind"], inputs["purge"]]);

  it("are not done with purgeOnDestroy false, but stay in the program: to leave it would be to purge", async () => {
    const kept = purges(await recordProgram({ purgeOnDestroy: "false" }));
    expect(kept.sort()).toEqual([
      ["logAnalyticsWorkspace", false],
      ["machineLearningWorkspace", false],
      ["vault", false],
      ["vault", false],
    ]);
  });

  it("are not done on vaults with purge protection", async () => {
    const program = await recordProgram({ purgeProtection: "true" });
    expect(purges(program).sort()).toEqual([
      ["logAnalyticsWorkspace", true],
      ["machineLearningWorkspace", true],
      ["vault", false],
      ["vault", false],
    ]);
    for (const { inputs } of ofType(program, "Vault")) {
      expect(inputs["properties"]).toMatchObject({ enablePurgeProtection: true });
    }
  });
});

describe("defaultDeployment", { timeout: recordingTimeoutMs }, () => {
  it("is the program's own deployment, or another of the same endpoint", async () => {
    const defaultOf = async (settings: Readonly<Record<string, string>>) =>
      only(await recordProgram(settings), "BatchEndpointDefault").inputs["deploymentName"];
    expect(await defaultOf({})).toBe("boosted-trees");
    expect(await defaultOf({ defaultDeployment: "m-2" })).toBe("m-2");
  });
});

describe("existing resources", { timeout: recordingTimeoutMs }, () => {
  const theirs = `/subscriptions/${subscriptionId}/resourceGroups/rg-theirs/providers`;
  const vault = `${theirs}/Microsoft.KeyVault/vaults/kv-theirs`;
  const workspace = `${theirs}/Microsoft.MachineLearningServices/workspaces/mlw-theirs`;
  const endpoint = `${workspace}/batchEndpoints/legacy`;
  const synapse = `${theirs}/Microsoft.Synapse/workspaces/synw-theirs`;
  const own = `/subscriptions/${subscriptionId}/resourceGroups/rg-synapse-batch-dev/providers`;

  it.each([
    ["existingScoringVault", vault, ["Vault scoring-vault"]],
    [
      "existingMachineLearningWorkspace",
      workspace,
      ["Workspace machine-learning", "Vault machine-learning-vault", "Component insights"],
    ],
    ["existingSynapseWorkspace", synapse, ["Workspace synapse", "StorageAccount lake"]],
  ])("%s: that one is read, and it and what it stands on are not made", async (setting, id, gone) => {
    const label = ({ type, name }: { type: string; name: string }) => `${type.split(":").at(-1)} ${name}`;
    const program = await recordProgram({ nameSuffix: "abc", [setting]: id });
    expect(program.reads.map((read) => [label(read), read.id])).toEqual([[gone[0]?.replace(" ", " existing-"), id]]);
    const made = program.registrations.map(label);
    for (const each of gone) expect(made).not.toContain(each);
    expect(made).toContain("BatchDeployment batch-deployment");
  });

  it("all of them at once: what is made in them is theirs to keep but ours to remove", async () => {
    const program = await recordProgram({
      nameSuffix: "abc",
      existingScoringVault: vault,
      existingBatchEndpoint: endpoint,
      existingSynapseWorkspace: synapse,
      batchApi: "preview",
      allowedIpAddresses: JSON.stringify(["10.0.0.1"]),
    });
    expect(program.reads.map(({ id }) => id).sort()).toEqual([vault, workspace, endpoint, synapse].sort());
    const groups: Readonly<Record<string, JsonObject>> = {
      "Secret scoring-client-id": { vaultName: "kv-theirs", secretName: "scoring-client-id-abc" },
      "Compute cluster": { workspaceName: "mlw-theirs", computeName: "cpu-abc", location: "westeurope" },
      "Datastore input-datastore": { workspaceName: "mlw-theirs", name: "taxibatch2files_abc" },
      "BatchDeployment batch-deployment": { endpointName: "legacy", deploymentName: "boosted-trees-abc" },
      "IpFirewallRule address-10.0.0.1": { workspaceName: "synw-theirs" },
    };
    for (const [label, inputs] of Object.entries(groups)) {
      const [type = "", name] = label.split(" ");
      const found = ofType(program, type).find((registration) => registration.name === name);
      expect(found, label).toMatchObject({ deletedWith: "", inputs: { ...inputs, resourceGroupName: "rg-theirs" } });
    }
    expect(only(program, "BatchEndpointDefault")).toMatchObject({ deletedWith: "", retainOnDelete: false });
    expect(only(program, "Pipeline")).toMatchObject({ deletedWith: "", inputs: { pipelineName: "batch-scoring-abc" } });
    expect(ofType(program, "PurgeOnDelete").map(({ inputs }) => inputs["kind"])).toEqual(["logAnalyticsWorkspace"]);
    expect(ofType(program, "DiagnosticSetting")).toEqual([]);
  });

  it("an existing workspace's data asset has a version of its own, and its own account takes code and model", async () => {
    const program = await recordProgram({ existingMachineLearningWorkspace: workspace });
    expect(only(program, "DataVersion").inputs).toMatchObject({ name: "taxibatch2files", version: "0a1b2c3d" });
    const uploaded = ofType(program, "Blob").filter(({ name }) => name !== "input-file");
    expect(uploaded.length).toBeGreaterThan(1);
    for (const { inputs } of uploaded) {
      expect(inputs).toMatchObject({ accountName: "theirs", resourceGroupName: "rg-theirs" });
    }
    expect(program.outputs["scoresUrl"]).toBe("https://theirs.blob.core.windows.net/azureml-blobstore-7");
    expect(definitionOf(program)).toContain("https://westeurope.experiments.azureml.net/");
  });

  it("the roles of an existing Synapse workspace on its lake are its owner's", async () => {
    const program = await recordProgram({ existingSynapseWorkspace: synapse });
    const names = ofType(program, "RoleAssignment").map(({ name }) => name);
    expect(names).not.toContain("Synapse identity, Storage Blob Data Contributor, lake filesystem");
    expect(names).toContain("Synapse identity, Key Vault Secrets User, scoring vault");
  });

  it("another's endpoint keeps answering with another's deployment after a destroy", async () => {
    const program = await recordProgram({ existingBatchEndpoint: endpoint, defaultDeployment: "theirs" });
    expect(only(program, "BatchEndpointDefault")).toMatchObject({
      retainOnDelete: true,
      inputs: { endpointId: endpoint, deploymentName: "theirs" },
    });
  });

  it("the stack's own resource, set as an existing one, stays the stack's", async () => {
    const program = await recordProgram({
      nameSuffix: "abc",
      existingScoringVault: `${own}/Microsoft.KeyVault/vaults/KV-scoring-abc`,
      existingBatchEndpoint: `${own}/Microsoft.MachineLearningServices/workspaces/mlw-abc/batchEndpoints/legacy`,
    });
    expect(program.reads.map(({ name }) => name)).toEqual(["existing-batch-endpoint"]);
    expect(ofType(program, "Vault").map(({ name }) => name)).toContain("scoring-vault");
    expect(ofType(program, "Compute")[0]?.inputs).toMatchObject({ computeName: "cpu-cluster" });
  });
});
