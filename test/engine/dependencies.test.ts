import { describe, expect, it } from "vitest";
import { fail, pipeline, testEngine, wait } from "./testEngine.js";

/** The parent P, succeeding or failing. */
const parent = (fails: boolean) => (fails ? fail("P") : wait("P", 0));

const run = (...activities: Parameters<typeof pipeline>[0]) => testEngine().run(pipeline(activities));

describe("the published error-handling patterns (tutorial-pipeline-failure-error-handling)", () => {
  it.each([
    [false, "Succeeded"],
    [true, "Succeeded"],
  ])("try-catch (P fails: %s) ends %s", async (fails, status) => {
    const result = await run(parent(fails), wait("onFailure", 0, [["P", "Failed"]]));
    expect(result.run.status).toBe(status);
    expect(result.statuses()).toEqual(fails ? { P: "Failed", onFailure: "Succeeded" } : { P: "Succeeded" });
  });

  it.each([
    [false, "Succeeded"],
    [true, "Failed"],
  ])("do-if-else (P fails: %s) ends %s: the skipped leaf leads back to P", async (fails, status) => {
    const result = await run(
      parent(fails),
      wait("onSuccess", 0, [["P", "Succeeded"]]),
      wait("onFailure", 0, [["P", "Failed"]]),
    );
    expect(result.run.status).toBe(status);
    expect(result.run.message).toBe(fails ? "Operation on target P failed: P failed" : "");
  });

  it.each([
    [false, "Succeeded"],
    [true, "Succeeded"],
  ])("do-if-skip-else (P fails: %s) ends %s", async (fails, status) => {
    const result = await run(
      parent(fails),
      wait("onSuccess", 0, [["P", "Succeeded"]]),
      wait("onFailure", 0, [["P", "Failed"]]),
      wait("dummy", 0, [["onSuccess", "Skipped"]]),
    );
    expect(result.run.status).toBe(status);
  });

  it.each([
    [false, "Succeeded"],
    [true, "Succeeded"],
  ])("completion branch only (P fails: %s) ends %s", async (fails, status) => {
    const result = await run(parent(fails), wait("always", 0, [["P", "Completed"]]));
    expect(result.run.status).toBe(status);
    expect(result.statuses()).toMatchObject({ always: "Succeeded" });
  });

  it.each([
    [false, { P: "Succeeded", second: "Succeeded" }],
    [true, { P: "Failed", handler: "Succeeded" }],
  ])("generic handler on Failed and Skipped of a chain's last step (P fails: %s)", async (fails, statuses) => {
    const result = await run(
      parent(fails),
      wait("second", 0, [["P", "Succeeded"]]),
      wait("handler", 0, [["second", "Failed", "Skipped"]]),
    );
    expect(result.run.status).toBe("Succeeded");
    expect(result.statuses()).toEqual(statuses);
  });
});

describe("dependency conditions", () => {
  it("need every entry: one of two parents that was skipped skips the activity, and Skipped is met by it", async () => {
    const result = await run(
      wait("A", 0),
      wait("B", 0, [["A", "Failed"]]),
      wait("X", 0, [
        ["A", "Succeeded"],
        ["B", "Succeeded"],
      ]),
      wait("Y", 0, [["X", "Skipped"]]),
    );
    expect(result.statuses()).toEqual({ A: "Succeeded", Y: "Succeeded" });
  });

  it("are not met by Skipped where they say Completed", async () => {
    const result = await run(wait("A", 0), wait("B", 0, [["A", "Failed"]]), wait("C", 0, [["B", "Completed"]]));
    expect(result.statuses()).toEqual({ A: "Succeeded" });
  });

  it("ignore the case of names", async () => {
    const result = await run(wait("First", 0), wait("second", 0, [["FIRST", "Succeeded"]]));
    expect(result.statuses()).toEqual({ First: "Succeeded", second: "Succeeded" });
  });
});

describe("parallelism", () => {
  it("two branches of one second take one second", async () => {
    const test = testEngine();
    const { run: record } = await test.run(pipeline([wait("A", 1), wait("B", 1)]));
    expect(record.durationInMs).toBe(1000);
  });

  it("an activity starts when all it depends on has ended, not before", async () => {
    const result = await run(
      wait("short", 2),
      wait("long", 5),
      wait("after", 1, [
        ["short", "Succeeded"],
        ["long", "Succeeded"],
      ]),
    );
    expect(result.run.durationInMs).toBe(6000);
    expect(result.activity("after").activityRunStart).toBe("2026-01-02T03:04:10.0000000Z");
  });
});

describe("an inactive activity", () => {
  it("is listed, not run, and its dependants see the status that it is marked as", async () => {
    const inactive = { ...wait("P", 100), state: "Inactive" as const, onInactiveMarkAs: "Failed" as const };
    const result = await run(inactive, wait("onFailure", 0, [["P", "Failed"]]));
    expect(result.statuses()).toEqual({ P: "Inactive", onFailure: "Succeeded" });
    expect(result.run.durationInMs).toBe(0);
  });
});
