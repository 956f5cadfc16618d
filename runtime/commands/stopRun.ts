import type { Clock } from "../../contract/clock.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { audiences } from "../../contract/hosts.js";
import { terminalPipelineRunStatuses } from "../../contract/runs.js";
import { HttpError } from "../http/errors.js";
import { batchJobsOf, type JobStop, jobLine, stopJob } from "../machineLearning/batchJobs.js";
import { openResourceManager } from "../machineLearning/resourceManager.js";
import { activitiesBelow, type RunTree } from "../synapse/activitiesBelow.js";
import { mayNotCancel } from "../synapse/permissions.js";
import type { PipelineRunRecord } from "../synapse/schemas.js";
import type { Session } from "./session.js";

/** What was done to stop a run. */
export interface StoppedRun {
  /** The run before anything was sent. */
  readonly run: PipelineRunRecord;
  /** Whether it had ended by then. */
  readonly wasOver: boolean;
  /** The runs that it has started, at any depth. */
  readonly children: readonly string[];
  readonly jobs: readonly JobStop[];
  /** Why it is not known what the cancelled run has started: `children` and `jobs` are empty then. */
  readonly unseen: ProgramError | undefined;
}

/**
 * Cancels a run, the runs that it has started, and the batch jobs that any of them wait for. A run that has ended is left,
 * its jobs are stopped all the same. Rejects with exit code 3 and the missing role where the caller may not cancel runs; once
 * the run is cancelled, nothing but Ctrl-C makes it reject.
 */
export async function stopRun(
  runId: string,
  session: Session,
  clock: Clock,
  signal?: AbortSignal,
): Promise<StoppedRun> {
  const { synapse, tokens, place, http } = session;
  const run = await synapse.getRun(runId, signal);
  let wasOver = terminalPipelineRunStatuses.includes(run.status);
  if (!wasOver) {
    try {
      await synapse.cancelRun(runId, signal);
    } catch (thrown) {
      if (!(thrown instanceof HttpError)) throw thrown;
      if (thrown.status === 403) {
        throw mayNotCancel(runId, place.synapseWorkspace, thrown, await tokens.token(audiences.synapse[0]));
      }
      // it may have ended meanwhile, which the service refuses in words of its own
      wasOver = terminalPipelineRunStatuses.includes((await synapse.getRun(runId, signal)).status);
      if (!wasOver) throw thrown;
    }
  }
  const below = await activitiesBelow(run, synapse, clock, signal).catch((thrown: unknown) => {
    if (wasOver || !(thrown instanceof ProgramError) || thrown.exitCode === exitCodes.interrupted) throw thrown;
    return thrown;
  });
  const unseen = below instanceof ProgramError ? below : undefined;
  const { activities, children }: RunTree = below instanceof ProgramError ? { activities: [], children: [] } : below;
  const resources = openResourceManager({ http, tokens, clock, signal: signal ?? new AbortController().signal });
  const jobs: JobStop[] = [];
  for (const job of batchJobsOf(activities)) jobs.push(await stopJob(job, resources));
  return { run, wasOver, children, jobs, unseen };
}

/** What a person must know of a stopped run, one sentence each: what became of its jobs, or that this is not known. */
export function stopLines({ run, jobs, unseen }: StoppedRun): string[] {
  if (unseen === undefined) return jobs.map(jobLine);
  return [
    `run ${run.runId} is cancelled, but what it has started cannot be seen: ${unseen.message}`,
    "  a batch job of it may go on: cancel the run once more, which looks for its jobs again",
  ];
}
