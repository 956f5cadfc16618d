import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../contract/clock.js";
import { stackOutputs } from "../../contract/stackOutputs.js";
import {
  type DeployOptions,
  type DeployResult,
  deploy,
  destroy,
  preview,
  readOutputs,
} from "../../emulator/deploy/deploy.js";
import type { DeployEvent } from "../../emulator/deploy/deployEvent.js";
import { type DeployedResource, openDeployedResources } from "../../emulator/deploy/deployedResources.js";
import { openProviders } from "../../emulator/deploy/providers.js";
import { readStackConfiguration } from "../../emulator/deploy/stackConfiguration.js";
import { openStore, type Store } from "../../emulator/platform/store.js";
import program from "../../infra/index.js";
import { type FakeAzure, startFakeAzure } from "./fakeAzure.js";

const root = path.resolve(import.meta.dirname, "../..");
const secret = "a-secret-of-the-scoring-application";
const settings = {
  scoringClientId: "66666666-6666-6666-6666-666666666666",
  scoringClientSecret: secret,
  triggerPrincipalId: "77777777-7777-7777-7777-777777777777",
};
const operator = { objectId: "88888888-8888-8888-8888-888888888888", principalType: "User" };

let azure: FakeAzure;
let folder: string;
let store: Store;
let events: DeployEvent[];
const unhandled: unknown[] = [];
const environment = { ...process.env };
const onUnhandled = (reason: unknown) => void unhandled.push(reason);

async function open(): Promise<void> {
  azure = await startFakeAzure();
  folder = mkdtempSync(path.join(tmpdir(), "deploy-"));
  store = openStore(path.join(folder, "state.db"), Buffer.alloc(32, 7));
  Object.assign(process.env, azure.environment);
  unhandled.length = 0;
  process.on("unhandledRejection", onUnhandled);
}

async function close(): Promise<void> {
  // rejections are reported after the microtasks
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", onUnhandled);
  process.env = { ...environment };
  store.close();
  await azure.close();
  rmSync(folder, { recursive: true });
  expect(unhandled).toEqual([]);
}

function optionsWith(changed: Readonly<Record<string, string>>): DeployOptions {
  return {
    ...readStackConfiguration(root, "local", { ...settings, ...changed }),
    program,
    ...place(),
    onEvent: (event) => void events.push(event),
  };
}

function run(changed: Readonly<Record<string, string>> = {}) {
  events = [];
  azure.requests.length = 0;
  return deploy(optionsWith(changed));
}

/** How many resources the program has with these settings. */
let declared: number;

const place = () => ({ stack: "local", store, environment: process.env, clock: systemClock() });
const stack = () => ({ project: "synapse-batch", stack: "local", store });
const sent = (method: string) => azure.requests.filter((line) => line.startsWith(`${method} `));
const positionOfPut = (part: string) =>
  azure.requests.findIndex((line) => line.startsWith("PUT ") && line.includes(part));

describe("a stack, from its first deployment to its end,", () => {
  let first: DeployResult;
  beforeAll(async () => {
    await open();
    first = await run();
    declared = first.changes.created;
  });
  afterAll(close);

  it("has everything that the program declares, each after what it depends on", () => {
    expect(first.changes).toMatchObject({ updated: 0, deleted: 0, unchanged: 0 });
    const order = ["/vaults/kv-ml", "/workspaces/mlw-", "/batchEndpoints/", "/deployments/boosted-trees"];
    const positions = order.map(positionOfPut);
    expect(positions).toEqual([...positions].sort((one, other) => one - other));
    expect(positionOfPut("firewallRules/")).toBeLessThan(positionOfPut("azuresynapse.net/roleAssignments/"));
  });

  it("has the outputs of the contract", () => {
    expect(stackOutputs.parse(first.outputs)).toEqual(first.outputs);
    expect(readOutputs(stack())).toEqual(first.outputs);
  });

  it("has its files in the blob store and the default deployment on its endpoint", () => {
    expect([...azure.blobs.keys()].sort()).toEqual([
      expect.stringMatching(/^\/azureml-blobstore-1\/models\/fare\/[0-9a-f]{8}\//),
      expect.stringMatching(/^\/azureml-blobstore-1\/scoring\/[0-9a-f]{8}\/score\.py$/),
      "/taxibatch2files/example-data/taxibatch.csv",
    ]);
    const endpoint = [...azure.resources.values()].find(({ id }) => /batchEndpoints\/[^/]+$/.test(String(id)));
    expect(endpoint).toMatchObject({
      properties: { authMode: "AADToken", defaults: { deploymentName: "boosted-trees" } },
    });
  });

  it("keeps no secret in its state or its events", () => {
    const bytes = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), "latin1"));
    expect(bytes.join("")).not.toContain(secret);
    expect(JSON.stringify(events)).not.toContain(secret);
  });

  it("does nothing a second time", async () => {
    const second = await run();
    expect(sent("PUT")).toEqual([]);
    expect(second).toEqual({
      outputs: first.outputs,
      changes: { created: 0, updated: 0, deleted: 0, unchanged: declared },
    });
  });

  it("can be read back, also what was deleted behind its back", async () => {
    const providers = openProviders({ environment: process.env, clock: systemClock(), location: undefined });
    const resources = openDeployedResources(store, "synapse-batch/local").all();
    const secondReading = async (resource: DeployedResource) =>
      (await providers.providerOf(resource.type).read(resource.type, resource.id, resource))?.id;
    try {
      expect(await Promise.all(resources.map(secondReading))).toEqual(resources.map(({ id }) => id));
      const inside = [...azure.resources].filter(([key]) => /azuresynapse\.net|storageAccounts/.test(key));
      for (const [key] of inside) azure.resources.delete(key);
      const gone = resources.filter(({ type }) => /dynamic\/synapse|StorageAccount/.test(type));
      expect(await Promise.all(gone.map(secondReading))).toEqual(gone.map(() => undefined));
      for (const [key, body] of inside) azure.resources.set(key, body);
    } finally {
      await providers.close();
    }
  });

  it("previews a change by the activity and the field, once, and does nothing", async () => {
    events = [];
    azure.requests.length = 0;
    const said = vi.spyOn(console, "error");
    const { changes } = await preview(optionsWith({ pollSeconds: "7" }));
    expect(said).not.toHaveBeenCalled();
    said.mockRestore();
    expect(changes).toEqual({ created: 0, updated: 1, deleted: 0, unchanged: declared - 1 });
    expect(events.filter(({ kind }) => kind === "updated")).toMatchObject([
      {
        name: "batch-scoring",
        changes: [
          {
            path: expect.stringMatching(
              /^definition\.activities\[wait_for_job\]\..*\[Wait\]\.typeProperties\.waitTimeInSeconds$/,
            ),
            old: "1",
            new: "7",
          },
        ],
      },
    ]);
    expect(sent("PUT")).toEqual([]);
  });

  it("updates what a changed setting is read by, and waits for the address rule to take effect", async () => {
    const refusal = { status: 403, code: "ClientIpAddressNotAuthorized", message: "Client Ip address : 127.0.0.1" };
    azure.refusals.set("/pipelines/batch-scoring", refusal);
    const { changes } = await run({ pollSeconds: "7", operators: JSON.stringify([operator]) });
    expect(changes).toEqual({ created: 6, updated: 1, deleted: 0, unchanged: declared - 1 });
    expect(sent("PUT").filter((line) => line.endsWith(".dev.azuresynapse.net/pipelines/batch-scoring"))).toHaveLength(
      2,
    );
  });

  it("loses what left the program", async () => {
    const { changes } = await run({ pollSeconds: "7" });
    expect(changes).toEqual({ created: 0, updated: 0, deleted: 6, unchanged: declared });
    expect(sent("DELETE").filter((line) => line.includes("https://management.azure.com/"))).toHaveLength(3);
    expect(sent("DELETE").filter((line) => line.includes("azuresynapse.net/roleAssignments/"))).toHaveLength(3);
  });

  it("refuses a change that Azure would answer with another resource", async () => {
    await expect(run({ "azure-native:location": "westeurope" })).rejects.toThrow("the change of location would delete");
    expect(sent("PUT")).toEqual([]);
  });

  it("takes a wrong configuration for a wrong call, before it asks for anything", async () => {
    const wrong = { exitCode: 2, message: expect.stringContaining("pollSeconds: must be a whole number") };
    await expect(run({ pollSeconds: "often" })).rejects.toMatchObject(wrong);
    expect(azure.requests).toEqual([]);
  });

  it("is destroyed without a request for what goes with its parent or is kept", async () => {
    azure.requests.length = 0;
    await destroy({ ...stack(), ...place(), configuration: {}, onEvent: () => {} });
    const dataPlane = sent("DELETE").filter((line) => !line.includes("https://management.azure.com/"));
    expect(dataPlane).toEqual([]);
    const insideOthers = /\/(secrets|firewallRules|batchEndpoints|computes|datastores|models|codes|environments)\//;
    expect(sent("DELETE").filter((line) => insideOthers.test(line))).toEqual([]);
    expect(sent("DELETE").at(-1)).toMatch(/\/resourceGroups\/rg-synapse-batch-local$/);
    expect(readOutputs(stack())).toBeUndefined();
  });
});

describe("a deployment that fails", () => {
  beforeEach(open);
  afterEach(close);

  it("ends with the failing resource's own error, keeps what is finished and goes on from there", async () => {
    azure.refusals.set("PUT /workspaces/mlw-", {
      status: 409,
      code: "Conflict",
      message: "The workspace is being deleted.",
    });
    await expect(run()).rejects.toMatchObject({
      name: "ProgramError",
      exitCode: 1,
      code: "Conflict",
      urn: expect.stringContaining("::machine-learning"),
      message: expect.stringContaining("Conflict: The workspace is being deleted."),
      cure: expect.stringContaining("deploy again"),
    });
    expect(events.filter(({ kind }) => kind === "failed").map(({ name }) => name)).toEqual(["machine-learning"]);
    const finished = events.filter(({ kind }) => kind === "created").length;
    const { changes } = await run();
    expect(changes).toEqual({ created: declared - finished, updated: 0, deleted: 0, unchanged: finished });
  });

  it("ends with a data-plane resource's own error, and names the address to allow", async () => {
    const refusal = { status: 403, code: "ClientIpAddressNotAuthorized", message: "Client Ip address : 10.1.2.3" };
    azure.refusals.set("/pipelines/batch-scoring", refusal);
    await expect(run({ effectTimeoutSeconds: "0" })).rejects.toMatchObject({
      code: "ClientIpAddressNotAuthorized",
      message: expect.stringContaining("pulumi config set --path 'allowedIpAddresses[0]' 10.1.2.3"),
    });
  });
});
