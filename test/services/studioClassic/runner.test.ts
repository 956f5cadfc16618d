import { describe, expect, it } from "vitest";
import type { Job, Jobs } from "../../../emulator/services/studioClassic/jobs.js";
import { createRunner, type Work } from "../../../emulator/services/studioClassic/runner.js";

const createdAt = "2026-01-01T00:00:00.000Z";
const jobOf = (id: string, changed: Partial<Job> = {}): Job => ({
  ...{ id, endpointId: "e", version: "2.0", status: "NotStarted", attempts: 0, createdAt },
  ...changed,
});

/** A runner over jobs that are kept in memory. */
function runnerOf(work: Work, ...given: readonly Job[]) {
  const kept = new Map(given.map((job) => [job.id, job]));
  const jobs: Pick<Jobs, "get" | "save" | "running"> = {
    get: (_endpoint, id) => kept.get(id),
    save: (job) => void kept.set(job.id, job),
    running: () => [...kept.values()].filter(({ status }) => status === "Running"),
  };
  const logs = new Map<string, readonly string[]>();
  const ended = new Map<string, () => void>();
  const runner = createRunner({
    ...{ jobs: jobs as Jobs, work, now: () => new Date(createdAt), log: () => {} },
    async keepLog({ id }, lines) {
      logs.set(id, lines);
      ended.get(id)?.();
    },
  });
  const endOf = (id: string) => new Promise<void>((resolve) => ended.set(id, resolve));
  return { runner, kept, logs, endOf };
}

describe("a job whose process was killed", () => {
  it("is begun again, and counts its attempts", async () => {
    const { runner, kept, endOf } = runnerOf(async () => {}, jobOf("a", { status: "Running", attempts: 1 }));
    const end = endOf("a");
    runner.resume();
    await end;
    await runner.close();
    expect(kept.get("a")).toMatchObject({ status: "Finished", attempts: 2 });
  });

  it("three times is reported failed instead of ending the next one too", () => {
    const work = () => Promise.reject(new Error("must not be begun"));
    const { runner, kept } = runnerOf(work, jobOf("a", { status: "Running", attempts: 3 }));
    runner.resume();
    const details = "The service ended 3 times while the job ran.";
    expect(kept.get("a")).toMatchObject({ status: "Failed", details });
  });
});

it("a job that is cancelled while its last blob is written is cancelled, and its log does not say Finished", async () => {
  const { runner, kept, logs, endOf } = runnerOf(async (job) => runner.cancel(job), jobOf("a"));
  const end = endOf("a");
  runner.start(jobOf("a"));
  await end;
  await runner.close();
  expect([kept.get("a")?.status, logs.get("a")?.at(-1)]).toEqual(["Cancelled", "Cancelled"]);
});

it("two jobs are worked on at once; a third one waits and can be cancelled", async () => {
  const begun: string[] = [];
  const work: Work = ({ id }, { signal }) =>
    new Promise((_resolve, reject) => {
      begun.push(id);
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  const all = ["a", "b", "c"].map((id) => jobOf(id));
  const { runner, kept, endOf } = runnerOf(work, ...all);
  for (const job of all) runner.start(job);
  const end = endOf("c");
  runner.cancel(jobOf("c"));
  await end;
  expect(kept.get("c")?.status).toBe("Cancelled");
  expect(begun).toEqual(["a", "b"]);
  await runner.close();
  expect([kept.get("a")?.status, kept.get("b")?.status]).toEqual(["Running", "Running"]);
});
