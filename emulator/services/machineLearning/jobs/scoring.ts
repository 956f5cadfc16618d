import type { Readable } from "node:stream";
import { Duration } from "luxon";
import type { Clock } from "../../../../contract/clock.js";
import { messageOf } from "../../../../contract/errors.js";
import { TableError } from "../../../../contract/table.js";
import { chunksOf } from "../../../../contract/tableChunks.js";
import { ScoringRefused, startScorer } from "../forests/scorer.js";
import { type ScoringThreads, startScoringThreads, threadsFor } from "../forests/scoringThreads.js";
import type { JobRecord } from "./record.js";
import { JobFailure, type Predictions } from "./work.js";

/** What the scoring of a job's one file needs. */
export interface ScoringOptions {
  readonly worker: URL;
  readonly model: Uint8Array;
  readonly inputBytes: number;
  readonly settings: JobRecord["settings"];
  /** Measures the time-out of a mini-batch: how long a computation takes does not depend on the emulated time. */
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Opens the file; once more for each try. */
  readonly open: () => Promise<Readable>;
  /** Begins its predictions; once more for each try. */
  readonly begin: () => Predictions;
}

/** The scoring of one mini-batch, which is one file: retried, timed, ended by the signal at any point. */
export interface Scoring {
  /** The rows, to be committed, or none when the file failed and the error threshold allows it; rejects with a `JobFailure`. */
  score(): Promise<Predictions | undefined>;
  close(): Promise<void>;
}

/** Loads the model in as many threads as the file is worth; rejects with a `JobFailure` when it cannot be loaded. */
export async function startScoring(options: ScoringOptions): Promise<Scoring> {
  const { settings, signal } = options;
  const { maxRetries, timeout } = settings.retrySettings;
  const startThread = (ended: AbortSignal) =>
    startScorer(options.worker, options.model, AbortSignal.any([signal, ended])).catch((error: unknown) => {
      throw new JobFailure(`The model cannot be loaded: ${messageOf(error)}`, { cause: error });
    });
  const start = () => startScoringThreads(startThread, threadsFor(options.inputBytes));
  let threads: ScoringThreads | undefined = await start();
  const close = async () => {
    const closing = threads;
    threads = undefined;
    await closing?.close();
  };

  async function scoreWith(scoring: ScoringThreads): Promise<Predictions> {
    const predictions = options.begin();
    for await (const rows of scoring.score(chunksOf(await options.open()))) await predictions.append(rows);
    return predictions;
  }

  async function attempt(): Promise<Predictions> {
    threads ??= await start();
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    const timedOut = options.clock.sleep(Duration.fromISO(timeout).toMillis(), either).then(() => {
      throw new Error(`The mini-batch took longer than its timeout of ${timeout}.`);
    });
    try {
      return await Promise.race([scoreWith(threads), timedOut]);
    } finally {
      timedOut.catch(() => {});
      ended.abort(new Error("scored"));
    }
  }

  return {
    close,
    async score() {
      let reason = "";
      for (let tries = 0; tries <= maxRetries; tries += 1) {
        try {
          return await attempt();
        } catch (error) {
          if (error instanceof JobFailure) throw error;
          // a thread that hangs or fell is of no use for the next try
          if (!(error instanceof ScoringRefused || error instanceof TableError)) await close();
          signal.throwIfAborted();
          reason = messageOf(error);
        }
      }
      const { errorThreshold } = settings;
      const failedFiles = 1;
      if (errorThreshold === -1 || failedFiles <= errorThreshold) return undefined;
      throw new JobFailure(`${reason} (${failedFiles} file failed, the error threshold is ${errorThreshold}.)`);
    },
  };
}
