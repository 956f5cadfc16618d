import { Worker } from "node:worker_threads";
import { z } from "zod";
import type { TrainingTask } from "../../../../contract/retraining.js";
import type { Retrained } from "./retraining.js";

/** What the worker is given: a CSV file, and what to learn of it. */
export interface TrainingRequest {
  readonly input: Uint8Array;
  readonly label?: string | undefined;
  readonly task?: TrainingTask | undefined;
}

export const trainingRequest: z.ZodType<TrainingRequest> = z.object({
  input: z.instanceof(Uint8Array),
  label: z.string().optional(),
  task: z.enum(["regression", "classification"]).optional(),
});

/** What the worker tells: stages and lines as they come, then one of the last two. */
export type TrainingAnswer =
  | { readonly kind: "stage"; readonly stage: string }
  | { readonly kind: "log"; readonly line: string }
  | ({ readonly kind: "trained" } & Retrained)
  | { readonly kind: "failed"; readonly message: string };

const trainingAnswer: z.ZodType<TrainingAnswer> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("stage"), stage: z.string() }),
  z.object({ kind: z.literal("log"), line: z.string() }),
  z.object({ kind: z.literal("trained"), model: z.instanceof(Uint8Array), results: z.instanceof(Uint8Array) }),
  z.object({ kind: z.literal("failed"), message: z.string() }),
]);

/** The training refused its file, or the library its examples; the message is for the job's owner. */
export class TrainingRefused extends Error {
  override readonly name = "TrainingRefused";
}

/**
 * Trains in a thread of its own, the worker bundle at `url`, where an hour's work blocks nobody. The signal ends the
 * thread in the middle of its work and rejects with its reason; rejects with `TrainingRefused` when the file cannot be
 * learnt from, and when the thread ends by itself.
 */
export async function trainInThread(
  url: URL,
  request: TrainingRequest,
  options: {
    readonly signal: AbortSignal;
    readonly onStage: (stage: string) => void;
    readonly onLog: (line: string) => void;
  },
): Promise<Retrained> {
  const { signal } = options;
  signal.throwIfAborted();
  // what YDF prints is not for the commands' stdout
  const worker = new Worker(url, { workerData: request, stdout: true, stderr: true });
  worker.stdout.resume();
  worker.stderr.resume();
  const stop = () => void worker.terminate();
  signal.addEventListener("abort", stop);
  try {
    return await new Promise((resolve, reject) => {
      worker.on("message", (message: unknown) => {
        const said = trainingAnswer.parse(message);
        if (said.kind === "stage") options.onStage(said.stage);
        else if (said.kind === "log") options.onLog(said.line);
        else if (said.kind === "trained") resolve({ model: said.model, results: said.results });
        else reject(new TrainingRefused(said.message));
      });
      worker.once("error", reject);
      worker.once("exit", () =>
        reject(signal.aborted ? signal.reason : new Error("The training thread ended before it answered.")),
      );
    });
  } finally {
    signal.removeEventListener("abort", stop);
    await worker.terminate();
  }
}
