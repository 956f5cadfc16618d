import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import type { PipelineRun } from "../../../contract/runs.js";
import { type VirtualClock, virtualClock } from "../../../contract/virtualClock.js";
import { errorOf, TestSynapse } from "./testSynapse.js";

const window = { lastUpdatedAfter: "2000-01-01T00:00:00Z", lastUpdatedBefore: "2100-01-01T00:00:00Z" };
const waiting = (seconds: number) => ({
  name: "wait",
  type: "Wait",
  typeProperties: { waitTimeInSeconds: seconds },
});
const running = (name: string) => ({
  name: "run",
  type: "ExecutePipeline",
  typeProperties: { pipeline: { referenceName: name, type: "PipelineReference" }, waitOnCompletion: true },
});

let clock: VirtualClock;
let test: TestSynapse;
beforeEach(async () => {
  clock = virtualClock({ automatic: false });
  test = await TestSynapse.start({ clock });
  await test.deployWorkspace();
});
afterEach(() => test.close());

async function start(pipeline: string, query = ""): Promise<string> {
  const answer = await test.call("POST", `/pipelines/${pipeline}/createRun${query}`);
  expect(answer.status).toBe(202);
  return (answer.body as { runId: string }).runId;
}

async function runs(...filters: JsonObject[]): Promise<readonly PipelineRun[]> {
  const answer = await test.call("POST", "/queryPipelineRuns", { body: { ...window, filters } });
  return (answer.body as { value: PipelineRun[] }).value;
}

const statuses = async () => (await runs()).map(({ status }) => status);
const equal = (operand: string, value: string) => ({ operand, operator: "Equals", values: [value] });

describe("a pipeline with a concurrency", () => {
  beforeEach(() => test.publish("one", { concurrency: 1, activities: [waiting(60)] }));

  it("has its other runs Queued, as queryPipelineRuns shows, until their turn comes", async () => {
    const [first, second] = [await start("one"), await start("one")];
    expect(await statuses()).toEqual(["InProgress", "Queued"]);
    expect((await runs(equal("Status", "Queued"))).map(({ runId }) => runId)).toEqual([second]);
    await clock.advance(60_000);
    expect(await statuses()).toEqual(["Succeeded", "InProgress"]);
    expect((await runs(equal("Status", "Succeeded"))).map(({ runId }) => runId)).toEqual([first]);
  });

  it("takes 100 runs in its queue and answers 429 to one more, which leaves no record", async () => {
    for (let run = 0; run < 101; run += 1) await start("one");
    const refused = await test.call("POST", "/pipelines/one/createRun");
    expect([refused.status, errorOf(refused)]).toEqual([
      429,
      { code: "TooManyRequests", message: expect.stringContaining("100 runs of the pipeline 'one' queued") },
    ]);
    expect(test.platform.store.all("SELECT COUNT(*) AS runs FROM pipeline_runs")).toEqual([{ runs: 101 }]);
  });

  it("keeps its line in order when the emulator comes back", async () => {
    const ids = [await start("one"), await start("one"), await start("one")];
    await test.synapse.close();
    test = await TestSynapse.start({ clock, store: test.platform.store });
    await test.synapse.resume();
    expect(await statuses()).toEqual(["InProgress", "Queued", "Queued"]);
    await clock.advance(60_000);
    const inProgress = await runs(equal("Status", "InProgress"));
    expect(inProgress.map(({ runId }) => runId)).toEqual([ids[1]]);
  });
});

describe("cancel", () => {
  beforeEach(async () => {
    await test.publish("child", { activities: [waiting(60)] });
    await test.publish("parent", { activities: [running("child")] });
    await start("parent");
    await clock.advance(0);
    expect(await statuses()).toEqual(["InProgress", "InProgress"]);
  });

  const cancel = async (query: string) => {
    const [parent] = await runs(equal("PipelineName", "parent"));
    expect((await test.call("POST", `/pipelineruns/${parent?.runId}/cancel${query}`)).status).toBe(200);
    await clock.advance(0);
  };

  it("with isRecursive ends the runs that a run started too", async () => {
    await cancel("?isRecursive=true");
    expect(await statuses()).toEqual(["Cancelled", "Cancelled"]);
  });

  it("without it lets them go on", async () => {
    await cancel("");
    expect(await statuses()).toEqual(["Cancelled", "InProgress"]);
  });
});

describe("a rerun", () => {
  it("is found by the group of its run, and alone where only the latest are asked for", async () => {
    await test.publish("short", { activities: [waiting(1)] });
    const first = await start("short");
    await start("short");
    await clock.advance(1000);
    const again = await start("short", `?referencePipelineRunId=${first}&isRecovery=true`);
    await clock.advance(1000);
    const group = equal("RunGroupId", first);
    expect((await runs(group)).map(({ runId }) => runId)).toEqual([first, again]);
    expect((await runs(group, equal("LatestOnly", "true"))).map(({ runId }) => runId)).toEqual([again]);
    expect((await runs(equal("LatestOnly", "true"))).length).toBe(2);
    expect((await runs(equal("LatestOnly", "false"))).length).toBe(3);
  });

  it("that is no recovery is a group of its own", async () => {
    await test.publish("short", { activities: [waiting(1)] });
    const first = await start("short");
    await clock.advance(1000);
    const again = await start("short", `?referencePipelineRunId=${first}`);
    expect((await runs()).map(({ runGroupId, isLatest }) => [runGroupId, isLatest])).toEqual([
      [first, true],
      [again, true],
    ]);
  });
});
