import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import {
  activityRun,
  type PipelineRunRecord,
  pipelineResource,
  pipelineRun,
} from "../../../runtime/synapse/schemas.js";
import { watchRuns } from "../../../runtime/synapse/watchRuns.js";
import { ManualClock } from "../../helpers/manualClock.js";
import { sampleOutputs } from "../helpers/sampleOutputs.js";
import { activity } from "../helpers/synapseServer.js";
import { watchedClient } from "../helpers/watchedClient.js";

/** A pipeline whose end nothing tells; times are milliseconds after the run's start. */
interface Scenario {
  readonly definition: readonly JsonObject[];
  /** The lengths of the activities, one after the other, of a run that is about so long; the run ends with the last one. */
  lengths(about: number): readonly (readonly [name: string, type: string, length: number])[];
}

const startedAt = Date.parse("2024-05-01T08:00:00.000Z");
const requestMs = 20;

const oneCall: Scenario = {
  definition: [{ name: "call", type: "WebActivity" }],
  lengths: (about) => [["call", "WebActivity", about]],
};

/** A loop of a Wait and a call that takes 100 ms. */
const jobWait = (waitSeconds: number): Scenario => {
  const pause: JsonObject = { name: "pause", type: "Wait", typeProperties: { waitTimeInSeconds: waitSeconds } };
  return {
    definition: [
      { name: "wait", type: "Until", typeProperties: { activities: [pause, { name: "status", type: "WebActivity" }] } },
    ],
    lengths: (about) =>
      Array.from({ length: Math.max(1, Math.ceil(about / (waitSeconds * 1000 + 100))) }, () => [
        ["pause", "Wait", waitSeconds * 1000] as const,
        ["status", "WebActivity", 100] as const,
      ]).flat(),
  };
};

/** Calls of 1.7 s, the last one shorter. */
const manyCalls: Scenario = {
  definition: Array.from({ length: 40 }, (_, index) => ({ name: `call${index}`, type: "WebActivity" })),
  lengths: (about) =>
    Array.from({ length: Math.ceil(about / 1_700) }, (_, index) => {
      return [`call${index}`, "WebActivity", Math.min(1_700, about - index * 1_700)] as const;
    }),
};

interface Watched {
  readonly lengthMs: number;
  /** From the run's end to the `finished` event. */
  readonly lateMs: number;
  readonly requests: number;
}

async function watched({ definition, lengths }: Scenario, about: number): Promise<Watched> {
  const parts = lengths(about);
  const ends = parts.map((_, index) => parts.slice(0, index + 1).reduce((sum, [, , length]) => sum + length, 0));
  const lengthMs = ends.at(-1) ?? 0;
  const clock = new ManualClock({ jumps: true, start: new Date(startedAt).toISOString() });
  const passed = () => clock.now().getTime() - startedAt;
  const iso = (milliseconds: number) => new Date(startedAt + milliseconds).toISOString();
  let requests = 0;
  /** What is answered is as it was when half of the request's time had passed. */
  async function ask<Answer>(answer: (now: number) => Answer): Promise<Answer> {
    requests += 1;
    await clock.sleep(requestMs / 2);
    const answered = answer(passed());
    await clock.sleep(requestMs / 2);
    return answered;
  }
  const records = parts.map(([name, type, length], index) => {
    const end = ends[index] ?? 0;
    const one = { activityRunId: `${name}-${index}`, activityType: type, activityRunStart: iso(end - length) };
    const open = activityRun.parse(activity(name, "InProgress", one));
    const over = activityRun.parse(activity(name, "Succeeded", { ...one, activityRunEnd: iso(end) }));
    return { start: end - length, end, open, over };
  });
  const activities = (now: number) =>
    records.flatMap(({ start, end, open, over }) => (now < start ? [] : [now < end ? open : over]));
  const [goingOn, over] = ["InProgress", "Succeeded"].map((status) =>
    pipelineRun.parse({ runId: "r", pipelineName: "p", status }),
  ) as [PipelineRunRecord, PipelineRunRecord];
  const synapse = watchedClient({
    getPipeline: (name) => ask(() => pipelineResource.parse({ name, properties: { activities: definition } })),
    getRun: () => ask((now) => (now < lengthMs ? goingOn : over)),
    queryActivityRuns: () => ask(activities),
  });
  const runs = [{ runId: "r", pipelineName: "p" }];
  const signal = new AbortController().signal;
  let lateMs = Number.NaN;
  for await (const event of watchRuns({ runs, synapse, clock, place: sampleOutputs(), signal })) {
    if (event.event === "finished") lateMs = passed() - lengthMs;
  }
  return { lengthMs, lateMs, requests };
}

/** Seconds, 5 to 60, at all distances from a whole second. */
const allLengths = Array.from({ length: 29 }, (_, index) => 5 + index * 1.96);

describe.each([
  ["one call that takes all the time", oneCall],
  ["calls one after the other", manyCalls],
  ["a loop of Waits of 1 s", jobWait(1)],
  ["a loop of Waits of 2 s", jobWait(2)],
  ["a loop of Waits of 10 s", jobWait(10)],
])("the watch of runs of 5 to 60 s whose end nothing tells: %s", (_what, scenario) => {
  it("notices the end within 0.6 s in the median, with at most the requests of a poll of run and activities each second", async () => {
    const all = await Promise.all(allLengths.map((seconds) => watched(scenario, seconds * 1000)));
    const late = all.map(({ lateMs }) => lateMs).sort((one, other) => one - other);
    expect(late[Math.floor(late.length / 2)]).toBeLessThanOrEqual(600);
    const polls = ({ lengthMs }: Watched) => 1 + Math.ceil(lengthMs / 1000);
    expect(all.filter((each) => each.requests > 2 * polls(each))).toEqual([]);
  });
});
