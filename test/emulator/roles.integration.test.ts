import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { principals, subscription } from "../../emulator/platform/subscription.js";
import { type DeployedEmulator, startDeployedEmulator } from "../helpers/deployedEmulator.js";

// the whole program is deployed once, with real sockets
let emulator: DeployedEmulator;
beforeAll(async () => {
  emulator = await startDeployedEmulator();
}, 60_000);
afterAll(() => emulator.close());

const arm = "https://management.azure.com";
const assignments = `${arm}/subscriptions/${subscription.subscriptionId}/providers/Microsoft.Authorization/roleAssignments`;

interface Assignment {
  readonly id: string;
  readonly properties: { readonly roleDefinitionId: string; readonly principalId: string; readonly scope: string };
}

/** Takes the assignments of a role to a principal away while `work` runs. */
async function without(roleId: string, principalId: string, work: () => Promise<void>): Promise<void> {
  const { value } = (await emulator.call("deployer", arm, `${assignments}?api-version=2022-04-01`)) as {
    value: Assignment[];
  };
  const found = value.filter(
    ({ properties }) => properties.roleDefinitionId.endsWith(roleId) && properties.principalId === principalId,
  );
  expect(found).toHaveLength(1);
  const url = `${arm}${found[0]?.id}?api-version=2022-04-01`;
  await emulator.call("deployer", arm, url, { method: "DELETE" });
  try {
    await work();
  } finally {
    await emulator.call("deployer", arm, url, { method: "PUT", body: { properties: found[0]?.properties ?? {} } });
  }
}

function identityOf(type: string): string {
  const resource = emulator.platform.resources.ofType(type)[0];
  const identity = resource?.body["identity"] as { principalId: string } | undefined;
  return String(identity?.principalId);
}

const roles = {
  secretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  dataScientist: "f6c7c914-8db3-469d-8ca1-694a8f32e121",
  blobReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
};

describe("one role assignment taken out: the run fails in the right activity with the service's own 403 sentence", () => {
  it("the Synapse identity's on the vault: clientid, in Key Vault's words", async () => {
    await without(roles.secretsUser, identityOf("Microsoft.Synapse/workspaces"), async () => {
      const { code, stdout, stderr } = await emulator.run("trigger", "trigger");
      expect(code).toBe(1);
      expect(stdout).toMatch(/✗ clientid +Failed/);
      expect(stderr).toContain("Caller is not authorized to perform action on resource");
      expect(stderr).toMatch(/needs the role Key Vault Secrets User on .*: npm run emulator -- deploy assigns it/);
    });
  });

  it("the scoring application's on the ML workspace: invoke_batch, in Azure ML's words", async () => {
    await without(roles.dataScientist, principals.scoring.objectId, async () => {
      const { code, stdout, stderr } = await emulator.run("trigger", "trigger");
      expect(code).toBe(1);
      expect(stdout).toMatch(/✗ invoke_batch +Failed/);
      expect(stderr).toContain("does not have authorization to perform action");
    });
  });

  it.each([
    ["the scoring application's", () => principals.scoring.objectId],
    ["the cluster identity's", () => identityOf("Microsoft.MachineLearningServices/workspaces/computes")],
  ])("%s on the input container: the job, and the run with the job's own message", async (_whose, principalId) => {
    await without(roles.blobReader, principalId(), async () => {
      const { code, stdout, stderr } = await emulator.run("trigger", "trigger");
      expect(code).toBe(1);
      expect(stdout).toMatch(/✗ Fail +Failed/);
      expect(stderr).toContain("This request is not authorized to perform this operation using this permission");
    });
  });

  it("and with all of them in place again the run succeeds", async () => {
    const { code, stdout } = await emulator.run("trigger", "trigger");
    expect(code, stdout).toBe(0);
  });
});

it("a vault behind an address rule breaks the pipeline: Web activities come from an address of their own", async () => {
  const { keyVault, resourceGroup } = emulator.outputs;
  const scope = `/subscriptions/${subscription.subscriptionId}/resourceGroups/${resourceGroup}`;
  const vault = `${arm}${scope}/providers/Microsoft.KeyVault/vaults/${keyVault}?api-version=2024-11-01`;
  const allow = (networkAcls: object) =>
    emulator.call("deployer", arm, vault, { method: "PATCH", body: { properties: { networkAcls } } });
  await allow({ defaultAction: "Deny", bypass: "None", ipRules: [{ value: "127.0.0.1" }], virtualNetworkRules: [] });
  const { code, stderr } = await emulator.run("trigger", "trigger");
  expect(code).toBe(1);
  expect(stderr).toContain("error: clientid failed: Forbidden from https://");
  expect(stderr).toContain("Client address is not authorized");
  await allow({ defaultAction: "Allow", bypass: "AzureServices", ipRules: [], virtualNetworkRules: [] });
});

describe("the Synapse workspace", () => {
  it("a principal without a Synapse role starts nothing, and is told the permission that it lacks", async () => {
    const refused = emulator.call(
      "scoring",
      "https://dev.azuresynapse.net/",
      `${emulator.outputs.synapseEndpoint}/pipelines/${emulator.outputs.pipelineName}/createRun?api-version=2020-12-01`,
      { method: "POST" },
    );
    await expect(refused).rejects.toThrow(/403.*does not have the required Synapse RBAC permission/s);
  });
});
