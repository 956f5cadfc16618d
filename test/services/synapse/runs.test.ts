import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "../../../contract/clock.js";
import { randomIds } from "../../../contract/ids.js";
import type { JsonObject } from "../../../contract/json.js";
import { type ActivityRun, type PipelineRun, terminalPipelineRunStatuses } from "../../../contract/runs.js";
import { errorOf, TestSynapse } from "./testSynapse.js";

const parameters = {
  region: { type: "String", defaultValue: "eu" },
  limit: { type: "Int" },
  tags: { type: "Array", defaultValue: [1, "zwei"] },
};
const set = (name: string, value: string, ...after: string[]) => ({
  name,
  type: "SetVariable",
  dependsOn: after.map((activity) => ({ activity, dependencyConditions: ["Succeeded"] })),
  typeProperties: { variableName: name, value },
});
const twoSteps: JsonObject = {
  parameters,
  variables: { one: { type: "String" }, two: { type: "String" } },
  activities: [set("one", "@pipeline().parameters.region"), set("two", "@{variables('one')}!", "one")],
};
const longWait: JsonObject = {
  activities: [{ name: "wait", type: "Wait", typeProperties: { waitTimeInSeconds: 3600 } }],
};

/** Time stands still: what waits, waits until it is stopped. */
const stoppedClock: Clock = {
  now: () => new Date("2024-05-01T08:00:00Z"),
  sleep: (_milliseconds, signal) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    }),
};

/** An hour and more later: every wait is over at once. */
const laterClock: Clock = { now: () => new Date("2024-05-01T10:00:00Z"), sleep: async () => undefined };

let test: TestSynapse;
beforeEach(async () => {
  test = await TestSynapse.start();
  await test.deployWorkspace();
  await test.publish("two", twoSteps);
  await test.publish("wait", longWait);
});
afterEach(() => test.close());

async function start(on: TestSynapse, pipeline: string, body?: unknown): Promise<string> {
  const answer = await on.call("POST", `/pipelines/${pipeline}/createRun`, { body });
  expect([answer.status, answer.body]).toEqual([202, { runId: expect.any(String) }]);
  return (answer.body as { runId: string }).runId;
}

async function read(on: TestSynapse, runId: string): Promise<PipelineRun> {
  return (await on.call("GET", `/pipelineruns/${runId}`)).body as PipelineRun;
}

async function ended(on: TestSynapse, runId: string): Promise<PipelineRun> {
  for (;;) {
    const run = await read(on, runId);
    if (terminalPipelineRunStatuses.includes(run.status)) return run;
    await setImmediate();
  }
}

async function activitiesOf(on: TestSynapse, run: PipelineRun): Promise<readonly ActivityRun[]> {
  const answer = await on.call("POST", `/pipelines/${run.pipelineName}/pipelineruns/${run.runId}/queryActivityruns`);
  return (answer.body as { value: ActivityRun[] }).value;
}

describe("createRun", () => {
  it("starts a run that goes through its activities and ends", async () => {
    const run = await ended(test, await start(test, "two", { limit: 3 }));
    expect(run).toMatchObject({
      pipelineName: "two",
      status: "Succeeded",
      message: "",
      parameters: { region: "eu", limit: "3", tags: '[1,"zwei"]' },
      invokedBy: { id: expect.stringMatching(/^[0-9a-f]{32}$/), name: "Manual", invokedByType: "Manual" },
      runGroupId: run.runId,
      isLatest: true,
    });
    const activities = await activitiesOf(test, run);
    expect(activities.map(({ activityName, status }) => [activityName, status])).toEqual([
      ["one", "Succeeded"],
      ["two", "Succeeded"],
    ]);
    expect(activities[1]?.output).toMatchObject({ value: "eu!" });
  });

  it("takes the caller's request id for the run's id when it is a GUID that no run has", async () => {
    const wanted = randomIds.uuid();
    const path = "/pipelines/two/createRun";
    const startAs = async (id: string) => {
      const answer = await test.call("POST", path, { body: { limit: 1 }, headers: { "x-ms-client-request-id": id } });
      return (answer.body as { runId: string }).runId;
    };
    expect(await startAs(wanted.toUpperCase())).toBe(wanted);
    const second = await startAs(wanted);
    expect(second).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).not.toBe(wanted);
    expect(await startAs("not-a-guid")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("takes no body, and an empty one, where every parameter has a default", async () => {
    await start(test, "wait");
    await start(test, "wait", {});
    const empty = await test.call("POST", "/pipelines/wait/createRun", {
      headers: { "content-type": "application/json" },
    });
    expect(empty.status).toBe(202);
  });

  it.each<[string, unknown, RegExp]>([
    ["a missing parameter", { region: "us" }, /limit/],
    ["an ill-typed parameter", { limit: "three" }, /limit/],
  ])("is refused with %s, naming the run that would have been", async (_what, body, message) => {
    const answer = await test.call("POST", "/pipelines/two/createRun", { body });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      error: {
        code: "BadRequest",
        message: expect.stringMatching(/^ErrorCode=InvalidTemplate, ErrorMessage=/),
        target: expect.stringMatching(/^pipeline\/two\/runid\/[0-9a-f-]{36}$/),
        details: null,
      },
    });
    expect(errorOf(answer).message).toMatch(message);
    const window = { lastUpdatedAfter: "2000-01-01T00:00:00Z", lastUpdatedBefore: "2100-01-01T00:00:00Z" };
    expect((await test.call("POST", "/queryPipelineRuns", { body: window })).body).toEqual({ value: [] });
  });

  it("in recovery mode makes a run of the same group, the only latest one", async () => {
    const first = await start(test, "two", { limit: 1 });
    await ended(test, first);
    const answer = await test.call(
      "POST",
      `/pipelines/two/createRun?referencePipelineRunId=${first}&isRecovery=true&startActivityName=two`,
    );
    const second = (answer.body as { runId: string }).runId;
    await ended(test, second);
    expect(await read(test, first)).toMatchObject({ isLatest: false, runGroupId: first });
    expect(await read(test, second)).toMatchObject({ isLatest: true, runGroupId: first, parameters: { limit: "1" } });
    const recovery = await test.call("POST", "/pipelines/two/createRun?isRecovery=true");
    expect([recovery.status, errorOf(recovery).code]).toEqual([400, "BadRequest"]);
  });

  it("is refused for an unknown pipeline, with a body that is no map, and as the rerun of an unknown run", async () => {
    const unknown = await test.call("POST", "/pipelines/nobody/createRun");
    expect([unknown.status, errorOf(unknown).code]).toEqual([404, "PipelineNotFound"]);
    expect((await test.call("POST", "/pipelines/wait/createRun", { body: [1] })).status).toBe(400);
    const rerun = await test.call("POST", `/pipelines/wait/createRun?referencePipelineRunId=${randomIds.uuid()}`);
    expect([rerun.status, errorOf(rerun).code]).toEqual([400, "ReferencedPipelineRunNotValid"]);
  });
});

describe("a run", () => {
  it("that is cancelled ends as Cancelled, its activity too; a second cancel changes nothing", async () => {
    const runId = await start(test, "wait");
    const cancelled = await test.call("POST", `/pipelineruns/${runId}/cancel?isRecursive=true`);
    expect([cancelled.status, cancelled.body]).toEqual([200, ""]);
    const run = await ended(test, runId);
    expect(run.status).toBe("Cancelled");
    expect((await activitiesOf(test, run)).map(({ status }) => status)).toEqual(["Cancelled"]);
    expect((await test.call("POST", `/pipelineruns/${runId}/cancel`)).status).toBe(200);
    expect(await read(test, runId)).toEqual(run);
  });

  it("that had not ended when the service stopped goes on when the next one resumes", async () => {
    const first = await TestSynapse.start({ clock: stoppedClock });
    await first.deployWorkspace();
    await first.publish("wait", longWait);
    const runId = await start(first, "wait");
    await first.synapse.close();
    const second = await TestSynapse.start({ clock: laterClock, store: first.platform.store });
    expect((await read(second, runId)).status).toBe("InProgress");
    await second.synapse.resume();
    const run = await ended(second, runId);
    expect(run.status).toBe("Succeeded");
    expect(await activitiesOf(second, run)).toHaveLength(1);
    await second.close();
  });

  it("ends with its workspace: what it waited for comes too late to write anything", async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const clock: Clock = {
      now: stoppedClock.now,
      sleep: (milliseconds, signal) => Promise.race([released, stoppedClock.sleep(milliseconds, signal)]),
    };
    const own = await TestSynapse.start({ clock });
    await own.deployWorkspace();
    await own.publish("wait", longWait);
    const runId = await start(own, "wait");
    await own.removeWorkspace();
    release();
    await own.deployWorkspace();
    await setImmediate();
    expect((await own.call("GET", `/pipelineruns/${runId}`)).status).toBe(404);
    await own.synapse.resume();
    for (const table of ["pipeline_runs", "activity_runs", "run_states"]) {
      expect(own.platform.store.all(`SELECT * FROM ${table}`)).toEqual([]);
    }
    await own.close();
  });
});
