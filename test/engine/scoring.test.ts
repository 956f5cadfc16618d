import { describe, expect, it } from "vitest";
import { scoringPipeline, scoringServices } from "./scoringPipeline.js";
import { testEngine } from "./testEngine.js";

describe("the scoring pipeline", () => {
  it("waits for its job and succeeds with it", async () => {
    const test = testEngine(scoringServices());
    const result = await test.run(scoringPipeline());
    expect(result.run).toMatchObject({ status: "Succeeded", message: "", durationInMs: 90_000 });
    expect(result.activities.map(({ activityName }) => activityName)).toEqual([
      "clientid",
      "clientsecret",
      "scoring_token",
      "tokenml",
      "invoke_batch",
      "wait_for_job",
      ...["status", "job_status", "poll"],
      ...["status", "job_status", "poll"],
      ...["status", "job_status", "poll"],
      "job_failed",
    ]);
  });

  it("fails with the failed job's own message", async () => {
    const result = await testEngine(scoringServices("Failed")).run(scoringPipeline());
    expect(result.activity("give_up").error).toMatchObject({
      errorCode: "JobFailed",
      message: "3 rows could not be scored",
    });
    expect(result.run.message).toBe(
      "Operation on target job_failed failed: Activity failed because an inner activity failed; " +
        "Inner activity name: give_up, Error: 3 rows could not be scored",
    );
  });

  it("leaves no secret in any record", async () => {
    const test = testEngine(scoringServices());
    await test.run(scoringPipeline());
    const records = test.journal.appends.flatMap(({ entries }) => entries).filter(({ kind }) => kind !== "state");
    expect(JSON.stringify(records)).not.toMatch(/s3cret|eyJt0ken/);
  });
});
