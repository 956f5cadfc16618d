import { Worker } from "node:worker_threads";
import { z } from "zod";
import type { TableChunk } from "../../../../contract/tableChunks.js";

/** As much for rows that are soon gone as saves time; by its own measure V8 takes twice the memory, or too little. */
const resourceLimits = { maxYoungGenerationSizeMb: 48 };

/** What the worker answers: `ready` first, then in their order one answer to each `TableChunk` that it is sent. */
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

/** A model in a thread of its own, where a long scoring blocks nobody. It scores one chunk at a time. */
export interface Scorer {
  /** The rows for predictions.csv; takes the chunk's memory. Rejects with `ScoringRefused`, or when the thread ends before. */
  score(chunk: TableChunk): Promise<Uint8Array>;
  /** Ends the thread, in the middle of its work if it must. */
  close(): Promise<void>;
}

/**
 * Starts the worker at `url` with a model; rejects with the reason when the model cannot be loaded. The signal ends the
 * thread, whatever it is doing.
 */
export async function startScorer(url: URL, model: Uint8Array, signal: AbortSignal): Promise<Scorer> {
  // what YDF prints is not for the commands' stdout
  const worker = new Worker(url, { workerData: { model }, stdout: true, stderr: true, resourceLimits });
  worker.stdout.resume();
  worker.stderr.resume();
  const close = async () => void (await worker.terminate());
  const stop = () => void close();
  let crash: unknown;
  let hasEnded = false;
  let pending: { resolve(message: unknown): void; reject(reason: unknown): void } | undefined;
  const fail = () =>
    pending?.reject(crash instanceof Error ? crash : new Error("The scoring thread ended before it answered."));
  worker
    .on("message", (message: unknown) => pending?.resolve(message))
    .on("error", (error) => {
      crash = error;
    })
    .once("exit", () => {
      signal.removeEventListener("abort", stop);
      hasEnded = true;
      fail();
    });
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  const next = async (): Promise<ScoreAnswer> => {
    const message = await new Promise<unknown>((resolve, reject) => {
      pending = { resolve, reject };
      // one that ended between two answers will not say so again
      if (hasEnded) fail();
    });
    return answer.parse(message);
  };
  const first = await next();
  if (first.kind === "failed") {
    await close();
    throw new Error(first.message);
  }
  return {
    async score(chunk) {
      worker.postMessage(chunk, [chunk.bytes.buffer as ArrayBuffer]);
      const result = await next();
      if (result.kind === "scored") return result.predictions;
      if (result.kind === "failed") throw new ScoringRefused(result.message);
      throw new Error("The scoring thread answered out of turn.");
    },
    close,
  };
}
