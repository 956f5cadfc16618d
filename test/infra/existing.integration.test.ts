import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../contract/clock.js";
import type { JsonObject } from "../../contract/json.js";
import { deploy, destroy } from "../../emulator/deploy/deploy.js";
import type { DeployEvent } from "../../emulator/deploy/deployEvent.js";
import { readStackConfiguration } from "../../emulator/deploy/stackConfiguration.js";
import { openStore, type Store } from "../../emulator/platform/store.js";
import { principals } from "../../emulator/platform/subscription.js";
import program from "../../infra/index.js";
import { runCli } from "../helpers/cli.js";
import { openCaller } from "../helpers/deployedEmulator.js";
import { startTestEmulator, type TestEmulator } from "../helpers/testEmulator.js";

const root = path.resolve(import.meta.dirname, "../..");
const processEnvironment = { ...process.env };
const arm = "https://management.azure.com";

let emulator: TestEmulator;
let store: Store;
let caller: ReturnType<typeof openCaller>;
let events: DeployEvent[];

beforeAll(async () => {
  emulator = await startTestEmulator();
  store = openStore(undefined, Buffer.alloc(32, 7));
  caller = openCaller(emulator);
  Object.assign(process.env, emulator.environment);
});
afterAll(async () => {
  process.env = { ...processEnvironment };
  await caller.close();
  store.close();
  await emulator.close();
});

const place = (stack: string) => ({
  stack,
  store,
  environment: process.env,
  clock: systemClock(),
  onEvent: (event: DeployEvent) => void events.push(event),
});

async function up(stack: string, settings: Readonly<Record<string, string>> = {}): Promise<JsonObject> {
  events = [];
  const { AZURE_CLIENT_ID: scoringClientId = "", AZURE_CLIENT_SECRET: scoringClientSecret = "" } =
    emulator.environmentFor("scoring");
  const { outputs } = await deploy({
    ...readStackConfiguration(root, "local", {
      scoringClientId,
      scoringClientSecret,
      triggerPrincipalId: principals.trigger.objectId,
      nameSuffix: stack,
      resourceGroupName: `rg-${stack}`,
      ...settings,
    }),
    program,
    ...place(stack),
  });
  return outputs;
}

const idsOf = (stack: string) => {
  const { ARM_SUBSCRIPTION_ID: subscriptionId = "" } = emulator.environment;
  const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-${stack}`;
  const providers = `${group}/providers`;
  return {
    group,
    machineLearning: `${providers}/Microsoft.MachineLearningServices/workspaces/mlw-${stack}`,
    vault: `${providers}/Microsoft.KeyVault/vaults/kv-scoring-${stack}`,
    endpoint: `${providers}/Microsoft.MachineLearningServices/workspaces/mlw-${stack}/batchEndpoints/taxi-fare-${stack}`,
    synapse: `${providers}/Microsoft.Synapse/workspaces/synw-${stack}`,
  };
};

describe("a deployment that Azure would refuse", { timeout: 120_000 }, () => {
  it("is refused before the first resource, with every reason and its cure", async () => {
    // of a provider that is not registered Azure tells nothing
    const { ARM_SUBSCRIPTION_ID: subscriptionId = "" } = emulator.environment;
    const machineLearning = `/subscriptions/${subscriptionId}/providers/Microsoft.MachineLearningServices`;
    const url = `${arm}${machineLearning}/register?api-version=2022-12-01`;
    await caller.call("deployer", arm, url, { method: "POST" });
    const attempt = up("first", { vmSize: "Standard_NC6s_v3", synapseLocation: "atlantis" });
    const message = await attempt.then(String, (error: Error) => error.message);
    expect(message).toMatch(/^The deployment would fail, and nothing was made:\n- /);
    expect(message).toMatch(/- vmSize: a node of Standard_NC6s_v3 takes 6 vCPUs .* is 0; .*pulumi config set vmSize/);
    expect(message).toMatch(/- synapseLocation: the region atlantis does not serve Microsoft.Synapse\/workspaces/);
    expect(events).toEqual([]);
  });

  it("by two principals, azure-native's and the environment's, is refused with both", async () => {
    const { AZURE_CLIENT_ID = "", AZURE_CLIENT_SECRET = "" } = emulator.environmentFor("operator");
    Object.assign(process.env, { ARM_CLIENT_ID: AZURE_CLIENT_ID, ARM_CLIENT_SECRET: AZURE_CLIENT_SECRET });
    try {
      const message = await up("first").then(String, (error: Error) => error.message);
      expect(message).toMatch(/^The deployer: /);
      expect(message).toContain(principals.deployer.objectId);
      expect(message).toContain(principals.operator.objectId);
    } finally {
      Object.assign(process.env, emulator.environment);
    }
  });

  it("of a scoring application that cannot sign in is refused in Entra ID's words, without its secret", async () => {
    const attempt = up("first", { scoringClientSecret: "not its secret" });
    const message = await attempt.then(String, (error: Error) => error.message);
    expect(message).toMatch(/^scoringClientId, scoringClientSecret: application .* cannot sign in: AADSTS7000215/);
    expect(message).toContain("az ad app credential reset");
    expect(message).not.toContain("not its secret");
    expect(events).toEqual([]);
  });
});

describe("a stack on another stack's resources", { timeout: 240_000 }, () => {
  it("deploys into them, its pipeline runs, and its end leaves them as they were", async () => {
    const first = await up("first");
    const theirs = idsOf("first");
    const before = await resourcesIn(theirs.group);
    const inTheirs = {
      existingScoringVault: theirs.vault,
      existingMachineLearningWorkspace: theirs.machineLearning,
      existingSynapseWorkspace: theirs.synapse,
      allowedIpAddresses: "[]",
    };
    const outputs = await up("second", inTheirs);
    expect(outputs).toMatchObject({
      resourceGroup: "rg-second",
      synapseWorkspace: first["synapseWorkspace"],
      machineLearningWorkspace: first["machineLearningWorkspace"],
      keyVault: first["keyVault"],
      batchEndpoint: "taxi-fare-second",
      pipelineName: "batch-scoring-second",
    });
    const types = events.filter(({ kind }) => kind === "created").map(({ type }) => type.split(":").at(-1));
    expect(types).not.toContain("Vault");
    // Log Analytics
    expect(types.filter((type) => type === "Workspace")).toHaveLength(1);
    await up("second", inTheirs);
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(["unchanged"]));

    await expectGreenRun(outputs);

    const moved = await up("second", {
      ...inTheirs,
      existingBatchEndpoint: theirs.endpoint,
      defaultDeployment: "boosted-trees",
    });
    expect(moved["scoringUri"]).toBe(first["scoringUri"]);

    await destroy({ ...readStackConfiguration(root, "local"), ...place("second") });
    expect(await resourcesIn(theirs.group)).toEqual(before);
    const endpoint = await caller.call("deployer", arm, `${arm}${theirs.endpoint}?api-version=2025-12-01`);
    expect(endpoint).toMatchObject({ properties: { defaults: { deploymentName: "boosted-trees" } } });
  });
});

describe("a stack that the default settings are not for", { timeout: 240_000 }, () => {
  it("scores with the source document's body on an endpoint from before API version 2022-05-01", async () => {
    await up("first");
    const workspace = idsOf("first").machineLearning;
    const legacy = `${workspace}/batchEndpoints/legacy`;
    const body = { location: "centralus", properties: { authMode: "AADToken" } };
    await caller.call("deployer", arm, `${arm}${legacy}?api-version=2021-10-01`, { method: "PUT", body });
    const outputs = await up("third", {
      batchApi: "preview",
      secretVersion: "pinned",
      registerDataset: "required",
      existingBatchEndpoint: legacy,
    });
    expect(outputs["scoringUri"]).toContain("https://legacy.");
    await expectGreenRun(outputs);
  });

  it("scores with authentication managedIdentity, and has no secret anywhere", async () => {
    const outputs = await up("fourth", {
      authentication: "managedIdentity",
      scoringClientId: "",
      scoringClientSecret: "",
    });
    expect(events.filter(({ type }) => type.endsWith(":Secret"))).toEqual([]);
    await expectGreenRun(outputs);
  });
});

async function expectGreenRun(outputs: JsonObject): Promise<void> {
  const file = path.join(emulator.folder, `${String(outputs["resourceGroup"])}.json`);
  writeFileSync(file, JSON.stringify(outputs));
  const run = await runCli(["trigger"], { ...emulator.environmentFor("trigger"), STACK_OUTPUTS: file });
  expect(run.stdout, run.stderr).toContain("run Succeeded");
  expect(run.code).toBe(0);
}

/** The ids of a group's resources, without the versions of assets, which no destroy takes away. */
async function resourcesIn(group: string): Promise<readonly string[]> {
  const answer = await caller.call("deployer", arm, `${arm}${group}/resources?api-version=2021-04-01`);
  return (answer as { value: { id: string }[] }).value.map(({ id }) => id).sort();
}
