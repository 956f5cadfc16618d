import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { audiences } from "../../contract/hosts.js";
import { principals, subscription } from "../../emulator/platform/subscription.js";
import { runJoined } from "../helpers/childProcess.js";
import { type DeployedEmulator, startDeployedEmulator } from "../helpers/deployedEmulator.js";
import { seenInside } from "../helpers/insideExec.js";
import { requireTool } from "../helpers/tools.js";

const folder = path.join(import.meta.dirname, "python");
const python = requireTool("python", { args: ["-c", "import azure.identity, azure.synapse.artifacts, requests"] });

describe.skipIf(python === undefined)("Azure's Python clients, inside emulator exec", () => {
  let emulator: DeployedEmulator;
  let seen: Awaited<ReturnType<typeof seenInside>>;
  beforeAll(async () => {
    emulator = await startDeployedEmulator();
    // -B: no compiled files beside the sources
    seen = await seenInside(emulator, "deployer", String(python), "-B", path.join(folder, "main.py"));
  });
  afterAll(() => emulator.close());

  it("azure-identity gets a token for each plane and shows Entra ID's refusals", () => {
    const planes = [
      ...[audiences.resourceManager[0], ...audiences.keyVault, ...audiences.synapse],
      ...[...audiences.machineLearning, ...audiences.storage, ...audiences.graph],
    ];
    expect(seen["azure-identity"]).toEqual({
      audiences: planes,
      owners: [principals.deployer.objectId],
      permissions: [null, null, null, null, null, ["Directory.Read.All"]],
      unknown: expect.stringContaining("AADSTS500011"),
      wrong: expect.stringContaining("AADSTS7000215"),
    });
  });

  it("azure-mgmt-resource lists subscriptions and resources and makes, changes and deletes a group", () => {
    expect(seen["azure-mgmt-resource"]).toEqual({
      subscriptions: ["Enabled"],
      tenants: [subscription.tenantId],
      locations: true,
      created: ["westeurope", "Succeeded"],
      updated: { team: "two" },
      exists: true,
      afterDelete: false,
      listed: true,
      unknown: { status: 404, code: "ResourceGroupNotFound" },
      resources: true,
      vault: "Microsoft.KeyVault/vaults",
      provider: "Registered",
    });
  });

  it("azure-mgmt-authorization assigns, lists and deletes roles found by name", () => {
    expect(seen["azure-mgmt-authorization"]).toEqual({
      created: [true, "ServicePrincipal"],
      shown: true,
      listed: true,
      repeated: { status: 409, code: "RoleAssignmentExists" },
      unknown: { status: 404, code: "RoleAssignmentNotFound" },
      roles: true,
    });
  });

  it("azure-mgmt-synapse reads the workspace and polls a firewall rule's life", () => {
    const { synapseWorkspace, synapseEndpoint } = emulator.outputs;
    expect(seen["azure-mgmt-synapse"]).toEqual({
      workspace: [synapseWorkspace, synapseEndpoint, "Succeeded"],
      listed: [synapseWorkspace],
      inGroup: [synapseWorkspace],
      rule: ["203.0.113.7", "203.0.113.9", "Succeeded"],
      rules: true,
      afterDelete: { status: 404, code: "ResourceNotFound" },
      unknown: { status: 404, code: "ResourceNotFound" },
    });
  });

  it("azure-keyvault-secrets takes a secret through versions, deletion, recovery, purge and restoring", () => {
    const name = "of-a-python-client";
    expect(seen["azure-keyvault-secrets"]).toEqual({
      set: ["two", "text/plain", { team: "one" }],
      updated: false,
      listed: true,
      versions: 2,
      deleted: `https://${emulator.outputs.keyVault}.vault.azure.net/deletedsecrets/${name}`,
      afterDelete: { status: 404, code: "SecretNotFound" },
      deletedNames: [name],
      shownDeleted: name,
      afterRecovery: "two",
      afterPurge: { status: 404, code: "SecretNotFound" },
      restored: true,
      afterRestore: "two",
    });
  });

  it("azure-storage-blob writes, lists, reads and deletes blobs and containers by its role", () => {
    expect(seen["azure-storage-blob"]).toEqual({
      properties: [8, { team: "one" }],
      repeated: { status: 409, code: "BlobAlreadyExists" },
      listed: ["of-a-python-client/one.csv"],
      content: "a,b\n1,2\n",
      afterDelete: false,
      containers: true,
      afterContainerDelete: false,
    });
  });

  it("azure-synapse-accesscontrol lists roles and scopes, assigns, checks and deletes", () => {
    expect(seen["azure-synapse-accesscontrol"]).toEqual({
      definitions: 11,
      definition: "Synapse Monitoring Operator",
      scopes: true,
      administrators: 2,
      created: [true, true],
      repeated: { status: 409, code: "RoleAssignmentExists" },
      filtered: [true],
      shown: true,
      decision: ["Allowed"],
      afterDelete: { status: 404, code: "RoleAssignmentNotFound" },
    });
  });

  it("azure-synapse-artifacts publishes, renames and deletes a pipeline, and starts, queries and cancels its run", () => {
    const renamed = "renamed-by-a-python-client";
    expect(seen["azure-synapse-artifacts"]).toEqual({
      workspace: "Microsoft.Synapse/workspaces",
      published: ["Wait"],
      shown: [renamed, { type: "Expression", value: "@pipeline().parameters.seconds" }],
      listed: [true, true],
      run: [renamed, { seconds: "300" }, "Manual"],
      queried: [true],
      activities: [["Hold", "Wait"]],
      cancelled: "Cancelled",
      afterDelete: { status: 404, code: "PipelineNotFound" },
      unknownRun: { status: 404, code: "PipelineNotFound" },
    });
  });

  it("the clients ask for no host that is not Azure's own", () => {
    expect(emulator.refusals).toEqual([]);
  });

  const ask = (host: string, environment: Record<string, string> = {}) =>
    runJoined(String(python), ["-B", path.join(folder, "request_token.py"), host, "https://ml.azure.com"], {
      environment: { ...emulator.environmentFor("scoring"), ...environment },
    });

  it("requests trusts the name-constrained authority and gets a token", async () => {
    const { code, stdout, stderr } = await ask("login.microsoftonline.com");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ token_type: "Bearer", resource: "https://ml.azure.com" });
  });

  it("requests is told the name of an Azure host that is not emulated", async () => {
    const { code, stderr } = await ask("westeurope.azuredatabricks.net");
    expect(code).toBe(1);
    expect(stderr).toContain("westeurope.azuredatabricks.net is not emulated");
  });

  it("requests that was not told of the authority trusts nothing, and the emulator says why nothing arrives", async () => {
    const untold = { REQUESTS_CA_BUNDLE: "", CURL_CA_BUNDLE: "" };
    const { code, stderr } = await ask("login.microsoftonline.com", untold);
    expect(code).toBe(1);
    expect(stderr).toContain("CERTIFICATE_VERIFY_FAILED");
    expect(emulator.lines).toContain(
      "login.microsoftonline.com: a client does not trust the emulator's certificate authority; it has not joined",
    );
  });
});
