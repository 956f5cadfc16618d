import { describe, expect, it } from "vitest";
import type { PipelineRunStatus } from "../../contract/runs.js";
import { virtualClock } from "../../contract/virtualClock.js";
import { activity, inner, memoryJournal, pipeline, resultOf, runId, testEngine, wait, web } from "./testEngine.js";

const loop = activity("loop", "Until", {
  expression: { value: "@equals(1,2)", type: "Expression" },
  activities: inner([wait("pause", 40)]),
});

/** A run that is in the middle of everything. */
async function running() {
  const test = testEngine({ clock: virtualClock({ automatic: false }), handler: () => new Promise(() => {}) });
  test.start(pipeline([web("hanging"), loop, wait("later", 1, [["hanging", "Completed"]])]));
  await test.clock.advance(50_000);
  return test;
}

describe("cancel", () => {
  it("ends what is in flight as Cancelled, then the run, and starts nothing more", async () => {
    const test = await running();
    expect(test.engine.cancel(runId, { recursive: true })).toBe(true);
    expect(test.journal.run(runId)?.status).toBe("Canceling");
    const result = resultOf(await test.engine.finished(runId), test.journal);
    expect(result.run).toMatchObject({ status: "Cancelled", durationInMs: 50_000 });
    const pauses = result.activities.filter(({ activityName }) => activityName === "pause");
    expect(pauses.map(({ status }) => status)).toEqual(["Succeeded", "Cancelled"]);
    expect(result.statuses()).toEqual({ hanging: "Cancelled", loop: "Cancelled", pause: "Cancelled" });
    expect(test.clock.sleepers).toBe(0);
  });

  it("goes through Canceling", async () => {
    const test = await running();
    test.engine.cancel(runId, { recursive: false });
    await test.engine.finished(runId);
    const statuses = test.journal.appends
      .flatMap(({ entries }) => entries)
      .flatMap((entry): PipelineRunStatus[] => (entry.kind === "pipelineRun" ? [entry.record.status] : []));
    expect(statuses).toEqual(["InProgress", "Canceling", "Cancelled"]);
  });

  it("is no error for a run that has ended, and false for one that never was", async () => {
    const test = testEngine();
    await test.run(pipeline([wait("w", 0)]));
    expect(test.engine.cancel(runId, { recursive: true })).toBe(true);
    expect((await test.engine.finished(runId)).status).toBe("Succeeded");
    expect(test.engine.cancel("no-such-run", { recursive: true })).toBe(false);
  });

  it("asked for before a kill is carried out after it, from every place of the journal", async () => {
    const before = await running();
    before.engine.cancel(runId, { recursive: true });
    const asked = before.journal.appends.length;
    await before.engine.finished(runId);
    for (let length = asked; length <= before.journal.appends.length; length += 1) {
      const journal = memoryJournal(before.journal.appends.slice(0, length));
      const after = testEngine({ journal, clock: virtualClock({ start: "2026-01-02T03:04:55.000Z" }) });
      after.engine.resume([runId]);
      const result = resultOf(await after.engine.finished(runId), journal);
      expect(result.run.status).toBe("Cancelled");
      expect(result.statuses()).toEqual({ hanging: "Cancelled", loop: "Cancelled", pause: "Cancelled" });
      expect(after.sent).toEqual([]);
    }
  });
});
