import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../contract/clock.js";
import { deploy } from "../../emulator/deploy/deploy.js";
import { openStore } from "../../emulator/platform/store.js";
import { principals } from "../../emulator/platform/subscription.js";
import { SynapseRoleAssignment } from "../../infra/dataplane/synapseRoleAssignment.js";
import type { ChildResult } from "../helpers/childProcess.js";
import { runCli } from "../helpers/cli.js";
import { startTestEmulator, type TestEmulator, testStateFolder } from "../helpers/testEmulator.js";

/** A minute of the emulator's clock is a second here. */
const scale = 60;
const propagationMs = 3 * 60_000;
const environment = { ...process.env };
let emulator: TestEmulator;
let deployed: ChildResult;

beforeAll(async () => {
  const folder = testStateFolder();
  emulator = await startTestEmulator({ folder, timeScale: scale, propagationMs });
  deployed = await runCli(["emulator", "deploy"], { ...emulator.environment, SYNAPSE_BATCH_HOME: folder.path });
}, 60_000);
afterAll(async () => {
  process.env = { ...environment };
  await emulator.close();
});

describe("with address rules and roles taking effect after 3 minutes of the clock", () => {
  it("a deployment succeeds and says once what it waits for, and how long at most", () => {
    expect(deployed.stderr).toContain("Waiting for the workspace's address rules, 600 s at most");
    expect(deployed.stderr.split("\n").filter((line) => line.startsWith("Waiting for")).length).toBeLessThanOrEqual(4);
    expect(deployed.code).toBe(0);
  });

  it("a wrong principal fails within 90 s of the clock, with the service's sentence", async () => {
    Object.assign(process.env, emulator.environment);
    let waitingSince = Number.NaN;
    const stderr = vi.spyOn(console, "error").mockImplementation(() => {
      waitingSince = emulator.clock.now().getTime();
    });
    const store = openStore(undefined, Buffer.alloc(32, 7));
    const workspace = emulator.platform.resources.ofType("Microsoft.Synapse/workspaces")[0];
    const nobody = "55555555-5555-5555-5555-555555555555";
    const work = deploy({
      program: async () => {
        new SynapseRoleAssignment("wrong", {
          endpoint: `https://${workspace?.name}.dev.azuresynapse.net`,
          workspaceName: String(workspace?.name),
          assignmentName: "66666666-6666-4666-8666-666666666666",
          roleId: "2a385764-43e8-416c-9825-7b18d05a2c4b",
          principalId: nobody,
          principalType: "ServicePrincipal",
          actingAs: principals.deployer.objectId,
          patience: { effectSeconds: 600, principalSeconds: 30 / scale },
        });
        return {};
      },
      project: "wrong",
      stack: "s",
      configuration: {},
      secretKeys: [],
      store,
      environment: process.env,
      clock: systemClock(),
      onEvent: () => {},
    });
    await expect(work).rejects.toThrow(`to ${nobody}: 400 InvalidPrincipalId:`);
    expect(emulator.clock.now().getTime() - waitingSince).toBeLessThan(90_000);
    expect(stderr).toHaveBeenCalledWith(expect.stringContaining("Waiting for the principal to be known"));
    stderr.mockRestore();
    store.close();
  });
});
