import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { fewTrips, terminal } from "../../services/machineLearning/jobs.js";
import { scoringHost, workspaceId } from "../../services/machineLearning/names.js";
import { type Interception, TestAzure } from "./testAzure.js";

let azure: TestAzure;
beforeEach(async () => {
  azure = await TestAzure.start();
});
afterEach(() => azure.close());

const isStatus = (url: string) => url.startsWith(`https://${scoringHost}/jobs/`);

/** Keeps the clock still while the job does its real work. */
function holdForJob(): void {
  void azure.clock.hold(azure.machineLearning.statusesOf(terminal));
}
const afterInvocation: Interception = ({ method, url }, send) =>
  method === "POST" && url === `https://${scoringHost}/jobs` ? send().finally(holdForJob) : undefined;

async function jobEnvelope(): Promise<JsonObject> {
  const { body } = await azure.machineLearning.call("GET", `/jobs/${azure.jobs()[0]?.name}`);
  return body;
}

describe.each(["servicePrincipal", "managedIdentity"] as const)("a run whose job fails (%s)", (authentication) => {
  it("fails with the job's own message out of its run history; the job itself has no error to tell", async () => {
    azure.deployed.putInput("pickup,dropoff\na,b\n");
    azure.intercept = afterInvocation;
    const result = await azure.engine().run(azure.pipeline({ authentication }));
    expect(result.run.status).toBe("Failed");
    const [job] = azure.jobs();
    expect(result.run.message).toContain(`Batch job ${job?.name} ended Failed: `);
    expect(result.run.message).toContain("lacks the columns passengers, distance");
    expect(result.activity("Fail").error).toMatchObject({ errorCode: "BatchJobFailed", failureType: "UserError" });
    const envelope = JSON.stringify(await jobEnvelope());
    expect(envelope).toContain('"status":"Failed"');
    expect(envelope).not.toMatch(/lacks the columns|"error":/);
  });

  it("fails with the job's state alone when its history cannot be read", async () => {
    azure.deployed.putInput("pickup,dropoff\na,b\n");
    azure.intercept = (request, send) =>
      request.url.includes("/history/") ? { status: 500, body: {} } : afterInvocation(request, send);
    const { run } = await azure.engine().run(azure.pipeline({ authentication }));
    expect(run.message).toContain(`Batch job ${azure.jobs()[0]?.name} ended Failed: see Studio`);
  });
});

it("a job that is cancelled fails the run, and the state is named", async () => {
  const { machineLearning } = azure;
  machineLearning.blobs.gate = new Promise(() => {});
  azure.intercept = ({ url }) => {
    const [job] = azure.jobs();
    const resource = machineLearning.platform.resources.get(`${workspaceId}/jobs/${job?.name}`);
    // somebody cancels it in the Studio while the pipeline looks
    if (isStatus(url) && resource && job?.status === "Preparing") {
      const caller = machineLearning.principal("deployer");
      void machineLearning
        .type("workspaces/jobs")
        .actions?.["cancel"]?.(resource, { body: {}, apiVersion: "", caller });
    }
    return undefined;
  };
  machineLearning.blobs.gate = azure.clock.sleep(3_600_000);
  const { run } = await azure.engine().run(azure.pipeline());
  expect(run.status).toBe("Failed");
  expect(run.message).toContain("ended Canceled: see Studio");
});

it("a job that does not respond any more ends the wait and fails the run", async () => {
  azure.machineLearning.blobs.gate = azure.clock.sleep(36_000_000);
  azure.intercept = ({ url }) => (isStatus(url) ? { body: { properties: { status: "NotResponding" } } } : undefined);
  const { run } = await azure.engine().run(azure.pipeline());
  expect(run.message).toContain("ended NotResponding: see Studio");
});

it("a job that is not over in time fails the run by the wait, and its outcome is not looked at", async () => {
  azure.machineLearning.blobs.gate = azure.clock.sleep(36_000_000);
  const result = await azure.engine().run(azure.pipeline({ jobTimeout: "0.01:00:00" }));
  expect(result.run.status).toBe("Failed");
  expect(result.run.message).toContain("wait_for_job");
  expect(result.activity("wait_for_job")).toMatchObject({ status: "Failed", durationInMs: 3_600_000 });
  expect(result.statuses()["job_outcome"] ?? "Skipped").toBe("Skipped");
});

it("a look at the job that fails is made again in the next round", async () => {
  azure.deployed.putInput(fewTrips);
  let looks = 0;
  azure.intercept = (request, send) => {
    if (!isStatus(request.url)) return afterInvocation(request, send);
    looks += 1;
    return looks <= 2 ? { status: 503, body: {} } : undefined;
  };
  const result = await azure.engine().run(azure.pipeline({ statusRetries: 0 }));
  expect(result.run.status).toBe("Succeeded");
  expect(looks).toBe(3);
});

describe.each([404, 410])("a dataset service that answers %d", (status) => {
  beforeEach(() => {
    azure.deployed.putInput(fewTrips);
    azure.intercept = (request, send) =>
      request.url.includes("experiments.azureml.net")
        ? { status, body: { error: { code: "UserError", message: "This service has been retired." } } }
        : afterInvocation(request, send);
  });

  it("does not keep the run from scoring with registerDataset: attempt", async () => {
    const result = await azure.engine().run(azure.pipeline({ registerDataset: "attempt", propagationRetries: 0 }));
    expect(result.activity("dataset_id").status).toBe("Failed");
    expect(result.run.status).toBe("Succeeded");
    expect(azure.jobs().map((job) => job.status)).toEqual(["Completed"]);
  });

  it("fails the run with its own sentence with required, and no job is started", async () => {
    const result = await azure.engine().run(azure.pipeline({ registerDataset: "required", propagationRetries: 0 }));
    expect(result.run.status).toBe("Failed");
    expect(result.run.message).toContain("This service has been retired.");
    expect(azure.invocations()).toBe(0);
  });

  it("is not asked with skip", async () => {
    const result = await azure.engine().run(azure.pipeline({ registerDataset: "skip" }));
    expect(result.run.status).toBe("Succeeded");
    expect(azure.exchanges.some(({ url }) => url.includes("experiments"))).toBe(false);
  });
});
