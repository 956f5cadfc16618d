import { afterAll, beforeAll, expect, it } from "vitest";
import { randomIds } from "../../contract/ids.js";
import { principals, subscription } from "../../emulator/platform/subscription.js";
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
  // somebody has given by hand what the program gives under a name of its own: Azure takes the same assignment only once
  const scope = `/subscriptions/${subscription.subscriptionId}/resourceGroups/rg-synapse-batch-local`;
  await put(`${scope}?api-version=2024-03-01`, { location: "centralus" });
  const assignment = `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomIds.uuid()}`;
  await put(`${assignment}?api-version=2022-04-01`, {
    properties: {
      roleDefinitionId: `/subscriptions/${subscription.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`,
      principalId: principals.operator.objectId,
      principalType: "ServicePrincipal",
    },
  });
  await caller.close();

  const { code, stderr } = await runCli(["emulator", "deploy"], {
    ...emulator.environment,
    SYNAPSE_BATCH_HOME: folder.path,
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /error: operators .*, Reader, resource group \(azure-native:authorization:RoleAssignment\) failed: RoleAssignmentExists: /,
  );
  expect(stderr).toContain("how to solve:");
});
