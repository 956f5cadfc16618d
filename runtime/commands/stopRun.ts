import type { Clock } from "../../contract/clock.js";
import { audiences } from "../../contract/hosts.js";
import { terminalPipelineRunStatuses } from "../../contract/runs.js";
import { HttpError } from "../http/errors.js";
import { batchJobsOf, type JobStop, stopJob } from "../machineLearning/batchJobs.js";
import { openResourceManager } from "../machineLearning/resourceManager.js";
import { activitiesBelow } from "../synapse/activitiesBelow.js";
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
}

/**
 * Cancels a run, the runs that it has started, and the batch jobs that any of them wait for. A run that has ended is left,
 * its jobs are stopped all the same. Rejects with exit code 3 and the missing role where the caller may not cancel runs.
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
  const { activities, children } = await activitiesBelow(run, synapse, clock, signal);
  const resources = openResourceManager({ http, tokens, clock, signal: signal ?? new AbortController().signal });
  const jobs: JobStop[] = [];
  for (const job of batchJobsOf(activities)) jobs.push(await stopJob(job, resources));
  return { run, wasOver, children, jobs };
}
