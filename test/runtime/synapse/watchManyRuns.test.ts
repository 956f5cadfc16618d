import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { HttpError, UnreachableError } from "../../../runtime/http/errors.js";
import type { RunOfPipeline, SynapseClient } from "../../../runtime/synapse/client.js";
import type { WatchEvent } from "../../../runtime/synapse/events.js";
import { activityRun, pipelineResource, pipelineRun } from "../../../runtime/synapse/schemas.js";
import { watchRuns } from "../../../runtime/synapse/watchRuns.js";
import { ManualClock } from "../../helpers/manualClock.js";
import { sampleOutputs } from "../helpers/sampleOutputs.js";
import { activity } from "../helpers/synapseServer.js";
import { watchedClient } from "../helpers/watchedClient.js";

interface Served {
  /** Statuses of the run at each poll; the last one stays. */
  readonly statuses: readonly string[];
  readonly activities?: readonly JsonObject[];
  readonly message?: string;
}

/** A workspace in memory that counts what it is asked; `fault` is asked before each poll. */
function workspace(runs: Readonly<Record<string, Served>>, definition: readonly JsonObject[] = []) {
  const asked: string[] = [];
  let polls = 0;
  const state: { fault?: (poll: number) => unknown } = {};
  const record = (runId: string) => {
    const { statuses, message = "" } = runs[runId] ?? { statuses: ["Succeeded"] };
    const status = statuses[Math.min(polls - 1, statuses.length - 1)];
    const runStart = "2024-05-01T08:00:00.0000000Z";
    return pipelineRun.parse({ runId, runGroupId: runId, pipelineName: "p", status, message, runStart });
  };
  const poll = () => {
    polls += 1;
    const thrown = state.fault?.(polls);
    if (thrown !== undefined) throw thrown;
  };
  const synapse = watchedClient({
    getPipeline: async (name) => {
      asked.push(`pipeline ${name}`);
      return pipelineResource.parse({ name, properties: { activities: definition } });
    },
    getRun: async (runId) => {
      asked.push(`run ${runId}`);
      poll();
      return record(runId);
    },
    queryPipelineRuns: async (_window, filters) => {
      asked.push(`query ${filters.flatMap(({ operand, values }) => [operand, ...values]).join(" ")}`);
      poll();
      return Object.keys(runs).map(record);
    },
    queryActivityRuns: async ({ runId }) => {
      asked.push(`activities ${runId}`);
      return (runs[runId]?.activities ?? []).map((one) => activityRun.parse(one));
    },
  });
  return { synapse, asked, state };
}

async function watch(
  ids: readonly string[],
  synapse: SynapseClient,
  clock = new ManualClock({ jumps: true }),
): Promise<WatchEvent[]> {
  const runs: RunOfPipeline[] = ids.map((runId) => ({ runId, pipelineName: "p" }));
  const signal = new AbortController().signal;
  const events: WatchEvent[] = [];
  for await (const event of watchRuns({ runs, synapse, clock, place: sampleOutputs(), signal })) events.push(event);
  return events;
}

const noticesIn = (events: readonly WatchEvent[]) =>
  events.flatMap((event) => (event.event === "notice" ? [event.message] : []));

describe("the watch of several runs", () => {
  it("asks for the state of all by one query a poll, and for the definition of a pipeline once", async () => {
    const ids = ["r1", "r2", "r3", "r4", "r5"];
    const open = ["InProgress", "InProgress", "InProgress", "Succeeded"];
    const { synapse, asked } = workspace(Object.fromEntries(ids.map((id) => [id, { statuses: open }])));
    const events = await watch(ids, synapse);
    expect(asked.filter((one) => one.startsWith("pipeline "))).toEqual(["pipeline p"]);
    expect(asked.filter((one) => one.startsWith("query "))).toEqual(Array(4).fill("query RunGroupId r1 r2 r3 r4 r5"));
    expect(asked.some((one) => one.startsWith("run "))).toBe(false);
    expect(events.flatMap((event) => (event.event === "finished" ? [event.runId] : [])).sort()).toEqual(ids);
  });

  it("asks no more for a run that has ended, and goes on with the others", async () => {
    const { synapse, asked } = workspace({
      r1: { statuses: ["Failed"], message: "Out of quota" },
      r2: { statuses: ["InProgress", "InProgress", "Succeeded"] },
    });
    const events = await watch(["r1", "r2"], synapse);
    expect(asked.filter((one) => one === "activities r1")).toHaveLength(1);
    expect(asked.filter((one) => one === "run r2").length).toBeGreaterThan(0);
    const ends = events.flatMap((event) => (event.event === "finished" ? [[event.runId, event.exitCode]] : []));
    expect(ends).toEqual([
      ["r1", 1],
      ["r2", 0],
    ]);
  });
});

describe("a watch", () => {
  const long = { r1: { statuses: [...Array(20).fill("InProgress"), "Succeeded"] } };

  it("survives 429: it comes again when Retry-After says so, and not before", async () => {
    const { synapse, state } = workspace(long);
    const request = { method: "GET", url: "https://ws1.dev.azuresynapse.net/pipelineruns/r1" };
    state.fault = (poll) =>
      poll === 3
        ? new HttpError(request, 429, { code: "TooManyRequests", message: "Slow down." }, { retryAfterMs: 240_000 })
        : undefined;
    const clock = new ManualClock({ jumps: true });
    const slept = watch(["r1"], synapse, clock);
    while (!clock.sleeps.includes(240_000)) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(240_000);
    const events = await slept;
    expect(events.at(-1)).toMatchObject({ event: "finished", status: "Succeeded" });
    expect(clock.sleeps.filter((pause) => pause > 10_000)).toEqual([240_000]);
  });

  it("survives minutes without network, says so once a minute, and gives up only after a quarter of an hour", async () => {
    const gone = new UnreachableError("ws1 is not reachable", { cure: "", cause: undefined, taken: false });
    const { synapse, state } = workspace(long);
    state.fault = (poll) => (poll > 3 && poll < 80 ? gone : undefined);
    const events = await watch(["r1"], synapse);
    expect(events.at(-1)).toMatchObject({ event: "finished", status: "Succeeded" });
    expect(noticesIn(events).filter((message) => message.startsWith("still cannot see")).length).toBeGreaterThan(10);
    const never = workspace(long);
    never.state.fault = (poll) => (poll > 3 ? gone : undefined);
    const clock = new ManualClock({ jumps: true });
    await expect(watch(["r1"], never.synapse, clock)).rejects.toBe(gone);
    expect(clock.sleeps.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(15 * 60_000);
  });

  it.each([
    ["two hours ahead", 2],
    ["two hours back", -2],
    ["a year ahead", 24 * 365],
  ])("survives a jump of the clock %s, even while there is no network", async (_name, hours) => {
    const gone = new UnreachableError("ws1 is not reachable", { cure: "", cause: undefined, taken: false });
    const { synapse, state } = workspace(long);
    const clock = new ManualClock({ jumps: true });
    let jumpMs = 0;
    const jumping = Object.assign(Object.create(clock) as ManualClock, {
      now: () => new Date(clock.now().getTime() + jumpMs),
      sleep: (milliseconds: number, signal?: AbortSignal) => clock.sleep(milliseconds, signal),
    });
    state.fault = (poll) => {
      if (poll === 5) jumpMs = hours * 3_600_000;
      return poll === 4 || poll === 5 || poll === 6 ? gone : undefined;
    };
    const events = await watch(["r1"], synapse, jumping);
    expect(events.at(-1)).toMatchObject({ event: "finished", status: "Succeeded" });
    expect(Math.max(...clock.sleeps)).toBeLessThanOrEqual(10_000);
  });

  it.each([
    ["the definition's", 20, {}],
    ["the record's, where the definition computes it:", "@int('20')", { waitTimeInSeconds: 20 }],
  ])(
    "looks when a Wait ends (%s %j) and asks for fewer activities meanwhile",
    async (_whose, waitTimeInSeconds, input) => {
      const definition = [{ name: "pause", type: "Wait", typeProperties: { waitTimeInSeconds } }];
      const statuses = [...Array(12).fill("InProgress"), "Succeeded"];
      const { synapse, asked } = workspace(
        { r1: { statuses, activities: [activity("pause", "InProgress", { activityType: "Wait", input })] } },
        definition,
      );
      const clock = new ManualClock({ jumps: true });
      const start = clock.now().getTime();
      const moments: number[] = [];
      const query = synapse.queryActivityRuns;
      await watch(
        ["r1"],
        {
          ...synapse,
          queryActivityRuns: (...given) => {
            moments.push(clock.now().getTime() - start);
            return query(...given);
          },
        },
        clock,
      );
      expect(moments.some((moment) => moment >= 20_000 && moment <= 20_100)).toBe(true);
      const polls = asked.filter((one) => one.startsWith("run ")).length;
      expect(moments.filter((moment) => moment < 20_000).length).toBeLessThan(polls / 2);
    },
  );

  it("carries the cause up from the child run of an Execute Pipeline activity", async () => {
    const child = "c0ffee00-0000-4000-8000-000000000001";
    const output = { pipelineName: "child", pipelineRunId: child };
    const failed = (name: string, message: string, more: JsonObject = {}) =>
      activity(name, "Failed", {
        error: { errorCode: "2108", message, failureType: "UserError", target: name, details: "" },
        ...more,
      });
    const forbidden = '{"error":{"code":"Forbidden","message":"Caller is not authorized."}}';
    const { synapse } = workspace({
      r1: {
        statuses: ["Failed"],
        message: "Operation on target score failed: inner",
        activities: [failed("score", "inner", { activityType: "ExecutePipeline", output })],
      },
      [child]: {
        statuses: ["Failed"],
        message: `Operation on target get_secret failed: ${forbidden}`,
        activities: [failed("get_secret", forbidden, { output: { ADFHttpStatusCodeInResponse: "403" } })],
      },
    });
    const events = await watch(["r1"], synapse);
    expect(events.at(-1)).toMatchObject({
      cause: `score (run ${child}): get_secret failed: 403 from https://kv1.vault.azure.net/secrets/clientid: Caller is not authorized.`,
    });
    expect(events[0]).toMatchObject({ activity: "score", childRunId: child });
  });
});
