import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { deploy, jobBody } from "./deployed.js";
import { workspaceId } from "./names.js";
import { messageOf, TestMachineLearning } from "./testMachineLearning.js";

const noWorker = { worker: new URL("file:///no/worker/is/needed") };
const experiments = "centralus.experiments.azureml.net";
const fromDataPath = `/dataset/v1.0${workspaceId}/saveddatasets/from-data-path`;
const path = { DatastoreName: "taxibatch2files", RelativePath: "/example-data/taxibatch.csv" };

describe("a call to a machine learning host", () => {
  let test: TestMachineLearning;
  beforeAll(async () => {
    test = await TestMachineLearning.start(noWorker);
    await deploy(test);
  });
  afterAll(() => test.close());
  const submit = (body: unknown = jobBody, options = {}) => test.call("POST", "/jobs", { body, ...options });

  it("without a token is a 401, with one for another audience a 403 that says so", async () => {
    expect((await submit(jobBody, { as: null })).status).toBe(401);
    const other = await submit(jobBody, { audience: "https://management.azure.com" });
    expect([other.status, messageOf(other)]).toEqual([403, "Audiences in JWT are not allowed"]);
  });

  it("without the role is a 403 that names principal, action and scope", async () => {
    const answer = await submit(jobBody, { as: test.principal("trigger") });
    expect(answer.status).toBe(403);
    expect(messageOf(answer)).toContain("batchEndpoints/deployments/jobs/write' over scope '/subscriptions/");
    expect((await test.call("GET", "/jobs/x", { as: test.principal("trigger") })).status).toBe(403);
    const dataset = { host: experiments, body: path, as: test.principal("trigger") };
    expect(messageOf(await test.call("POST", fromDataPath, dataset))).toContain("datasets/unregistered/write");
  });

  it("to a deployment that does not exist is refused by its name", async () => {
    const answer = await submit(jobBody, { headers: { "azureml-model-deployment": "green" } });
    expect([answer.status, messageOf(answer)]).toEqual([404, expect.stringContaining("'green'")]);
  });

  it.each([
    ["no input", { properties: {} }, "no input"],
    ["a folder as input", { properties: { InputData: { x: { JobInputType: "UriFolder", Uri: "u" } } } }, "UriFolder"],
    ["an asset that is not there", inputOf(`${workspaceId}/data/trips/versions/9`), "'trips' with version '9'"],
    ["another workspace's data", inputOf(`${workspaceId}x/data/trips/versions/1`), "not in the workspace"],
    [
      "an output that is no datastore",
      outputOf("https://mlaccount.blob.core.windows.net/c/p.csv"),
      "not a path in a datastore",
    ],
    ["a text", "x", "not valid"],
  ])("with %s is refused", async (_what, body, message) => {
    const answer = await submit(body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(messageOf(answer)).toContain(message);
  });

  it("with a dataset of the first SDK is refused by an endpoint of a newer API version", async () => {
    const answer = await submit(datasetBody);
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining("V1 datasets are not supported")]);
  });

  it("for a job that is not there is a 404", async () => {
    expect((await test.call("GET", "/jobs/batchjob-1")).status).toBe(404);
  });

  it("registers an unregistered dataset of a path, with keys in any case and either audience", async () => {
    for (const audience of ["https://ml.azure.com/", "https://management.core.windows.net/"]) {
      const made = await test.call("POST", fromDataPath, { host: experiments, audience, body: path });
      expect([made.status, made.body["datasetType"]]).toEqual([200, "file"]);
      expect(made.body["dataPath"]).toMatchObject({
        datastoreName: path.DatastoreName,
        relativePath: path.RelativePath,
      });
      const url = fromDataPath.replace("from-data-path", String(made.body["id"]));
      expect((await test.call("GET", url, { host: experiments })).body).toEqual(made.body);
    }
    const nowhere = { ...path, DatastoreName: "nowhere" };
    const refused = await test.call("POST", fromDataPath, { host: experiments, body: nowhere });
    expect([refused.status, messageOf(refused)]).toEqual([404, expect.stringContaining("'nowhere'")]);
  });

  it("finds the dataset of a path again, and makes another for another path", async () => {
    const idOf = async (body: object) => {
      const answer = await test.call("POST", fromDataPath, { host: experiments, body });
      expect(answer.status).toBe(200);
      return answer.body["id"];
    };
    const first = await idOf(path);
    expect(await idOf({ datastoreName: "TaxiBatch2Files", relativePath: "example-data/taxibatch.csv" })).toBe(first);
    expect(await idOf({ ...path, RelativePath: "/example-data/other.csv" })).not.toBe(first);
  });

  it("for a workspace of another region is a 404", async () => {
    const host = "westeurope.experiments.azureml.net";
    expect((await test.call("POST", fromDataPath, { host, body: path })).status).toBe(404);
  });

  it("tells the hosts of the region without a token", async () => {
    const { body } = await test.call("GET", "/discovery", { host: "centralus.api.azureml.ms", as: null });
    expect(body).toEqual({
      api: "https://centralus.api.azureml.ms",
      history: "https://centralus.api.azureml.ms",
    });
  });
});

describe("an endpoint", () => {
  it("without a default deployment has none to route to", async () => {
    const test = await TestMachineLearning.start(noWorker);
    await deploy(test, { withoutDefault: true });
    const answer = await test.call("POST", "/jobs", { body: jobBody });
    expect([answer.status, messageOf(answer)]).toEqual([
      400,
      expect.stringContaining("No valid deployments to route to"),
    ]);
    await test.close();
  });

  it("of an older API version takes a dataset of the first SDK by name and version", async () => {
    const test = await TestMachineLearning.start(noWorker);
    await deploy(test, { endpointApiVersion: "2021-10-01" });
    const failed = test.statusesOf(["Failed"]);
    const answer = await test.call("POST", "/jobs", { body: datasetBody });
    expect(answer.status).toBe(201);
    expect(JSON.stringify((answer.body["properties"] as JsonObject)["inputData"])).toContain("data/trips/versions/1");
    await failed;
    await test.close();
  });
});

const datasetBody = {
  properties: { dataset: { dataInputType: "DatasetVersion", datasetName: "trips", datasetVersion: "1" } },
};
function inputOf(uri: string) {
  return { properties: { InputData: { x: { JobInputType: "UriFile", Uri: uri } } } };
}
function outputOf(uri: string) {
  const OutputData = { score: { JobOutputType: "UriFile", Uri: uri } };
  return { properties: { ...jobBody.properties, OutputData } };
}
