import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { exitCodes } from "../../../contract/errors.js";
import { openJobFolder } from "../../../runtime/studioClassic/jobRecord.js";
import { abandon, type TrainingJob, train } from "../../../runtime/studioClassic/trainingJob.js";
import { ManualClock } from "../../helpers/manualClock.js";
import { FakeService } from "./fakeService.js";

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "retrain-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function jobIn(folder: string, fake: FakeService, overrides: Partial<TrainingJob> = {}): Promise<TrainingJob> {
  return {
    ...{ service: fake, storage: fake.storage, connectionString: "AccountName=a;AccountKey=topsecret" },
    ...{ folder: await openJobFolder(folder), fingerprint: "f1", csv: "a,b\n1,2\n", parameters: { Label: "b" } },
    ...{ location: "retrain/trips-f1", clock: new ManualClock({ jumps: true }), signal: new AbortController().signal },
    onProgress: () => {},
    ...overrides,
  };
}

const trainIn = async (folder: string, fake: FakeService, overrides?: Partial<TrainingJob>) =>
  train(await jobIn(folder, fake, overrides));

describe("a training", () => {
  it("uploads, submits, starts, waits, downloads both outputs and deletes, in this order", async () => {
    const fake = new FakeService(["NotStarted", "Running", "Running", "Finished"]);
    const result = await trainIn(temporaryFolder(), fake);
    expect(String(result.model)).toBe("model of job-1");
    expect(String(result.evaluation)).toBe("evaluation of job-1");
    expect(fake.calls).toEqual([
      "upload retrain/trips-f1/input.csv",
      "submit",
      "start job-1",
      ...["NotStarted", "Running", "Running", "Finished"].map(() => "status job-1"),
      "download retrain/trips-f1/model.ilearner",
      "download retrain/trips-f1/evaluation.csv",
      "delete job-1",
      "remove retrain/trips-f1/input.csv",
    ]);
  });

  it("names the data by URL, and output blobs with the endings that the service asks for", async () => {
    const fake = new FakeService(["Finished"]);
    await trainIn(temporaryFolder(), fake);
    const ConnectionString = "AccountName=a;AccountKey=topsecret";
    expect(fake.submitted).toEqual([
      {
        GlobalParameters: { "Data source URL": "https://blobs/retrain/trips-f1/input.csv?sig=x", Label: "b" },
        Outputs: {
          output1: { ConnectionString, RelativeLocation: "retrain/trips-f1/model.ilearner" },
          output2: { ConnectionString, RelativeLocation: "retrain/trips-f1/evaluation.csv" },
        },
      },
    ]);
  });

  it("looks less and less often", async () => {
    const fake = new FakeService([...Array.from({ length: 12 }, () => "Running" as const), "Finished"]);
    const clock = new ManualClock({ jumps: true });
    await trainIn(temporaryFolder(), fake, { clock });
    expect(clock.sleeps.slice(0, 3)).toEqual([1_000, 1_500, 2_250]);
    expect(Math.max(...clock.sleeps)).toBe(15_000);
  });

  it.each(["before", "after"] as const)(
    "that is interrupted %s any call and run again goes on with the same job: one is started, and none is left",
    async (side) => {
      const whole = new FakeService(["Running", "Finished"]);
      await trainIn(temporaryFolder(), whole);
      const submit = whole.calls.indexOf("submit");
      for (let stop = 0; stop < whole.calls.length; stop += 1) {
        const folder = temporaryFolder();
        const fake = new FakeService(["Running", "Finished"]);
        fake.break(side, stop);
        await expect(trainIn(folder, fake)).rejects.toThrow("the line is cut");
        const result = await trainIn(folder, fake);
        // whose id was never heard does nothing: only a start makes a job run
        const unheard = side === "after" && stop === submit ? ["job-1"] : [];
        expect(String(result.model), `cut ${side} call ${stop}`).toBe(`model of job-${unheard.length + 1}`);
        expect(new Set(fake.calls.filter((call) => call.startsWith("start"))).size).toBe(1);
        expect(fake.calls).not.toContain(`start ${unheard[0]}`);
        expect(fake.jobs).toEqual(unheard);
      }
    },
  );

  it("tells what it has found: nothing, a job, or a model and since when it is there", async () => {
    const folder = temporaryFolder();
    const fake = new FakeService(["Running", "Finished"]);
    fake.break("after", 2);
    await expect(trainIn(folder, fake)).rejects.toThrow("the line is cut");
    const clock = new ManualClock({ jumps: true });
    const resumed = await trainIn(folder, fake, { clock });
    const trainedAt = clock.now().toISOString();
    expect(resumed).toMatchObject({ found: "job", trainedAt });
    expect(await trainIn(folder, fake)).toMatchObject({ found: "model", trainedAt });
    expect(await trainIn(temporaryFolder(), new FakeService(["Finished"]))).toMatchObject({ found: "nothing" });
  });

  it("that is done is not done again: the model is there", async () => {
    const folder = temporaryFolder();
    const fake = new FakeService(["Finished"]);
    await trainIn(folder, fake);
    const before = fake.calls.length;
    expect(String((await trainIn(folder, fake)).model)).toBe("model of job-1");
    expect(fake.calls).toHaveLength(before);
  });

  it("of another file is another job", async () => {
    const folder = temporaryFolder();
    const fake = new FakeService(["Finished"]);
    await trainIn(folder, fake);
    const result = await trainIn(folder, fake, { fingerprint: "f2" });
    expect(String(result.model)).toBe("model of job-2");
  });

  it("keeps no secret in its record", async () => {
    const folder = temporaryFolder();
    await trainIn(folder, new FakeService(["Finished"]));
    const record = readFileSync(path.join(folder, "job.json"), "utf8");
    expect(JSON.parse(record)).toEqual({
      ...{ fingerprint: "f1", location: "retrain/trips-f1", jobId: "job-1", stage: "done" },
      trainedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it("asks for the job again when the token of an output is over", async () => {
    const fake = new FakeService(["Finished"]);
    fake.expiredTokens = 1;
    expect(String((await trainIn(temporaryFolder(), fake)).model)).toBe("model of job-1");
    expect(fake.calls.filter((call) => call === "status job-1")).toHaveLength(2);
  });

  it("that fails ends with the service's Details and exit code 1, and the next one is a new job", async () => {
    const folder = temporaryFolder();
    const fake = new FakeService(["Running", "Failed"], "line 7 has 3 cells");
    await expect(trainIn(folder, fake)).rejects.toMatchObject({
      ...{ exitCode: exitCodes.failed, message: "job job-1 failed: line 7 has 3 cells" },
    });
    expect(fake.jobs).toEqual([]);
    fake.script = ["Finished"];
    expect(String((await trainIn(folder, fake)).model)).toBe("model of job-2");
  });

  it("that was cancelled ends with exit code 4, and so does one that was deleted meanwhile", async () => {
    await expect(trainIn(temporaryFolder(), new FakeService(["Cancelled"]))).rejects.toMatchObject({
      exitCode: exitCodes.cancelled,
    });
    const fake = new FakeService(["Running", "gone"]);
    await expect(trainIn(temporaryFolder(), fake)).rejects.toMatchObject({ exitCode: exitCodes.cancelled });
  });

  it("whose job is gone by the time of coming back is done anew", async () => {
    const folder = temporaryFolder();
    const fake = new FakeService(["Finished"]);
    fake.break("before", 2);
    await expect(trainIn(folder, fake)).rejects.toThrow("the line is cut");
    fake.jobs.length = 0;
    expect(String((await trainIn(folder, fake)).model)).toBe("model of job-2");
  });

  it("without the outputs of a training service says so", async () => {
    const fake = new FakeService(["Finished"]);
    fake.hasOutputs = false;
    await expect(trainIn(temporaryFolder(), fake)).rejects.toThrow("has finished without a readable output1");
  });

  it("that is abandoned leaves neither a job nor its input", async () => {
    const folder = temporaryFolder();
    const fake = new FakeService(["Running"]);
    fake.break("before", 3);
    await expect(trainIn(folder, fake)).rejects.toThrow("the line is cut");
    await abandon(await jobIn(folder, fake));
    expect(fake.jobs).toEqual([]);
    expect(fake.calls).toContain("remove retrain/trips-f1/input.csv");
  });
});
