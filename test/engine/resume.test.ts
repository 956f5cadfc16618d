import { describe, expect, it } from "vitest";
import type { PipelineDefinition } from "../../contract/pipeline.js";
import { virtualClock } from "../../contract/virtualClock.js";
import type { JournalEntry } from "../../emulator/engine/ports.js";
import { scoringPipeline, scoringServices } from "./scoringPipeline.js";
import {
  type Handler,
  type MemoryJournal,
  memoryJournal,
  pipeline,
  type Result,
  resultOf,
  runId,
  setVariable,
  testEngine,
  wait,
  web,
} from "./testEngine.js";

/** What the whole run left, with the time and the number of calls at each append. */
async function wholeRun(definition: PipelineDefinition, handler: Handler) {
  const clock = virtualClock();
  const journal = memoryJournal();
  const times: string[] = [];
  const append = journal.append;
  journal.append = (id, entries) => {
    times.push(clock.now().toISOString());
    append(id, entries);
  };
  const test = testEngine({ clock, journal, handler });
  const result = await test.run(definition);
  return { appends: journal.appends, times, result };
}

/** Goes on from the first `length` appends, as after a kill. */
async function goOn(appends: MemoryJournal["appends"], length: number, time: string, handler: Handler) {
  const journal = memoryJournal(appends.slice(0, length));
  const test = testEngine({ journal, clock: virtualClock({ start: time }), handler });
  test.engine.resume([runId]);
  const run = await test.engine.finished(runId);
  return { ...test, result: resultOf(run, journal) };
}

const states = (appends: MemoryJournal["appends"], length: number, name: string) =>
  appends
    .slice(0, length)
    .flatMap(({ entries }): readonly JournalEntry[] => entries)
    .flatMap((entry) => (entry.kind === "state" && entry.name === name ? [entry.value as { place: string }] : []));

const summary = ({ run, activities }: Result) => ({
  status: run.status,
  start: run.runStart,
  activities: activities
    .map(({ activityName, status, activityRunStart, durationInMs, retryAttempt, input, output, iterationHash }) =>
      JSON.stringify({
        activityName,
        status,
        activityRunStart,
        durationInMs,
        retryAttempt,
        input,
        output,
        iterationHash,
      }),
    )
    .sort(),
});

describe("a run that was killed", () => {
  it("goes on from every place of its journal: nothing finished is repeated, and its records are as if nothing had been", async () => {
    const services = scoringServices();
    const whole = await wholeRun(scoringPipeline(), services.handler);
    expect(whole.appends.length).toBeGreaterThan(30);
    for (let length = 1; length <= whole.appends.length; length += 1) {
      const again = scoringServices();
      const ended = states(whole.appends, length, "end").map(({ place }) => String(place.split("/").at(-1)));
      for (let poll = 0; poll < ended.filter((name) => name === "status").length; poll += 1) {
        again.handler({ url: "https://ml.example/jobs/1" } as never);
      }
      again.calls.length = 0;
      const { result } = await goOn(whole.appends, length, whole.times[length - 1] ?? "", again.handler);
      const open = states(whole.appends, length, "memory").map(({ place }) => place);
      const interrupted = (name: string) => open.includes(name) && !ended.includes(name);

      for (const name of ended)
        if (name !== "status") expect(again.calls, `after append ${length}`).not.toContain(name);
      if (interrupted("invoke_batch")) {
        expect(again.calls).not.toContain("invoke_batch");
        expect(result.activity("invoke_batch").error.errorCode).toBe("EffectUnknown");
        expect(result.run.status).toBe("Failed");
      } else if (interrupted("scoring_token")) {
        const attempts = result.activities.filter(({ activityName }) => activityName === "scoring_token");
        expect(attempts.map(({ status, retryAttempt }) => [status, retryAttempt])).toEqual([
          ["Failed", null],
          ["Succeeded", 1],
        ]);
        expect(result.run.status).toBe("Succeeded");
      } else {
        expect(summary(result), `after append ${length}`).toEqual(summary(whole.result));
      }
    }
  });

  it("waits for the rest of a Wait only", async () => {
    const whole = await wholeRun(pipeline([wait("w", 100)]), () => ({}));
    const begun = whole.appends.findIndex((_, index) => states(whole.appends, index + 1, "memory").length > 0) + 1;
    const { result } = await goOn(whole.appends, begun, "2026-01-02T03:05:05.000Z", () => ({}));
    expect(result.activity("w").durationInMs).toBe(100_000);
    const late = await goOn(whole.appends, begun, "2026-01-02T05:04:05.000Z", () => ({}));
    expect(late.result.activity("w").durationInMs).toBe(7_200_000);
  });

  it("keeps the values of a request that was evaluated before the kill", async () => {
    const definition = pipeline([web("read", { url: "@concat('https://host.example/', guid())" })]);
    const whole = await wholeRun(definition, () => ({}));
    const before = whole.result.activity("read").input;
    const sent = whole.appends.findIndex((_, index) => states(whole.appends, index + 1, "memory").length > 0) + 1;
    const { result } = await goOn(whole.appends, sent, whole.times[sent - 1] ?? "", () => ({}));
    expect(result.activity("read").input).toEqual(before);
  });

  it("goes on polling an accepted request instead of sending it again", async () => {
    const handler: Handler = ({ method }, count) =>
      method === "POST" || count < 3 ? { status: 202, headers: { Location: "/op" } } : { body: { done: true } };
    const whole = await wholeRun(pipeline([web("start", { method: "POST", body: "{}" })]), handler);
    const accepted = whole.appends.findIndex((_, index) => states(whole.appends, index + 1, "memory").length > 1) + 1;
    const { sent, result } = await goOn(whole.appends, accepted, whole.times[accepted - 1] ?? "", () => ({ body: {} }));
    expect(sent.map(({ method }) => method)).toEqual(["GET"]);
    expect(result.activity("start").status).toBe("Succeeded");
  });

  it.each([
    ["GET", "sends it again", 0, 1, "Succeeded"],
    ["PUT", "sends it again", 0, 1, "Succeeded"],
    ["DELETE", "sends it again", 0, 1, "Succeeded"],
    ["POST", "fails with an unknown effect", 0, 0, "Failed"],
    ["PATCH", "fails with an unknown effect", 0, 0, "Failed"],
    ["POST", "sends it again where its retry policy allows", 1, 1, "Succeeded"],
  ])("with a %s under way %s", async (method, _what, retry, again, ends) => {
    const first = testEngine({ handler: () => new Promise(() => {}), clock: virtualClock({ automatic: false }) });
    first.start(pipeline([{ ...web("call", { method, body: "x" }), policy: { retry } }]));
    await first.clock.advance(1_000);
    const second = testEngine({ journal: memoryJournal(first.journal.appends) });
    second.engine.resume([runId]);
    expect((await second.engine.finished(runId)).status).toBe(ends);
    expect([first.sent.length, second.sent.length]).toEqual([1, again]);
    const [interrupted] = second.journal.activities(runId);
    const isRepeated = ["GET", "PUT", "DELETE"].includes(method);
    expect(interrupted?.error.errorCode).toBe(isRepeated ? "" : "EffectUnknown");
    await first.engine.close();
  });

  it("keeps waiting for a retry's interval", async () => {
    const handler: Handler = (_request, count) => ({ status: count === 1 ? 503 : 200 });
    const definition = pipeline([{ ...web("call"), policy: { retry: 1, retryIntervalInSeconds: 60 } }]);
    const whole = await wholeRun(definition, handler);
    const failed = whole.appends.findIndex((_, index) => states(whole.appends, index + 1, "end").length > 0) + 1;
    const { result } = await goOn(whole.appends, failed, "2026-01-02T03:04:25.000Z", () => ({}));
    expect(result.activity("call")).toMatchObject({
      retryAttempt: 1,
      activityRunStart: "2026-01-02T03:05:05.0000000Z",
    });
  });
});

const after = (activity: string) => [{ activity, dependencyConditions: ["Succeeded" as const] }];

describe("close", () => {
  it("stops without a trace, and the next engine ends the run", async () => {
    const definition = pipeline([setVariable("set", "v", "x"), wait("w", 60, [["set", "Succeeded"]])], {
      variables: { v: { type: "String" } },
    });
    const first = testEngine({ clock: virtualClock({ automatic: false }) });
    first.start(definition);
    const finished = first.engine.finished(runId);
    await first.clock.advance(10_000);
    await first.engine.close();
    await expect(finished).rejects.toThrow("stopped: closing");
    expect(first.journal.run(runId)?.status).toBe("InProgress");
    expect(first.clock.sleepers).toBe(0);

    const { result } = await goOn(
      first.journal.appends,
      first.journal.appends.length,
      "2026-01-02T03:04:20.000Z",
      () => ({}),
    );
    expect(result.run).toMatchObject({
      status: "Succeeded",
      runStart: "2026-01-02T03:04:05.0000000Z",
      durationInMs: 60_000,
    });
  });

  it("with a grace lets a request under way have its answer, and begins nothing new", async () => {
    const post = web("post", { method: "POST", body: "{}" });
    const next = { ...web("next", { method: "POST", body: "{}" }), dependsOn: after("post") };
    let answer = () => {};
    const handler: Handler = () =>
      new Promise((resolve) => {
        answer = () => resolve({ body: { done: true } });
      });
    const first = testEngine({ clock: virtualClock({ automatic: false }), handler });
    first.start(pipeline([post, next]));
    const finished = first.engine.finished(runId).catch((stopped: Error) => stopped.message);
    await first.clock.advance(1_000);
    const closing = first.engine.close({ graceMs: 10_000 });
    answer();
    await closing;
    expect(await finished).toBe("stopped: closing");
    expect(first.sent).toHaveLength(1);
    expect(first.clock.sleepers).toBe(0);

    const { appends } = first.journal;
    const { sent, result } = await goOn(appends, appends.length, "2026-01-02T03:04:20.000Z", () => ({}));
    expect(sent).toHaveLength(1);
    expect(result.statuses()).toEqual({ post: "Succeeded", next: "Succeeded" });
  });

  it("does not wait longer than its grace", async () => {
    const first = testEngine({ clock: virtualClock({ automatic: false }), handler: () => new Promise(() => {}) });
    first.start(pipeline([web("post", { method: "POST", body: "{}" })]));
    const finished = first.engine.finished(runId).catch((stopped: Error) => stopped.message);
    await first.clock.advance(1_000);
    const closing = first.engine.close({ graceMs: 10_000 });
    await first.clock.advance(10_000);
    await closing;
    expect(await finished).toBe("stopped: closing");
  });
});
