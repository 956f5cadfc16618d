import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DeployedEmulator, startDeployedEmulator } from "../helpers/deployedEmulator.js";
import { seenInside } from "../helpers/insideExec.js";

const program = path.resolve(import.meta.dirname, "node/main.mjs");

describe("Azure's JavaScript clients, inside emulator exec", () => {
  let emulator: DeployedEmulator;
  let seen: Awaited<ReturnType<typeof seenInside>>;
  beforeAll(async () => {
    emulator = await startDeployedEmulator();
    seen = await seenInside(emulator, "deployer", process.execPath, program);
  });
  afterAll(() => emulator.close());

  it("@azure/arm-resources makes, changes and deletes a group and lists resources and providers", () => {
    expect(seen["@azure/arm-resources"]).toEqual({
      created: { location: "westeurope", state: "Succeeded", tags: { team: "one" } },
      updated: { team: "two" },
      exists: true,
      listed: ["rg-of-a-client", emulator.outputs.resourceGroup],
      afterDelete: false,
      unknown: { status: 404, code: "ResourceGroupNotFound" },
      resources: 10,
      vaults: 2,
      vault: "Microsoft.KeyVault/vaults",
      provider: "Registered",
      registered: "Microsoft.KeyVault",
    });
  });

  it("@azure/arm-authorization finds roles by name, assigns, lists and deletes", () => {
    expect(seen["@azure/arm-authorization"]).toEqual({
      role: "Owner",
      created: { scope: true, principalType: "ServicePrincipal" },
      shown: true,
      repeated: { status: 409, code: "RoleAssignmentExists" },
      listed: [true, false],
      deleted: true,
      unknown: { status: 404, code: "RoleAssignmentNotFound" },
    });
  });

  it("@azure/arm-synapse reads and tags the workspace and polls a firewall rule's life", () => {
    const { synapseWorkspace, synapseEndpoint } = emulator.outputs;
    expect(seen["@azure/arm-synapse"]).toEqual({
      workspace: { name: synapseWorkspace, dev: synapseEndpoint, identity: "SystemAssigned" },
      listed: [synapseWorkspace],
      inGroup: [synapseWorkspace],
      tagged: "one",
      rule: { state: "Succeeded", start: "203.0.113.7", end: "203.0.113.9" },
      rules: true,
      afterDelete: { status: 404, code: "ResourceNotFound" },
      name: {
        name: synapseWorkspace,
        available: false,
        reason: "AlreadyExists",
        message: expect.stringContaining(synapseWorkspace),
      },
    });
  });

  it("@azure/arm-machinelearning reads everything that was deployed and registers a data asset", () => {
    const { machineLearningWorkspace, batchEndpoint, scoringUri, location } = emulator.outputs;
    expect(seen["@azure/arm-machinelearning"]).toEqual({
      workspace: { kind: "Default", discovery: `https://${location}.api.azureml.ms/discovery` },
      listed: [machineLearningWorkspace],
      endpoints: [batchEndpoint],
      scoringUri,
      deployments: ["boosted-trees"],
      output: "predictions.csv",
      datastores: [
        "taxibatch2files",
        "workspaceartifactstore",
        "workspaceblobstore",
        "workspacefilestore",
        "workspaceworkingdirectory",
      ],
      computes: ["AmlCompute"],
      data: ["1"],
      tagged: "one",
      version: "azureml://datastores/workspaceblobstore/paths/of-a-client/",
      models: 1,
      environments: 1,
      code: 1,
      jobs: [],
      unknown: { status: 404, code: "ResourceNotFound" },
    });
  });

  it("@azure/keyvault-secrets takes a secret through versions, deletion, recovery, purge and restoring", () => {
    const name = "of-a-node-client";
    expect(seen["@azure/keyvault-secrets"]).toEqual({
      set: { value: "two", contentType: "text/plain", tags: { team: "one" } },
      updated: false,
      disabled: { status: 403, code: "Forbidden" },
      listed: true,
      versions: 2,
      deleted: `https://${emulator.outputs.keyVault}.vault.azure.net/deletedsecrets/${name}`,
      afterDelete: { status: 404, code: "SecretNotFound" },
      shownDeleted: name,
      deletedNames: [name],
      recovered: name,
      afterRecovery: "two",
      afterPurge: { status: 404, code: "SecretNotFound" },
      restored: true,
      afterRestore: "two",
    });
  });

  it("@azure/storage-blob writes, lists, reads and deletes blobs and containers by its role", () => {
    expect(seen["@azure/storage-blob"]).toEqual({
      uploaded: true,
      properties: { type: "text/csv", length: 8, team: "one" },
      repeated: { status: 409, code: "BlobAlreadyExists" },
      listed: ["of-a-node-client/one.csv"],
      folders: true,
      content: "a,b\n1,2\n",
      afterDelete: false,
      containers: true,
      afterContainerDelete: false,
    });
  });

  it("@azure/synapse-access-control lists roles and scopes, assigns, checks and deletes", () => {
    expect(seen["@azure/synapse-access-control"]).toEqual({
      definitions: 11,
      definition: "Synapse Monitoring Operator",
      scopes: true,
      administrators: 2,
      created: true,
      repeated: { status: 409, code: "RoleAssignmentExists" },
      shown: true,
      filtered: [true],
      decision: "Allowed",
      afterDelete: { status: 404, code: "RoleAssignmentNotFound" },
    });
  });

  it("@azure/synapse-artifacts publishes, renames and deletes a pipeline, and starts, queries and cancels its run", () => {
    expect(seen["@azure/synapse-artifacts"]).toEqual({
      workspace: "Microsoft.Synapse/workspaces",
      published: ["Wait"],
      unchanged: { status: 412, code: "PreconditionFailed" },
      failed: { status: 400, code: "BadRequest" },
      shown: {
        name: "renamed-by-a-node-client",
        waits: { value: "@pipeline().parameters.seconds", type: "Expression" },
      },
      listed: [true, true],
      run: { pipeline: "renamed-by-a-node-client", parameters: { seconds: "300" }, invokedBy: "Manual" },
      queried: [true],
      activities: [{ activityName: "Hold", activityType: "Wait" }],
      cancelled: "Cancelled",
      afterDelete: { status: 404, code: "PipelineNotFound" },
      unknownRun: { status: 404, code: "PipelineNotFound" },
    });
  });

  it("the clients ask for no host that is not Azure's own", () => {
    expect(emulator.refusals).toEqual([]);
  });
});
