import { describe, expect, it } from "vitest";
import type { Clock } from "../../../contract/clock.js";
import type { JsonObject } from "../../../contract/json.js";
import { HttpError, UnreachableError } from "../../../runtime/http/errors.js";
import type { SynapseClient } from "../../../runtime/synapse/client.js";
import type { WatchEvent } from "../../../runtime/synapse/events.js";
import { activityRun, pipelineResource, pipelineRun } from "../../../runtime/synapse/schemas.js";
import { watchRuns } from "../../../runtime/synapse/watchRuns.js";
import { ManualClock } from "../../helpers/manualClock.js";
import { sampleOutputs } from "../helpers/sampleOutputs.js";
import { activity, type Step } from "../helpers/synapseServer.js";
import { watchedClient } from "../helpers/watchedClient.js";

/** A client that shows the next step at each poll; a step may also be an error. */
function scripted(steps: readonly (Step | Error)[], definition: readonly JsonObject[] | Error = []): SynapseClient {
  let polls = 0;
  const step = () => steps[Math.min(polls, steps.length - 1)] ?? { status: "Succeeded" };
  return watchedClient({
    getPipeline: async (name) => {
      if (definition instanceof Error) throw definition;
      return pipelineResource.parse({ name, properties: { activities: definition } });
    },
    getRun: async (runId) => {
      const now = step();
      if (now instanceof Error) {
        polls += 1;
        throw now;
      }
      return pipelineRun.parse({ runId, pipelineName: "p", ...now });
    },
    queryActivityRuns: async () => {
      const now = step();
      polls += 1;
      return now instanceof Error ? [] : (now.activities ?? []).map((record) => activityRun.parse(record));
    },
  });
}

async function watch(synapse: SynapseClient, clock: Clock = new ManualClock({ jumps: true })): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  const signal = new AbortController().signal;
  for await (const event of watchRuns({
    runs: [{ runId: "r", pipelineName: "p" }],
    synapse,
    clock,
    place: sampleOutputs(),
    signal,
  })) {
    events.push(event);
  }
  return events;
}

const definition: JsonObject[] = [
  { name: "register", type: "WebActivity" },
  { name: "go_on", type: "WebActivity", dependsOn: [{ activity: "register", dependencyConditions: ["Completed"] }] },
  {
    name: "wait",
    type: "Until",
    typeProperties: {
      activities: [
        {
          name: "decide",
          type: "IfCondition",
          typeProperties: { ifFalseActivities: [{ name: "pause", type: "Wait" }] },
        },
        { name: "status", type: "WebActivity", policy: { retry: "2" } },
      ],
    },
  },
];

describe("the watch of a run", () => {
  it("tells each change once, in the order of the polls", async () => {
    const events = await watch(
      scripted([
        { status: "Queued" },
        { status: "InProgress", activities: [activity("a", "InProgress")] },
        { status: "InProgress", activities: [activity("a", "InProgress")] },
        { status: "Succeeded", activities: [activity("a", "Succeeded")] },
      ]),
    );
    expect(events.map((event) => ("status" in event ? `${event.event} ${event.status}` : event.event))).toEqual([
      "run Queued",
      "run InProgress",
      "activity InProgress",
      "activity Succeeded",
      "run Succeeded",
      "finished Succeeded",
    ]);
  });

  it("polls fast while things change and more and more slowly while they do not", async () => {
    const clock = new ManualClock({ jumps: true });
    const still = Array.from({ length: 240 }, () => ({ status: "InProgress" }));
    await watch(
      scripted([...still, { status: "InProgress", activities: [activity("a", "Succeeded")] }, { status: "Succeeded" }]),
      clock,
    );
    expect(clock.sleeps[0]).toBe(500);
    const later = clock.sleeps.slice(100, 240);
    expect(later).toEqual([...later].sort((one, other) => one - other));
    expect(Math.max(...clock.sleeps)).toBe(10_000);
    expect(clock.sleeps.at(-1)).toBe(300);
  });

  it("knows in which containers an activity stands and what handles its failure", async () => {
    const events = await watch(
      scripted(
        [
          {
            status: "Succeeded",
            activities: [
              activity("register", "Failed"),
              activity("pause", "Succeeded", { iterationHash: "ab12" }),
              activity("status", "Failed", { retryAttempt: 1 }),
              activity("go_on", "Failed"),
            ],
          },
        ],
        definition,
      ),
    );
    const shown = events.flatMap((event) =>
      event.event === "activity"
        ? [[event.activity, event.containers, event.handledBy, event.attempt, event.iteration]]
        : [],
    );
    expect(shown).toEqual([
      ["pause", ["wait", "decide"], null, 1, "ab12"],
      ["status", ["wait"], "retry", 2, null],
      ["register", [], "go_on", 1, null],
      ["go_on", [], null, 1, null],
    ]);
  });

  it("tells the status word that a Set Variable activity has set, and no other value of a variable", async () => {
    const set = (name: string, value: string | number) =>
      activity(name, "Succeeded", { activityType: "SetVariable", output: { name: "v", value } });
    const events = await watch(
      scripted([
        {
          status: "Succeeded",
          activities: [
            set("a", "Running"),
            set("b", "batchjob-1"),
            set("c", "s3cr3t"),
            set("d", 7),
            activity("e", "Succeeded", { output: { value: "Completed" } }),
          ],
        },
      ]),
    );
    const values = events.flatMap((event) => (event.event === "activity" ? [event.value] : []));
    expect(values).toEqual(["Running", null, null, null, null]);
  });

  it("tells the changes of one poll in the order in which they happened: what is inside ends before its container", async () => {
    const at = (second: number) => `2024-05-01T08:00:0${second}.0000000Z`;
    const inside = (name: string, end: number) =>
      activity(name, "Succeeded", { activityRunEnd: at(end), iterationHash: "a" });
    const events = await watch(
      scripted(
        [
          {
            status: "Succeeded",
            activities: [
              activity("wait", "Succeeded", { activityRunEnd: at(5) }),
              inside("decide", 5),
              inside("pause", 5),
              inside("status", 3),
            ],
          },
        ],
        definition,
      ),
    );
    const order = events.flatMap((event) => (event.event === "activity" ? [event.activity] : []));
    expect(order).toEqual(["status", "pause", "decide", "wait"]);
  });

  it("goes on without the definition where it may not be read", async () => {
    const events = await watch(
      scripted([{ status: "Succeeded", activities: [activity("a", "Succeeded")] }], new Error("403")),
    );
    expect(events.at(-1)).toMatchObject({ event: "finished", exitCode: 0 });
  });

  it("asks again for activity records that trail the end of the run, but not for ever", async () => {
    const late = await watch(
      scripted([
        { status: "Succeeded", activities: [activity("a", "InProgress")] },
        { status: "Succeeded", activities: [activity("a", "Succeeded")] },
      ]),
    );
    expect(late.map((event) => ("status" in event ? event.status : ""))).toEqual([
      "InProgress",
      "Succeeded",
      "Succeeded",
      "Succeeded",
    ]);
    const never = await watch(scripted([{ status: "Succeeded", activities: [activity("a", "InProgress")] }]));
    expect(never.at(-1)).toMatchObject({ event: "finished" });
  });

  const running = { status: "InProgress" };
  const gone = (what: string) =>
    new UnreachableError(`${what} is not reachable`, { cure: "", cause: undefined, taken: false });
  const noticesOf = (events: readonly WatchEvent[]) =>
    events.flatMap((event) => (event.event === "notice" ? [event.message] : []));

  it("says at once that the service or the sign-in cannot be reached, then once a minute, and when it is over", async () => {
    const failures = Array.from({ length: 27 }, () => gone("b"));
    const events = await watch(
      scripted([running, gone("a"), ...failures, running, gone("a"), running, { status: "Succeeded" }]),
    );
    expect(noticesOf(events)).toEqual([
      "cannot see the run at the moment, trying again: a is not reachable",
      "still cannot see the run after 1 min: b is not reachable",
      "still cannot see the run after 2 min: b is not reachable",
      "still cannot see the run after 3 min: b is not reachable",
      "the run is seen again",
      "cannot see the run at the moment, trying again: a is not reachable",
      "the run is seen again",
    ]);
  });

  it("says nothing of a new run that is not in the index yet", async () => {
    const request = { method: "GET", url: "https://ws1.dev.azuresynapse.net/pipelineruns/r" };
    const unknown = new HttpError(request, 404, { code: "RunNotFound", message: "No such run." });
    expect(noticesOf(await watch(scripted([unknown, { status: "Succeeded" }])))).toEqual([]);
  });

  it("gives all lines of one poll the same moment", async () => {
    const clock = new ManualClock({ jumps: true });
    const each = { now: () => new Date(clock.now().getTime() + ticks++), sleep: clock.sleep.bind(clock) };
    let ticks = 0;
    const events = await watch(
      scripted([
        { status: "InProgress", activities: [activity("a", "Succeeded"), activity("b", "Succeeded")] },
        { status: "Succeeded", activities: [activity("c", "Succeeded")] },
      ]),
      each,
    );
    const times = events.map(({ time }) => time);
    expect(times).toEqual([...times].sort());
    expect([new Set(times.slice(0, 3)).size, new Set(times.slice(3)).size, new Set(times).size]).toEqual([1, 1, 2]);
  });

  it("rejects at an error that waiting does not mend", async () => {
    await expect(watch(scripted([{ status: "InProgress" }, new Error("refused")]))).rejects.toThrow("refused");
  });

  it("keeps keys that it does not know", () => {
    expect(pipelineRun.parse({ runId: "r", status: "Queued", tomorrow: 1 })).toMatchObject({ tomorrow: 1 });
    expect(activityRun.parse(activity("a", "Queued", { tomorrow: 1 }))).toMatchObject({ tomorrow: 1 });
  });
});
