import type { Clock } from "../../../../contract/clock.js";
import { messageOf } from "../../../../contract/errors.js";
import type { Context } from "../context.js";
import { createComputeSlots } from "./computeSlots.js";
import type { Jobs } from "./jobs.js";
import { type JobRecord, type JobStatus, terminalStatuses } from "./record.js";
import { startScoring } from "./scoring.js";
import { jobWork, type Predictions } from "./work.js";

/** Runs batch jobs, each once at a time, and keeps what became of them. */
export interface Runner {
  /** Begins a job that was saved; returns at once. */
  start(name: string): void;
  /** Ends a job that is not at its end; nothing happens to one that is. */
  cancel(name: string): void;
  /** Begins again what a killed process left. */
  resume(): void;
  /** Resolves when none of these jobs runs. */
  settled(names: readonly string[]): Promise<void>;
  /** Stops what runs, to be gone on with by another process. */
  close(): Promise<void>;
}

/** A deployment of the action SummaryOnly writes no rows. */
const unwritten: Predictions = { append: async () => {}, commit: async () => {} };

const closing = new Error("the service is closing");
const canceled = new Error("the job is canceled");

export function createRunner(context: Context, jobs: Jobs, options: { worker: URL; wallClock: Clock }): Runner {
  const { clock, log } = context.platform;
  const slots = createComputeSlots();
  const running = new Map<string, { abort: AbortController; done: Promise<void> }>();

  const advance = (name: string, status: JobStatus, error?: string): void => {
    const job = jobs.get(name);
    const isTerminal = terminalStatuses.includes(status);
    if (!job || terminalStatuses.includes(job.status)) return;
    if (job.status === "CancelRequested" && !isTerminal) return;
    const now = clock.now().toISOString();
    jobs.save({
      ...job,
      status,
      startedAt: job.startedAt ?? now,
      endedAt: isTerminal ? now : undefined,
      error: error ?? job.error,
      attempts: status === "Preparing" ? job.attempts + 1 : job.attempts,
    });
  };

  async function work(job: JobRecord, signal: AbortSignal): Promise<void> {
    const { name, references, settings } = job;
    const node = jobWork(context, job);
    const { model } = await node.prepare();
    signal.throwIfAborted();
    advance(name, "Queued");
    const release = await slots.take(references.computeId, references.instanceCount, node.maxNodes(), signal);
    try {
      advance(name, "Starting");
      const inputBytes = await node.requireInput();
      const scoring = await startScoring({
        worker: options.worker,
        clock: options.wallClock,
        model,
        inputBytes,
        settings,
        signal,
        open: () => node.openInput(),
        begin: () => (settings.outputAction === "AppendRow" ? node.beginPredictions() : unwritten),
      });
      try {
        signal.throwIfAborted();
        advance(name, "Running");
        const predictions = await scoring.score();
        signal.throwIfAborted();
        advance(name, "Finalizing");
        await predictions?.commit();
      } finally {
        await scoring.close();
      }
    } finally {
      release();
    }
    advance(name, "Completed");
  }

  async function run(name: string, signal: AbortSignal): Promise<void> {
    advance(name, "Preparing");
    const job = jobs.get(name);
    if (!job) return;
    try {
      await work(job, signal);
    } catch (error) {
      if (signal.reason === closing) return;
      if (signal.reason === canceled) advance(name, "Canceled");
      else {
        advance(name, "Failed", messageOf(error));
        log(`${name} failed: ${messageOf(error)}`);
      }
    }
  }

  function start(name: string): void {
    const abort = new AbortController();
    const done = run(name, abort.signal).finally(() => running.delete(name));
    running.set(name, { abort, done });
  }

  return {
    start,
    cancel(name) {
      const job = jobs.get(name);
      if (!job || terminalStatuses.includes(job.status)) return;
      advance(job.name, "CancelRequested");
      const here = running.get(job.name);
      if (here) here.abort.abort(canceled);
      else advance(job.name, "Canceled");
    },
    resume() {
      for (const job of jobs.unfinished()) {
        if (running.has(job.name)) continue;
        if (job.status === "CancelRequested") advance(job.name, "Canceled");
        else start(job.name);
      }
    },
    settled: async (names) => void (await Promise.all(names.map((name) => running.get(name)?.done))),
    async close() {
      for (const { abort } of running.values()) abort.abort(closing);
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}
