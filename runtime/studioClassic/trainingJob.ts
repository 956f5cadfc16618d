import type { Clock } from "../../contract/clock.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { retrainingOutputs, retrainingParameters } from "../../contract/retraining.js";
import type { BatchExecution } from "./batchExecution.js";
import type { JobFolder, JobRecord } from "./jobRecord.js";
import type { JobStatus } from "./jobStatus.js";
import type { TrainingStorage } from "./trainingStorage.js";

/** One training through the service. */
export interface TrainingJob {
  readonly service: BatchExecution;
  readonly storage: TrainingStorage;
  readonly connectionString: string;
  readonly folder: JobFolder;
  /** Tells this training from others: the same one goes on with the same job. */
  readonly fingerprint: string;
  readonly csv: string;
  /** GlobalParameters besides the data's address. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Where the job's blobs are kept: `<container>/<path>`. */
  readonly location: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** One line for each thing that happens. */
  readonly onProgress: (line: string) => void;
}

/** What the service made: the model's file and its own evaluation (CSV). */
export interface TrainingResult {
  readonly jobId: string;
  /** What an earlier call had left: nothing, a job that was submitted, or the model itself. */
  readonly found: "nothing" | "job" | "model";
  /** When the model came here, ISO 8601. */
  readonly trainedAt: string | undefined;
  readonly model: Buffer;
  readonly evaluation: Buffer;
}

/** The service's outputs, and what their files are called. */
export const trainingFiles = {
  output1: `model${retrainingOutputs.output1}`,
  output2: `evaluation${retrainingOutputs.output2}`,
} as const;
const inputName = "input.csv";
const firstPauseMs = 1_000;
const longestPauseMs = 15_000;

/**
 * Uploads, submits, starts, waits, downloads, deletes. Called again after an interruption at any point, it goes on with
 * the same job. Rejects with exit code 1 and the service's Details when the job fails, 4 when it was cancelled.
 */
export async function train(job: TrainingJob): Promise<TrainingResult> {
  const { folder, fingerprint } = job;
  let record = await folder.read(fingerprint);
  if (record?.stage === "submitted") record = await resume(job, record);
  const found = record === undefined ? "nothing" : record.stage === "submitted" ? "job" : "model";
  record ??= await submit(job);
  if (record.stage === "submitted") {
    await job.service.start(record.jobId, job.signal);
    await finish(job, record);
    record = { ...record, stage: "trained", trainedAt: job.clock.now().toISOString() };
    await folder.write(record);
  }
  if (record.stage === "trained") {
    await forget(job, record);
    await folder.write({ ...record, stage: "done" });
  }
  const [model, evaluation] = await Promise.all([
    folder.readOutput(trainingFiles.output1),
    folder.readOutput(trainingFiles.output2),
  ]);
  return { jobId: record.jobId, found, trainedAt: record.trainedAt, model, evaluation };
}

/** Stops a job that is not wanted any more, and forgets it. */
export async function abandon(job: TrainingJob): Promise<void> {
  const record = await job.folder.read(job.fingerprint);
  if (record?.stage !== "submitted") return;
  await forget(job, record);
  await job.folder.clear();
}

async function resume(job: TrainingJob, record: JobRecord): Promise<JobRecord | undefined> {
  const status = await job.service.status(record.jobId, job.signal);
  const isThere = status !== undefined;
  job.onProgress(
    isThere ? `going on with job ${record.jobId}` : `job ${record.jobId} is not there any more: training anew`,
  );
  return isThere ? record : undefined;
}

async function submit(job: TrainingJob): Promise<JobRecord> {
  const { location, connectionString: ConnectionString, signal } = job;
  const dataUrl = await job.storage.upload(`${location}/${inputName}`, job.csv, signal);
  job.onProgress(`uploaded ${location}/${inputName}`);
  const jobId = await job.service.submit(
    {
      GlobalParameters: { [retrainingParameters.dataSource]: dataUrl, ...job.parameters },
      Outputs: Object.fromEntries(
        Object.entries(trainingFiles).map(([name, file]) => [
          name,
          { ConnectionString, RelativeLocation: `${location}/${file}` },
        ]),
      ),
    },
    signal,
  );
  // before it is started: a job that nobody knows of must not run
  const record: JobRecord = { fingerprint: job.fingerprint, location, jobId, stage: "submitted" };
  await job.folder.write(record);
  job.onProgress(`submitted job ${jobId}`);
  return record;
}

/** Waits for the job and downloads what it made. */
async function finish(job: TrainingJob, record: JobRecord): Promise<void> {
  const status = await ended(job, record);
  if (status.state !== "Finished") {
    await forget(job, record);
    await job.folder.clear();
    throw status.state === "Failed"
      ? new ProgramError(
          exitCodes.failed,
          `job ${record.jobId} failed: ${status.details || "without an explanation"}`,
          {
            cure: "mend what the sentence names, and train again",
          },
        )
      : new ProgramError(exitCodes.cancelled, `job ${record.jobId} was cancelled`);
  }
  for (const [name, file] of Object.entries(trainingFiles)) {
    await job.folder.writeOutput(file, await download(job, record, status, name));
  }
}

async function ended(job: TrainingJob, { jobId }: JobRecord): Promise<JobStatus> {
  const { service, clock, signal, onProgress } = job;
  let said = "";
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    const status = await service.status(jobId, signal);
    if (status === undefined) {
      await job.folder.clear();
      throw new ProgramError(exitCodes.cancelled, `job ${jobId} is not there any more: someone has deleted it`);
    }
    const hasStage = status.state === "Running" && status.details !== "";
    const line = hasStage ? `${status.state}: ${status.details}` : status.state;
    if (line !== said) onProgress(line);
    said = line;
    if (status.state !== "NotStarted" && status.state !== "Running") return status;
    await clock.sleep(pauseMs, signal);
  }
}

/** The token of an output may be over: asking for the job again gives another one. */
async function download(job: TrainingJob, record: JobRecord, status: JobStatus, name: string): Promise<Buffer> {
  const { storage, service, signal } = job;
  for (const look of [async () => status, () => service.status(record.jobId, signal)]) {
    const reference = (await look())?.outputs[name];
    if (reference === undefined) break;
    const content = await storage.download(reference, signal);
    if (content !== undefined) return content;
  }
  throw new ProgramError(exitCodes.failed, `job ${record.jobId} has finished without a readable ${name}`, {
    cure: "is it the training service? output1 must be the model, output2 its evaluation",
  });
}

async function forget(job: TrainingJob, { jobId, location }: JobRecord): Promise<void> {
  await job.service.delete(jobId);
  await job.storage.delete(`${location}/${inputName}`);
}
