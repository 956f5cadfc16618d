import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "../../../contract/clock.js";
import type { JsonObject } from "../../../contract/json.js";
import type { ActivityRun, PipelineRun } from "../../../contract/runs.js";
import { openRuns } from "../../../emulator/services/synapse/runs/runs.js";
import { journalOf, writeActivity, writeRun } from "./runRecords.js";
import { errorOf, TestSynapse } from "./testSynapse.js";

interface Page<Run> {
  readonly value: readonly Run[];
  readonly continuationToken?: string;
}

const may = { lastUpdatedAfter: "2024-05-01T00:00:00Z", lastUpdatedBefore: "2024-06-01T00:00:00Z" };
const wallClock: Clock = { now: () => new Date("2024-06-15T00:00:00Z"), sleep: () => Promise.resolve() };

let test: TestSynapse;
beforeEach(async () => {
  test = await TestSynapse.start({ wallClock });
  await test.deployWorkspace();
});
afterEach(() => test.close());

async function runs(body: JsonObject): Promise<Page<PipelineRun>> {
  const answer = await test.call("POST", "/queryPipelineRuns", { body: { ...may, ...body } });
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
  return answer.body as Page<PipelineRun>;
}

async function activities(run: PipelineRun, body?: JsonObject): Promise<Page<ActivityRun>> {
  const path = `/pipelines/${run.pipelineName}/pipelineruns/${run.runId}/queryActivityruns`;
  return (await test.call("POST", path, { body })).body as Page<ActivityRun>;
}

const filter = (operand: string, operator: string, ...values: string[]) => ({
  filters: [{ operand, operator, values }],
});

describe("queryPipelineRuns", () => {
  it("answers an empty value without a token where nothing fits", async () => {
    expect(await runs({})).toEqual({ value: [] });
  });

  it("has the runs that were updated in the window, its ends included", async () => {
    const first = writeRun(test, { lastUpdated: "2024-05-01T00:00:00.0000000Z" });
    const last = writeRun(test, { lastUpdated: "2024-06-01T00:00:00.0000000Z" });
    writeRun(test, { lastUpdated: "2024-04-30T23:59:59.9990000Z" });
    writeRun(test, { lastUpdated: "2024-06-01T00:00:00.0010000Z" });
    expect((await runs({})).value).toEqual([first, last]);
  });

  it("has no end of the window when that is not before the caller's present: emulated time may be ahead of it", async () => {
    const ahead = writeRun(test, { lastUpdated: "2031-01-01T00:00:00.0000000Z" });
    expect((await runs({ lastUpdatedBefore: "2024-06-15T00:00:00Z" })).value).toEqual([ahead]);
    // as it was before the request was on its way
    expect((await runs({ lastUpdatedBefore: "2024-06-14T23:59:59Z" })).value).toEqual([ahead]);
    expect((await runs({ lastUpdatedBefore: "2024-06-14T23:58:59Z" })).value).toEqual([]);
  });

  it("is refused without its window, or with one that is no time", async () => {
    for (const body of [{}, { lastUpdatedAfter: may.lastUpdatedAfter }, { ...may, lastUpdatedAfter: "yesterday" }]) {
      const answer = await test.call("POST", "/queryPipelineRuns", { body });
      expect([answer.status, errorOf(answer).code]).toEqual([400, "BadRequest"]);
    }
    expect((await test.call("POST", "/queryPipelineRuns")).status).toBe(400);
  });

  it("filters by every operand that applies to pipeline runs", async () => {
    const end = "2024-05-02T09:00:00.0000000Z";
    const one = writeRun(test, { pipelineName: "p1", status: "Succeeded", runEnd: end });
    const two = writeRun(test, { pipelineName: "p2", status: "Failed", runStart: "2024-05-03T00:00:00.0000000Z" });
    const found = async (...given: Parameters<typeof filter>) =>
      (await runs(filter(...given))).value.map(({ pipelineName }) => pipelineName);
    expect(await found("PipelineName", "Equals", "P1")).toEqual(["p1"]);
    expect(await found("PipelineName", "NotEquals", "p1")).toEqual(["p2"]);
    expect(await found("Status", "In", "Failed", "Cancelled")).toEqual(["p2"]);
    expect(await found("Status", "NotIn", "Failed", "Succeeded")).toEqual([]);
    expect(await found("RunStart", "Equals", "2024-05-03T02:00:00+02:00")).toEqual(["p2"]);
    expect(await found("RunEnd", "Equals", "2024-05-02T09:00:00Z")).toEqual(["p1"]);
    expect(await found("RunEnd", "NotEquals", "2024-05-02T09:00:00Z")).toEqual(["p2"]);
    expect(await found("RunGroupId", "Equals", two.runGroupId)).toEqual(["p2"]);
    expect(await found("LatestOnly", "Equals", "true")).toEqual(["p1", "p2"]);
    expect(await found("LatestOnly", "Equals", "false")).toEqual(["p1", "p2"]);
    const both = {
      filters: [...filter("Status", "Equals", "Succeeded").filters, ...filter("PipelineName", "Equals", "p2").filters],
    };
    expect((await runs(both)).value).toEqual([]);
    expect((await runs(filter("RunGroupId", "Equals", one.runId))).value).toEqual([one]);
  });

  it.each<[string, JsonObject]>([
    ["an operand of activity runs", filter("ActivityName", "Equals", "a")],
    ["an unknown operand", filter("toString", "Equals", "a")],
    ["an unknown operator", filter("Status", "Like", "a")],
    ["two values for Equals", filter("Status", "Equals", "a", "b")],
    ["no values", filter("Status", "In")],
    ["a time that is none", filter("RunStart", "Equals", "noon")],
    ["an order by what cannot be ordered by", { orderBy: [{ orderBy: "RunGroupId", order: "ASC" }] }],
    ["a token that is none", { continuationToken: "nonsense" }],
  ])("is refused with %s", async (_what, body) => {
    const answer = await test.call("POST", "/queryPipelineRuns", { body: { ...may, ...body } });
    expect([answer.status, errorOf(answer).code]).toEqual([400, "BadRequest"]);
  });

  it("orders by one member after another", async () => {
    const early = "2024-05-01T00:00:00.0000000Z";
    const late = "2024-05-02T00:00:00.0000000Z";
    writeRun(test, { pipelineName: "a", runStart: early });
    writeRun(test, { pipelineName: "b", runStart: late });
    writeRun(test, { pipelineName: "c", runStart: late });
    const orderBy = [
      { orderBy: "RunStart", order: "DESC" },
      { orderBy: "PipelineName", order: "DESC" },
    ];
    expect((await runs({ orderBy })).value.map(({ pipelineName }) => pipelineName)).toEqual(["c", "b", "a"]);
  });

  it("comes in pages of 100; a run that starts between two pages is in none of them, none is twice", async () => {
    const written = Array.from({ length: 205 }, () => writeRun(test).runId);
    const orderBy = [{ orderBy: "RunStart", order: "DESC" }];
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const page: Page<PipelineRun> = await runs({ orderBy, ...(token && { continuationToken: token }) });
      expect(page.value.length).toBeLessThanOrEqual(100);
      seen.push(...page.value.map(({ runId }) => runId));
      token = page.continuationToken;
      writeRun(test, { runStart: "2024-05-09T00:00:00.0000000Z" });
    } while (token);
    expect(seen).toEqual(written);
  });
});

describe("queryActivityruns", () => {
  it("takes no body, an empty one, and the api-version with its name doubled", async () => {
    const run = writeRun(test);
    const activity = writeActivity(test, run);
    expect((await activities(run)).value).toEqual([activity]);
    const path = `/pipelines/p1/pipelineruns/${run.runId}/queryActivityruns?api-version=api-version=2020-12-01`;
    const headers = { "content-type": "application/json" };
    expect((await test.call("POST", path, { headers })).body).toEqual({ value: [activity] });
    expect((await test.call("POST", path, { body: {} })).body).toEqual({ value: [activity] });
    const text = { "content-type": "text/plain", "content-length": "0" };
    expect((await test.call("POST", path, { headers: text })).body).toEqual({ value: [activity] });
  });

  it("has the activities of that run alone, each once, as it was last written", async () => {
    const [run, other] = [writeRun(test), writeRun(test)];
    writeActivity(test, other);
    const started = writeActivity(test, run, { status: "InProgress", activityRunEnd: null, durationInMs: null });
    const ended = writeActivity(test, run, { activityRunId: started.activityRunId });
    expect((await activities(run)).value).toEqual([ended]);
    expect((await activities({ ...run, pipelineName: "p2" })).value).toEqual([]);
  });

  it("filters and orders by what applies to activity runs, and goes by the window if one is given", async () => {
    const run = writeRun(test);
    const late = { activityRunStart: "2024-05-03T00:00:00.0000000Z", activityRunEnd: "2024-05-03T00:00:05.0000000Z" };
    writeActivity(test, run, { activityName: "a", activityType: "Wait" });
    writeActivity(test, run, { activityName: "b", status: "Failed", ...late });
    const names = async (body: JsonObject) =>
      (await activities(run, body)).value.map(({ activityName }) => activityName);
    expect(await names(filter("ActivityName", "Equals", "a"))).toEqual(["a"]);
    expect(await names(filter("ActivityType", "NotIn", "Wait"))).toEqual(["b"]);
    expect(await names(filter("Status", "Equals", "Failed"))).toEqual(["b"]);
    expect(await names(filter("ActivityRunStart", "Equals", "2024-05-03T00:00:00Z"))).toEqual(["b"]);
    expect(await names(filter("ActivityRunEnd", "Equals", "2024-05-03T00:00:05Z"))).toEqual(["b"]);
    expect(await names({ orderBy: [{ orderBy: "ActivityRunStart", order: "DESC" }] })).toEqual(["b", "a"]);
    expect(await names({ ...may, lastUpdatedBefore: "2024-05-02T00:00:00Z" })).toEqual(["a"]);
    const path = `/pipelines/p1/pipelineruns/${run.runId}/queryActivityruns`;
    expect((await test.call("POST", path, { body: filter("RunStart", "Equals", "x") })).status).toBe(400);
  });
});

describe("a run", () => {
  it("is read by its id in any case, and 404 when there is none", async () => {
    const run = writeRun(test);
    expect((await test.call("GET", `/pipelineruns/${run.runId.toUpperCase()}`)).body).toEqual(run);
    const unknown = await test.call("GET", "/pipelineruns/11111111-1111-4111-8111-111111111111");
    expect([unknown.status, errorOf(unknown).code]).toEqual([404, "PipelineRunNotFound"]);
    const cancelled = await test.call("POST", "/pipelineruns/11111111-1111-4111-8111-111111111111/cancel");
    expect(cancelled.status).toBe(404);
  });
});

it("a run is found by a parameter's value, the last one where several have it", () => {
  const parameters = { "order id": "o-1" };
  writeRun(test, { parameters });
  const { runId } = writeRun(test, { parameters });
  writeRun(test, { parameters: { "order id": "o-2" } });
  const runs = openRuns(test.platform.store);
  expect(runs.startedWith("order id", "o-1")).toBe(runId);
  expect(runs.startedWith("order id", "o-3")).toBeUndefined();
});

describe("the journal", () => {
  it("gives the states of a run back in order, and keeps them encrypted", () => {
    const journal = journalOf(test);
    journal.append("r1", [
      { kind: "state", name: "inputs", value: { secret: "tops3cret" } },
      { kind: "state", name: "variable", value: null },
    ]);
    journal.append("r2", [{ kind: "state", name: "inputs", value: "other" }]);
    journal.append("r1", [{ kind: "state", name: "inputs", value: [1] }]);
    expect(journal.states("r1")).toEqual([
      { name: "inputs", value: { secret: "tops3cret" } },
      { name: "variable", value: null },
      { name: "inputs", value: [1] },
    ]);
    expect(JSON.stringify(test.platform.store.all("SELECT * FROM run_states"))).not.toContain("tops3cret");
  });

  it("writes the entries of one call all or not at all", () => {
    const run = writeRun(test);
    const broken = { ...run, status: null } as unknown as PipelineRun;
    const activity = writeActivity(test, run);
    const again = { ...activity, activityRunId: "22222222-2222-4222-8222-222222222222" };
    expect(() =>
      journalOf(test).append(run.runId, [
        { kind: "activityRun", record: again },
        { kind: "pipelineRun", record: broken },
      ]),
    ).toThrow();
    expect(test.platform.store.all("SELECT * FROM activity_runs")).toHaveLength(1);
  });
});
