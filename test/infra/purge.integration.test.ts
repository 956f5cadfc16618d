import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../contract/clock.js";
import { destroy } from "../../emulator/deploy/deploy.js";
import type { DeployEvent } from "../../emulator/deploy/deployEvent.js";
import { openDeployedResources } from "../../emulator/deploy/deployedResources.js";
import { DynamicResources } from "../../emulator/deploy/dynamicResources.js";
import { subscription } from "../../emulator/platform/subscription.js";
import { type DeployedEmulator, startDeployedEmulator } from "../helpers/deployedEmulator.js";

const arm = "https://management.azure.com";
const deletedVaults = `${arm}/subscriptions/${subscription.subscriptionId}/providers/Microsoft.KeyVault/deletedVaults`;
const environment = { ...process.env };
let emulator: DeployedEmulator;

beforeAll(async () => {
  emulator = await startDeployedEmulator();
  Object.assign(process.env, emulator.environment);
}, 60_000);
afterAll(async () => {
  process.env = { ...environment };
  await emulator.close();
});

const records = () => openDeployedResources(emulator.platform.store, "synapse-batch/local").all();
const purges = () => records().filter(({ type }) => type.endsWith(":PurgeOnDelete"));

describe("with purgeOnDestroy", () => {
  it("each name that Azure would keep has a resource that frees it", () => {
    expect(
      purges()
        .map(({ inputs }) => inputs["kind"])
        .sort(),
    ).toEqual(["logAnalyticsWorkspace", "machineLearningWorkspace", "vault", "vault"]);
    for (const { inputs } of purges()) expect(inputs["purge"]).toBe(true);
  });

  it("switched off for one, its removal touches nothing", async () => {
    const [record] = purges();
    if (!record) throw new Error("nothing is to be purged");
    await new DynamicResources().delete(record.type, { ...record, outputs: { ...record.outputs, purge: false } });
    expect(emulator.platform.resources.get(String(record.inputs["resourceId"]))).toBeDefined();
  });

  it("a destroy leaves no name taken: workspaces go for good before they are deleted, vaults are purged after", async () => {
    const events: DeployEvent[] = [];
    await destroy({
      project: "synapse-batch",
      stack: "local",
      store: emulator.platform.store,
      configuration: {},
      environment: process.env,
      clock: systemClock(),
      onEvent: (event) => void events.push(event),
    });
    const deleted = events.filter(({ kind }) => kind === "deleted").map(({ name }) => name);
    const order = (...names: string[]) => names.map((name) => deleted.indexOf(name));
    for (const [first = -1, second = -1] of [
      order("machine-learning-purge", "machine-learning"),
      order("logs-purge", "logs"),
      order("scoring-vault", "scoring-vault-purge"),
      order("machine-learning-vault", "machine-learning-vault-purge"),
    ]) {
      expect(first).toBeGreaterThanOrEqual(0);
      expect(second).toBeGreaterThan(first);
    }
    expect(await emulator.call("deployer", arm, `${deletedVaults}?api-version=2024-11-01`)).toMatchObject({
      value: [],
    });
  });

  it("so that the next deployment can take them again", async () => {
    expect(await emulator.run("deployer", "emulator", "deploy")).toMatchObject({ code: 0 });
  });
});
