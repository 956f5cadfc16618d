import { afterAll, beforeAll, expect, it } from "vitest";
import { audiences } from "../../../contract/hosts.js";
import type { JsonObject } from "../../../contract/json.js";
import { subscription } from "../../../emulator/platform/subscription.js";
import { generateTrips, tripsAsCsv } from "../../../samples/generateTrips.js";
import { openCaller } from "../../helpers/deployedEmulator.js";
import { startTestEmulator, type TestEmulator } from "../../helpers/testEmulator.js";
import { type BesClient, openBesClient } from "./besClient.js";

const trainedModel = "Boosted Decision Tree [trained model]";

let emulator: TestEmulator;
let bes: BesClient;
let service: string;
beforeAll(async () => {
  emulator = await startTestEmulator();
  bes = openBesClient(emulator);
  await bes.upload("data/trips.csv", tripsAsCsv(generateTrips({ seed: 5, count: 200 })));
  const [, workspace] = /workspaces\/(\w+)/.exec(bes.endpoint) ?? [];
  const listed = await manage("GET", `https://management.azureml.net/workspaces/${workspace}/webservices`);
  const [only] = listed.json as { Id: string; Name: string }[];
  expect(only?.Name).toBe("Boosted-Decision-Tree-Retrain");
  service = `https://management.azureml.net/workspaces/${workspace}/webservices/${only?.Id}`;
});
afterAll(async () => {
  await bes.close();
  await emulator.close();
});

const manage = (method: "GET" | "PUT" | "PATCH" | "DELETE", url: string, body?: unknown, key = bes.token) =>
  bes.send(method, url, { key, ...(body !== undefined && { body }) });

const endpointNamed = async (name: string) =>
  (await manage("GET", `${service}/endpoints/${name}`)).json as JsonObject & {
    PrimaryKey: string;
    ApiLocation: string;
  };

async function trainedBlob(): Promise<JsonObject> {
  const { Results } = await bes.run({
    Inputs: { input1: bes.blob("data/trips.csv") },
    Outputs: { output1: bes.blob("data/model.ilearner") },
    GlobalParameters: { Label: "fare" },
  });
  const place = Results?.["output1"];
  if (!place) throw new Error("there is no model");
  return { ...place };
}

const codeOf = ({ json }: { json: unknown }) =>
  (json as { error: { details: { code: string }[] } }).error.details[0]?.code;

it("the PATCH points an endpoint beside the default one at a retrained model, with the endpoint's own key", async () => {
  const url = `${service}/endpoints/retrained`;
  const made = await manage("PUT", url, {
    Description: "for the new model",
    ThrottleLevel: "High",
    MaxConcurrentCalls: "8",
  });
  expect([made.status, made.json]).toEqual([
    201,
    expect.objectContaining({
      Name: "retrained",
      Description: "for the new model",
      MaxConcurrentCalls: 8,
      Resources: [{ Name: trainedModel, Kind: "TrainedModel", Location: null }],
    }),
  ]);
  const { PrimaryKey } = await endpointNamed("retrained");
  const Location = await trainedBlob();
  const patched = await manage("PATCH", url, { Resources: [{ Name: trainedModel, Location }] }, PrimaryKey);
  expect([patched.status, patched.text]).toEqual([200, ""]);
  expect((await endpointNamed("retrained"))["Resources"]).toEqual([
    {
      Name: trainedModel,
      Kind: "TrainedModel",
      Location: { ...Location, SasBlobToken: null },
    },
  ]);
});

it("the default endpoint, an unknown resource, a blob that is not there and one that is no model are refused", async () => {
  const patch = (name: string, over: object = {}, resource = trainedModel) =>
    manage("PATCH", `${service}/endpoints/${name}`, {
      Resources: [{ Name: resource, Location: bes.blob("data/model.ilearner", over) }],
    });
  await manage("PUT", `${service}/endpoints/strict`);
  await bes.upload("data/text.ilearner", "no model");
  expect(codeOf(await patch("default"))).toBe("EndpointNotUpdatable");
  expect(codeOf(await patch("strict", {}, "Another [trained model]"))).toBe("BadParameterValue");
  expect(codeOf(await patch("strict", { RelativeLocation: "data/none.ilearner" }))).toBe("BlobNotFound");
  expect(codeOf(await patch("strict", { RelativeLocation: "data/text.ilearner" }))).toBe("InvalidBlob");
  expect(codeOf(await patch("strict", { RelativeLocation: "data/model.zip" }))).toBe("InvalidBlobExtension");
  expect(codeOf(await patch("nobody"))).toBe("EndpointNotFound");
});

it("a PATCH that names the model twice is refused instead of taking one of both", async () => {
  await manage("PUT", `${service}/endpoints/twice`);
  const named = (path: string) => ({ Name: trainedModel, Location: bes.blob(path) });
  const Resources = [named("data/none.ilearner"), named("data/model.ilearner")];
  const refused = await manage("PATCH", `${service}/endpoints/twice`, { Resources });
  expect([refused.status, codeOf(refused)]).toEqual([400, "BadParameterValue"]);
  expect((await endpointNamed("twice"))["Resources"]).toMatchObject([{ Location: null }]);
});

it("a further endpoint has its own address and key, runs jobs, and ends with them when it is deleted", async () => {
  await manage("PUT", `${service}/endpoints/second`);
  const { ApiLocation, PrimaryKey } = await endpointNamed("second");
  const jobs = `${ApiLocation}/jobs`;
  const body = { Inputs: { input1: bes.blob("data/trips.csv") } };
  expect((await bes.send("POST", `${jobs}?api-version=2.0`, { body })).status).toBe(401);
  const submitted = await bes.send("POST", `${jobs}?api-version=2.0`, { body, key: PrimaryKey });
  expect(submitted.status).toBe(200);
  expect((await bes.status(String(submitted.json))) as object).toMatchObject({ error: { code: "NotFound" } });
  expect((await manage("DELETE", `${service}/endpoints/second`)).status).toBe(204);
  const gone = await bes.send("GET", `${jobs}/${submitted.json}?api-version=2.0`, { key: PrimaryKey });
  expect(gone.status).toBe(404);
  expect(codeOf(await manage("DELETE", `${service}/endpoints/default`))).toBe("EndpointNotUpdatable");
});

it("the workspace's token manages endpoints; an endpoint's key reads and patches that one alone", async () => {
  expect((await manage("GET", `${service}/endpoints/default`, undefined, bes.key)).status).toBe(200);
  for (const [method, url] of [
    ["GET", service],
    ["GET", `${service}/endpoints`],
    ["PUT", `${service}/endpoints/other`],
    ["DELETE", `${service}/endpoints/default`],
  ] as const) {
    const refused = await manage(method, url, undefined, bes.key);
    expect([refused.status, codeOf(refused)]).toEqual([401, "ManagementRequestUnauthorized"]);
  }
  const names = ((await manage("GET", `${service}/endpoints`)).json as { Name: string }[]).map(({ Name }) => Name);
  expect(names[0]).toBe("default");
});

it("the swagger document, open to all, has the address, the four operations and the status as a word", async () => {
  const { status, json } = await bes.send("GET", `${bes.endpoint}/swagger.json`, { key: undefined });
  expect(status).toBe(200);
  const document = json as {
    host: string;
    basePath: string;
    paths: Record<string, Record<string, { operationId: string }>>;
    definitions: JsonObject;
  };
  expect(`https://${document.host}${document.basePath}`).toBe(bes.endpoint);
  const operations = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  );
  expect(operations).toEqual(["getSwaggerDocument", "submitJob", "startJob", "getJobStatus", "deleteJob"]);
  const references = JSON.stringify(document).matchAll(/#\/definitions\/(\w+)/g);
  for (const [, name = ""] of references) expect(document.definitions).toHaveProperty(name);
});

it("the workspace's storage account is in nobody's list of resources, and its name is taken", async () => {
  const caller = openCaller(emulator);
  const [audience] = audiences.resourceManager;
  const here = `${audience}/subscriptions/${subscription.subscriptionId}`;
  const [, account = ""] = /AccountName=(\w+)/.exec(bes.connectionString) ?? [];
  try {
    const list = (path: string) => caller.call("deployer", audience, `${here}${path}`);
    expect(await list("/providers/Microsoft.Storage/storageAccounts?api-version=2024-01-01")).toEqual({ value: [] });
    expect(await list("/resources?api-version=2022-09-01")).toEqual({ value: [] });
    const group = `${here}/resourceGroups/rg?api-version=2022-09-01`;
    await caller.call("deployer", audience, group, { method: "PUT", body: { location: "centralus" } });
    await caller.call("deployer", audience, `${here}/providers/Microsoft.Storage/register?api-version=2022-09-01`, {
      method: "POST",
    });
    const url = `${here}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/${account}?api-version=2024-01-01`;
    const body = { location: "centralus", sku: { name: "Standard_LRS" }, kind: "StorageV2" };
    await expect(caller.call("deployer", audience, url, { method: "PUT", body })).rejects.toThrow(
      `The storage account named ${account} is already taken.`,
    );
  } finally {
    await caller.close();
  }
});
