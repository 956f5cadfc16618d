import { messageOf } from "../../../contract/errors.js";
import { createComputeSlots } from "../machineLearning/jobs/computeSlots.js";
import { isTerminal, type Job, type Jobs } from "./jobs.js";

/** Does the work of jobs, and keeps what became of them. */
export interface Runner {
  /** Begins a job; returns at once. */
  start(job: Job): void;
  /** Ends a job that is not at its end, in the middle of its work. */
  cancel(job: Job): void;
  /** What a job does at this moment and for how long; undefined when it does nothing. */
  progressOf(id: string): string | undefined;
  /** Begins again what a killed process left. */
  resume(): void;
  /** Stops what runs, to be gone on with by another process. */
  close(): Promise<void>;
}

/** One attempt at a job; throws what it failed for. */
export type Work = (
  job: Job,
  report: { readonly signal: AbortSignal; onStage(stage: string): void; onLog(line: string): void },
) => Promise<void>;

interface RunnerOptions {
  readonly jobs: Jobs;
  readonly work: Work;
  /** Keeps the log of a job that has ended. */
  readonly keepLog: (job: Job, lines: readonly string[]) => Promise<void>;
  /** Measures the stages: how long a computation takes does not depend on the emulated time. */
  readonly now: () => Date;
  readonly log: (line: string) => void;
}

interface Running {
  readonly abort: AbortController;
  stage: { readonly name: string; readonly since: Date };
  done: Promise<void>;
}

type End = Pick<Job, "status" | "details">;

/** A training takes one core, and the rest of the emulator another one. */
const concurrentJobs = 2;
/** A job whose work ends the process each time must not do so for ever. */
const maxAttempts = 3;

const closing = new Error("the service is closing");
const canceled = new Error("the job is cancelled");

export function createRunner({ jobs, work, keepLog, now, log }: RunnerOptions): Runner {
  const slots = createComputeSlots();
  const running = new Map<string, Running>();

  const current = (job: Job) => jobs.get(job.endpointId, job.id);
  const finish = (job: Job, end: End) => {
    const latest = current(job);
    if (latest && !isTerminal(latest.status)) jobs.save({ ...latest, ...end });
  };

  async function attempt(job: Job, signal: AbortSignal, lines: string[]): Promise<void> {
    const here = () => running.get(job.id);
    const say = (line: string) => void lines.push(`${now().toISOString()} ${line}`);
    const endStage = () => {
      const stage = here()?.stage;
      if (stage) say(`${stage.name}: ${secondsSince(stage.since)}`);
    };
    const onStage = (name: string) => {
      endStage();
      const own = here();
      if (own) own.stage = { name, since: now() };
    };
    const release = await slots.take("studioClassic", 1, concurrentJobs, signal);
    try {
      await work(job, { signal, onStage, onLog: say });
    } finally {
      endStage();
      release();
    }
  }

  /** How an attempt ended; undefined when it is to be gone on with by another process. */
  async function endOf(job: Job, signal: AbortSignal, lines: string[]): Promise<End | undefined> {
    try {
      await attempt(job, signal, lines);
      // a job that was cancelled while its last blob was written is cancelled
      signal.throwIfAborted();
      return { status: "Finished" };
    } catch (error) {
      if (signal.reason === closing) return undefined;
      if (signal.reason === canceled) return { status: "Cancelled" };
      log(`retraining job ${job.id} failed: ${messageOf(error)}`);
      return { status: "Failed", details: messageOf(error) };
    }
  }

  async function run(job: Job, signal: AbortSignal): Promise<void> {
    const lines: string[] = [];
    const end = await endOf(job, signal, lines);
    if (!end) return;
    lines.push([end.status, end.details].filter(Boolean).join(": "));
    // before the end is visible, so that whoever sees it finds the log
    await keepLog(job, lines).catch((error: unknown) =>
      log(`retraining job ${job.id}: its log cannot be kept: ${messageOf(error)}`),
    );
    finish(job, end);
  }

  function begin(job: Job): void {
    const attempts = job.attempts + 1;
    if (attempts > maxAttempts) {
      finish(job, { status: "Failed", details: `The service ended ${maxAttempts} times while the job ran.` });
      return;
    }
    const begun: Job = { ...job, status: "Running", attempts };
    jobs.save(begun);
    const abort = new AbortController();
    const entry: Running = {
      abort,
      stage: { name: "waiting for a free worker", since: now() },
      done: Promise.resolve(),
    };
    running.set(job.id, entry);
    entry.done = run(begun, abort.signal).finally(() => running.delete(job.id));
  }

  return {
    start: begin,
    cancel(job) {
      finish(job, { status: "Cancelled" });
      running.get(job.id)?.abort.abort(canceled);
    },
    progressOf(id) {
      const stage = running.get(id)?.stage;
      return stage && `${stage.name} (${secondsSince(stage.since)})`;
    },
    resume() {
      for (const job of jobs.running()) if (!running.has(job.id)) begin(job);
    },
    async close() {
      for (const { abort } of running.values()) abort.abort(closing);
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };

  function secondsSince(moment: Date): string {
    return `${((now().getTime() - moment.getTime()) / 1000).toFixed(1)} s`;
  }
}
