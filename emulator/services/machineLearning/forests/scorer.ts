import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { z } from "zod";

/** What the main thread asks of the worker, and what the worker answers: `ready` first, then one answer a request. */
export interface ScoreRequest {
  readonly input: Uint8Array;
}
export type ScoreAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "scored"; readonly predictions: Uint8Array }
  | { readonly kind: "failed"; readonly message: string };

const answer: z.ZodType<ScoreAnswer> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready") }),
  z.object({ kind: z.literal("scored"), predictions: z.instanceof(Uint8Array) }),
  z.object({ kind: z.literal("failed"), message: z.string() }),
]);

/** The scoring refused its input; the thread is ready for the next one. */
export class ScoringRefused extends Error {
  override readonly name = "ScoringRefused";
}

/** A model in a thread of its own, where a long scoring blocks nobody. */
export interface Scorer {
  /** The rows for predictions.csv; rejects with `ScoringRefused`, or when the thread ends before. */
  score(input: Uint8Array): Promise<Uint8Array>;
  /** Ends the thread, in the middle of its work if it must. */
  close(): Promise<void>;
}

/**
 * Starts the worker at `url` with a model; rejects with the reason when the model cannot be loaded. The signal ends the
 * thread, whatever it is doing.
 */
export async function startScorer(url: URL, model: Uint8Array, signal: AbortSignal): Promise<Scorer> {
  // what YDF prints is not for the commands' stdout
  const worker = new Worker(url, { workerData: { model }, stdout: true, stderr: true });
  worker.stdout.resume();
  worker.stderr.resume();
  let crash: unknown;
  worker.on("error", (error) => {
    crash = error;
  });
  const close = async () => void (await worker.terminate());
  const stop = () => void close();
  // for the whole life of the thread: one that ended between two answers will not say so again
  const exited = new Promise<never>((_resolve, reject) => {
    worker.once("exit", () => {
      signal.removeEventListener("abort", stop);
      reject(crash instanceof Error ? crash : new Error("The scoring thread ended before it answered."));
    });
  });
  exited.catch(() => {});
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  const next = async (): Promise<ScoreAnswer> => {
    const [message] = await Promise.race([once(worker, "message"), exited]);
    return answer.parse(message);
  };
  const first = await next();
  if (first.kind === "failed") {
    await close();
    throw new Error(first.message);
  }
  return {
    async score(input) {
      worker.postMessage({ input } satisfies ScoreRequest);
      const result = await next();
      if (result.kind === "scored") return result.predictions;
      if (result.kind === "failed") throw new ScoringRefused(result.message);
      throw new Error("The scoring thread answered out of turn.");
    },
    close,
  };
}
