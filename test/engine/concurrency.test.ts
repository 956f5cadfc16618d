import { describe, expect, it } from "vitest";
import type { PipelineDefinition } from "../../contract/pipeline.js";
import { virtualClock } from "../../contract/virtualClock.js";
import { QueueFullError } from "../../emulator/engine/errors.js";
import { memoryJournal, pipeline, testEngine, wait } from "./testEngine.js";

const one: PipelineDefinition = pipeline([wait("w", 60)], { concurrency: 1 });
const invokedBy = { id: "0".repeat(32), name: "Manual", invokedByType: "Manual" };
const open = (journal = memoryJournal()) => testEngine({ journal, clock: virtualClock({ automatic: false }) });
const start = ({ engine }: ReturnType<typeof open>, runId: string, definition = one) =>
  engine.start({ pipelineName: "p", definition, parameters: {}, invokedBy, runId });

describe("a pipeline's concurrency", () => {
  it("queues the runs beyond it and lets them go on in the order of their starts", async () => {
    const given = open();
    expect(["a", "b", "c"].map((runId) => start(given, runId).status)).toEqual(["InProgress", "Queued", "Queued"]);
    const statuses = () => ["a", "b", "c"].map((runId) => given.journal.run(runId)?.status);
    await given.clock.advance(60_000);
    expect(statuses()).toEqual(["Succeeded", "InProgress", "Queued"]);
    await given.clock.advance(60_000);
    expect(statuses()).toEqual(["Succeeded", "Succeeded", "InProgress"]);
  });

  it("a queued run that is cancelled never begins, and the next has its turn", async () => {
    const given = open();
    for (const runId of ["a", "b", "c"]) start(given, runId);
    given.engine.cancel("b", { recursive: false });
    expect((await given.engine.finished("b")).status).toBe("Cancelled");
    expect(given.journal.activities("b")).toEqual([]);
    await given.clock.advance(60_000);
    expect(given.journal.run("c")?.status).toBe("InProgress");
  });

  it("refuses more than 100 queued runs", () => {
    const given = open();
    for (let index = 0; index <= 100; index += 1) start(given, `run ${index}`);
    expect(() => start(given, "one too many")).toThrow(QueueFullError);
    expect(given.journal.run("one too many")).toBeUndefined();
  });

  it("holds across a killed process: who was running goes on, who was queued waits", async () => {
    const before = open();
    for (const runId of ["a", "b"]) start(before, runId);
    await before.clock.advance(1_000);
    const after = open(memoryJournal(before.journal.appends));
    after.engine.resume(["a", "b"]);
    expect(start(after, "c").status).toBe("Queued");
    await after.clock.advance(61_000);
    expect(["a", "b", "c"].map((runId) => after.journal.run(runId)?.status)).toEqual([
      "Succeeded",
      "InProgress",
      "Queued",
    ]);
  });

  it("a process killed between the end of one run and the beginning of the next leaves none waiting for ever", async () => {
    const before = open();
    for (const runId of ["a", "b"]) start(before, runId);
    await before.clock.advance(60_000);
    const end = before.journal.appends.findIndex(({ entries }) =>
      entries.some((each) => "name" in each && each.name === "finished"),
    );
    const after = open(memoryJournal(before.journal.appends.slice(0, end + 1)));
    after.engine.resume(["b"]);
    await after.clock.advance(60_000);
    expect(after.journal.run("b")?.status).toBe("Succeeded");
  });

  it("counts each pipeline by itself, names in any case", () => {
    const given = open();
    start(given, "a");
    const other = given.engine.start({ pipelineName: "q", definition: one, parameters: {}, invokedBy, runId: "b" });
    const same = given.engine.start({ pipelineName: "P", definition: one, parameters: {}, invokedBy, runId: "c" });
    expect([other.status, same.status]).toEqual(["InProgress", "Queued"]);
  });
});
