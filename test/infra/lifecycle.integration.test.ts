import { afterAll, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { type DeployedResource, openDeployedResources } from "../../emulator/deploy/deployedResources.js";
import { DynamicResources } from "../../emulator/deploy/dynamicResources.js";
import { type DeployedEmulator, startDeployedEmulator } from "../helpers/deployedEmulator.js";

const environment = { ...process.env };
const dynamic = new DynamicResources();
let emulator: DeployedEmulator;
let deployed: readonly DeployedResource[];
let stderr: MockInstance<typeof console.error>;

beforeAll(async () => {
  emulator = await startDeployedEmulator();
  deployed = openDeployedResources(emulator.platform.store, "synapse-batch/local").all();
  Object.assign(process.env, emulator.environment);
}, 60_000);
beforeEach(() => {
  stderr = vi
    .spyOn(console, "error")
    .mockReset()
    .mockImplementation(() => {});
});
afterAll(async () => {
  stderr.mockRestore();
  process.env = { ...environment };
  await emulator.close();
});

/** The record of a dynamic resource, by its type and a part of its name. */
function recordOf(type: string, name = ""): DeployedResource {
  const isIt = (one: DeployedResource) => one.type.startsWith("pulumi-nodejs:") && one.type.endsWith(`:${type}`);
  const found = deployed.find((one) => isIt(one) && one.name.includes(name));
  if (!found) throw new Error(`no ${type} is deployed`);
  return found;
}

type Method = "GET" | "PUT" | "DELETE";

const read = (record: DeployedResource) => dynamic.read(record.type, record.id, record);
const update = (record: DeployedResource) => dynamic.update(record.type, record, record.inputs);
const remove = (record: DeployedResource) => dynamic.delete(record.type, record);

async function inWorkspace(method: Method, path: string, body?: object): Promise<Record<string, unknown>> {
  const url = `${recordOf("Pipeline").inputs["endpoint"]}${path}?api-version=2020-12-01`;
  const options = { method, ...(body && { body }) };
  return (await emulator.call("deployer", "https://dev.azuresynapse.net", url, options)) as Record<string, unknown>;
}

async function inArm(method: Method, id: string, query: string, body?: object): Promise<Record<string, unknown>> {
  const url = `https://management.azure.com${id}?${query}`;
  const options = { method, ...(body && { body }) };
  return (await emulator.call("deployer", "https://management.azure.com", url, options)) as Record<string, unknown>;
}

describe("a published pipeline", () => {
  const path = () => `/pipelines/${recordOf("Pipeline").inputs["pipelineName"]}`;

  it("is read as it was declared", async () => {
    const record = recordOf("Pipeline");
    expect((await read(record))?.outputs["definition"]).toEqual(record.inputs["definition"]);
  });

  it("that is changed outside is read so, the change is named by activity and field, and an update takes it back", async () => {
    const record = recordOf("Pipeline");
    const text = JSON.stringify(record.inputs["definition"]);
    const changed = JSON.parse(text) as { activities: { typeProperties: { url: string }; userMember?: object }[] };
    const first = changed.activities[0];
    if (!first) throw new Error("the pipeline has no activity");
    first.typeProperties.url = "https://elsewhere.example";
    first.userMember = { unknown: ["to", "us"] };
    await inWorkspace("PUT", path(), { properties: changed });

    const found = await read(record);
    expect(found?.outputs["definition"]).toEqual(changed);
    const difference = await dynamic.diff(record.type, { ...record, ...found }, record.inputs);
    expect(difference.inputs).not.toEqual([]);
    expect(stderr).toHaveBeenCalledWith(
      expect.stringMatching(
        /^Pipeline \S+ changes: activities\[\w+\]\.typeProperties\.url, activities\[\w+\]\.userMember$/,
      ),
    );
    await update(record);
    expect((await read(record))?.outputs["definition"]).toEqual(record.inputs["definition"]);
  });

  it("that is deleted outside is missing, is published again by an update, and may be deleted twice", async () => {
    const record = recordOf("Pipeline");
    await inWorkspace("DELETE", path());
    await vi.waitFor(async () => expect(await read(record)).toBeUndefined());
    await update(record);
    expect(await read(record)).toBeDefined();
    await remove(record);
    expect(await read(record)).toBeUndefined();
    await remove(record);
    await update(record);
  });
});

describe("a Synapse role assignment", () => {
  it("that is deleted outside is missing, is made again by an update, and may be deleted twice", async () => {
    const record = recordOf("RoleAssignment", "trigger principal");
    await inWorkspace("DELETE", `/roleAssignments/${record.inputs["assignmentName"]}`);
    expect(await read(record)).toBeUndefined();
    await update(record);
    expect(await read(record)).toMatchObject({ id: record.id });
    await remove(record);
    await remove(record);
    await update(record);
  });

  it("that somebody else made already is used as it is, and stays when the resource goes", async () => {
    const record = recordOf("RoleAssignment", "trigger principal");
    const inputs = { ...record.inputs, assignmentName: "66666666-6666-4666-8666-666666666666" };
    const made = await dynamic.create(record.type, inputs);
    expect(made.outputs).toMatchObject({ madeByOthers: record.inputs["assignmentName"] });
    const mine = { ...record, ...made, inputs };
    expect(await read(mine)).toBeDefined();
    await remove(mine);
    expect(await read(record)).toBeDefined();
  });
});

describe("the default deployment of a batch endpoint", () => {
  it("that is taken away outside is missing, and is set again by an update that leaves the rest as it is", async () => {
    const record = recordOf("BatchEndpointDefault");
    const id = String(record.inputs["endpointId"]);
    const { properties, location, tags } = await inArm("GET", id, "api-version=2025-12-01");
    const { defaults, scoringUri, swaggerUri, provisioningState, ...rest } = properties as Record<string, unknown>;
    expect(defaults).toEqual({ deploymentName: record.inputs["deploymentName"] });
    await inArm("PUT", id, "api-version=2025-12-01", { location, ...(tags ? { tags } : {}), properties: rest });
    await vi.waitFor(async () => expect(await read(record)).toBeUndefined());
    await update(record);
    const after = await inArm("GET", id, "api-version=2025-12-01");
    expect(after["properties"]).toEqual({ defaults, scoringUri, swaggerUri, provisioningState, ...rest });
  });

  it("that was chosen elsewhere since is nothing to update where the program says the same by now", async () => {
    const record = recordOf("BatchEndpointDefault");
    const before = { ...record, inputs: { ...record.inputs, deploymentName: "before" } };
    expect(await dynamic.already(record.type, before, record.inputs)).toMatchObject({
      id: record.id,
      outputs: { deploymentName: record.inputs["deploymentName"] },
    });
    const another = { ...record.inputs, deploymentName: "another" };
    expect(await dynamic.already(record.type, record, another)).toBeUndefined();
    // every other resource is the program's alone
    const pipeline = recordOf("Pipeline");
    expect(await dynamic.already(pipeline.type, pipeline, pipeline.inputs)).toBeUndefined();
  });

  it("that was chosen elsewhere since is not taken away with the resource", async () => {
    const record = recordOf("BatchEndpointDefault");
    await dynamic.delete(record.type, { ...record, outputs: { ...record.outputs, deploymentName: "another" } });
    expect(await read(record)).toBeDefined();
    await remove(record);
    expect(await read(record)).toBeUndefined();
    await update(record);
  });
});

// the last tests: nothing is left of the workspaces
describe("with the workspace gone", () => {
  it("what was inside is missing, and its deletion is done", async () => {
    const workspace = emulator.platform.resources.ofType("Microsoft.Synapse/workspaces")[0];
    await inArm("DELETE", workspace?.id ?? "", "api-version=2021-06-01");
    const inside = [recordOf("Pipeline"), recordOf("RoleAssignment", "trigger principal")];
    await vi.waitFor(async () => expect(await read(inside[0] as DeployedResource)).toBeUndefined(), 10_000);
    for (const record of inside) {
      expect(await read(record)).toBeUndefined();
      await remove(record);
    }
  });
});
