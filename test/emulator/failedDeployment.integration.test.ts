import { afterAll, beforeAll, expect, it } from "vitest";
import { subscription } from "../../emulator/platform/subscription.js";
import { runCli } from "../helpers/cli.js";
import { openCaller } from "../helpers/deployedEmulator.js";
import { startTestEmulator, type TestEmulator, testStateFolder } from "../helpers/testEmulator.js";

const folder = testStateFolder();
let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator({ folder });
});
afterAll(() => emulator.close());

it("a failing resource ends the deployment with its own error and exit code 1, never a hang", async () => {
  const caller = openCaller(emulator);
  const put = (path: string, body: object) =>
    caller.call("deployer", "https://management.azure.com/", `https://management.azure.com${path}`, {
      method: "PUT",
      body,
    });
  const group = `/subscriptions/${subscription.subscriptionId}/resourceGroups/somebody-elses`;
  await put(`${group}?api-version=2024-03-01`, { location: "centralus" });
  const registration = `/subscriptions/${subscription.subscriptionId}/providers/Microsoft.KeyVault/register`;
  await caller.call(
    "deployer",
    "https://management.azure.com/",
    `https://management.azure.com${registration}?api-version=2022-12-01`,
    { method: "POST" },
  );
  // a name that is unique in all of Azure, taken before the program asks for it
  await put(`${group}/providers/Microsoft.KeyVault/vaults/kv-scoring-82e85a7a?api-version=2024-11-01`, {
    location: "centralus",
    properties: { tenantId: subscription.tenantId, sku: { family: "A", name: "standard" }, accessPolicies: [] },
  });
  await caller.close();

  const { code, stderr } = await runCli(["emulator", "deploy"], {
    ...emulator.environment,
    SYNAPSE_BATCH_HOME: folder.path,
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /error: scoring-vault \(azure-native:keyvault:Vault\) failed: VaultAlreadyExists: .*kv-scoring-82e85a7a/,
  );
  expect(stderr).toContain("how to solve:");
});
