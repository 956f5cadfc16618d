import { createHash } from "node:crypto";
import { retrainingParameters } from "../../../contract/retraining.js";
import type { Retrained } from "../machineLearning/forests/retraining.js";
import { trainInThread } from "../machineLearning/forests/trainer.js";
import type { CallersBlobs } from "./callersBlobs.js";
import type { JobRequest } from "./jobRequest.js";
import type { Job, Jobs } from "./jobs.js";
import type { OutputPlaces } from "./outputPlaces.js";
import type { Work } from "./runner.js";

/** What a job does: reads the training file, trains in a thread, writes the outputs with what the caller gave. */
export function trainingWork(parts: {
  readonly jobs: Jobs;
  readonly blobs: CallersBlobs;
  readonly places: OutputPlaces;
  /** The bundled `forests/trainingWorker.ts`: a worker thread cannot run TypeScript. */
  readonly worker: URL;
}): Work {
  const { jobs, blobs, places, worker } = parts;

  async function readFile({ dataSource, input }: JobRequest, signal: AbortSignal): Promise<Uint8Array> {
    if (input) return blobs.read(input, signal);
    if (dataSource === "") {
      throw new Error(`The parameter '${retrainingParameters.dataSource}' is empty, and the request names no input.`);
    }
    return blobs.download(dataSource, signal);
  }

  /** A job that is begun again after its process was killed must learn from the same file. */
  function requireSame(job: Job, file: Uint8Array): void {
    const inputDigest = createHash("sha256").update(file).digest("hex");
    if (job.inputDigest === undefined) jobs.save({ ...job, inputDigest });
    else if (job.inputDigest !== inputDigest) {
      throw new Error("The training was interrupted, and its file is another one since: submit the job again.");
    }
  }

  return async (job, { signal, onStage, onLog }) => {
    const request = jobs.requestOf(job.id);
    onStage("fetching the training file");
    const input = await readFile(request, signal);
    signal.throwIfAborted();
    requireSame(job, input);
    const { label, task } = request;
    const made = await trainInThread(worker, { input, label, task }, { signal, onStage, onLog });
    const content: Record<keyof JobRequest["outputs"], keyof Retrained> = { output1: "model", output2: "results" };
    if (Object.keys(request.outputs).length === 0) await places.prepare();
    for (const { name, blob } of places.of(job, request)) {
      onStage(`writing ${name}`);
      await blobs.write(blob, made[content[name]], signal);
    }
  };
}
