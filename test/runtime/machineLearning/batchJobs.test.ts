import { describe, expect, it } from "vitest";
import { exitCodes, ProgramError } from "../../../contract/errors.js";
import type { Json, JsonObject } from "../../../contract/json.js";
import { HttpError, UnreachableError } from "../../../runtime/http/errors.js";
import { batchJobsOf, deploymentsOf, jobLine, stopJob } from "../../../runtime/machineLearning/batchJobs.js";
import { blobOf, jobOutputOf, writersOf } from "../../../runtime/machineLearning/jobOutput.js";
import type { ResourceManager } from "../../../runtime/machineLearning/resourceManager.js";
import { modelOf } from "../../../runtime/machineLearning/scoredBy.js";
import { activityRun } from "../../../runtime/synapse/schemas.js";
import { activity } from "../helpers/synapseServer.js";

const workspaceId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/mlw1";
const uri = `azureml:/${workspaceId}/datastores/workspaceblobstore/paths/scores/r1/predictions.csv`;

/** The activity run of an invocation with this answer. */
const invoked = (output: Json) => activityRun.parse(activity("invoke", "Succeeded", { output }));
const answer: JsonObject = {
  id: `${workspaceId}/batchEndpoints/taxi/deployments/d/jobs/batchjob-1`,
  name: "batchjob-1",
  properties: { outputData: { score: { jobOutputType: "UriFile", uri } } },
};

/** Resource Manager with one resource that also notes which actions are asked for. */
function resourceManager(found: JsonObject | undefined, refusal?: Error) {
  const asked: string[] = [];
  const resources: ResourceManager = {
    get: async () => found,
    put: () => Promise.reject(new Error("not used here")),
    ask: async (id, action) => {
      asked.push(`${id} ${action}`);
      if (refusal) throw refusal;
      return {};
    },
  };
  return { resources, asked };
}

describe("the batch jobs of a run", () => {
  it("are read from the answers of whatever activities have invoked batch endpoints, each once", () => {
    const others = [invoked({}), invoked({ id: "/subscriptions/s" }), invoked("text"), invoked(null)];
    expect(batchJobsOf([invoked(answer), ...others, invoked({ id: `${workspaceId}/jobs/batchjob-1` })])).toEqual([
      { name: "batchjob-1", workspaceId },
    ]);
  });

  const job = { name: "batchjob-1", workspaceId };

  it("are cancelled through Resource Manager while they go on", async () => {
    const { resources, asked } = resourceManager({ properties: { status: "Running" } });
    const stop = await stopJob(job, resources);
    expect(asked).toEqual([`${workspaceId}/jobs/batchjob-1 cancel`]);
    expect(jobLine(stop)).toBe("batch job batchjob-1 is being cancelled");
  });

  it.each(["Completed", "Failed", "Canceled"])("are left when they are %s", async (status) => {
    const { resources, asked } = resourceManager({ properties: { status } });
    expect(jobLine(await stopJob(job, resources))).toBe(`batch job batchjob-1 had ended: ${status}`);
    expect(asked).toEqual([]);
  });

  it("go on where the caller may not cancel them: the sentence, the role and the Studio link are told", async () => {
    const request = { method: "POST", url: "https://management.azure.com/x" };
    const refusal = new HttpError(request, 403, { code: "AuthorizationFailed", message: "No." });
    const stop = await stopJob(job, resourceManager({ properties: { status: "Running" } }, refusal).resources);
    expect(stop).toMatchObject({ outcome: "refused", status: "Running" });
    expect(jobLine(stop)).toContain("could not be cancelled: 403 AuthorizationFailed");
    expect(jobLine(stop)).toContain(
      `AzureML Data Scientist on the workspace, or cancel the job in Studio: https://ml.azure.com/runs/batchjob-1?wsid=${workspaceId}`,
    );
  });
});

describe("a batch job that cannot be cancelled for another reason than a missing role", () => {
  const job = { name: "batchjob-1", workspaceId };
  const request = { method: "POST", url: "https://management.azure.com/x" };
  const away = new UnreachableError("management.azure.com is not reachable: reset", {
    cure: "check the network",
    cause: undefined,
    taken: true,
  });
  const stopped = (refusal: Error) =>
    stopJob(job, resourceManager({ properties: { status: "Running" } }, refusal).resources);

  it.each([
    ["Resource Manager is away", away, "not reachable: reset\n  check the network, or cancel the job in Studio: https"],
    [
      "it has a fault",
      new HttpError(request, 503, { code: "Busy", message: "No." }),
      "503 Busy from .*\n  the service is busy",
    ],
    [
      "the token is refused",
      new HttpError(request, 401, { code: "Expired", message: "No." }),
      "401 .*\n  sign in again",
    ],
    [
      "there is no cure",
      new HttpError(request, 409, { code: "Conflict", message: "No." }),
      "409 .*\n  cancel the job in Studio: ",
    ],
  ])("is told with the cure of that reason, never with a role: %s", async (_what, refusal, expected) => {
    const line = jobLine(await stopped(refusal));
    expect(line).toMatch(new RegExp(expected));
    expect(line).not.toContain("role");
  });

  it("is not waited for after Ctrl-C", async () => {
    const interruption = new ProgramError(exitCodes.interrupted, "interrupted");
    await expect(stopped(interruption)).rejects.toBe(interruption);
  });
});

describe("a batch job's output", () => {
  it("is found by the datastore that its answer names, as a blob's address", async () => {
    const output = jobOutputOf([invoked({}), invoked(answer)]);
    expect(output).toEqual({ workspaceId, datastore: "workspaceblobstore", path: "scores/r1/predictions.csv" });
    const datastore = { properties: { accountName: "acct1", containerName: "store", endpoint: "core.windows.net" } };
    const url = output && (await blobOf(output, resourceManager(datastore).resources));
    expect(url).toBe("https://acct1.blob.core.windows.net/store/scores/r1/predictions.csv");
  });

  it.each(["scores/r1/predictions.csv", "100% of May/täglich.csv"])(
    "has %s written by the activity that names it",
    (file) => {
      const named = (path: string) =>
        invoked({
          ...answer,
          properties: { outputData: { score: { uri: uri.replace("scores/r1/predictions.csv", path) } } },
        });
      const writer = named(file);
      const activities = [invoked({}), named("other.csv"), named(`more-${file}`), writer];
      expect(writersOf(activities, `https://acct1.blob.core.windows.net/store/${file}`)).toEqual([writer]);
    },
  );

  it("is unknown where no answer names one, or where the datastore is no blob container", async () => {
    expect(jobOutputOf([invoked({ id: answer.id ?? null })])).toBeUndefined();
    const output = { workspaceId, datastore: "lake", path: "a.csv" };
    expect(await blobOf(output, resourceManager({ properties: { filesystem: "f" } }).resources)).toBeUndefined();
  });
});

describe("the deployment that has scored", () => {
  const [found] = deploymentsOf([invoked({}), invoked("text"), invoked(answer), invoked(answer)]);
  const id = `${workspaceId}/batchEndpoints/taxi/deployments/d`;
  const deployed = (assetId: string) =>
    resourceManager({
      properties: { model: { referenceType: "Id", assetId } },
      systemData: { lastModifiedAt: "2024-05-01T08:00:00Z" },
    }).resources;
  const model = deployed(`${workspaceId}/models/fare/versions/2`);

  it("is named by the id of the job that the endpoint has answered with", () => {
    expect(found).toEqual({ id, endpoint: "taxi", deployment: "d" });
    expect(deploymentsOf([invoked({ id: `${workspaceId}/jobs/j` })])).toEqual([]);
  });

  it("has its model named, unless the deployment was changed after the run began", async () => {
    const scored = { id, endpoint: "taxi", deployment: "d" };
    expect(await modelOf(scored, model, "2024-05-01T08:00:01Z")).toBe("fare:2");
    expect(await modelOf(scored, model, "2024-05-01T07:59:59Z")).toBeUndefined();
    expect(await modelOf(scored, model, null)).toBeUndefined();
    expect(await modelOf(scored, deployed("azureml:somewhere"), "2024-05-01T08:00:01Z")).toBeUndefined();
    expect(await modelOf(scored, resourceManager(undefined).resources, "2024-05-01T08:00:01Z")).toBeUndefined();
  });
});
