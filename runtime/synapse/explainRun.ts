import type { Clock } from "../../contract/clock.js";
import { childRunOf } from "./changes.js";
import type { SynapseClient } from "./client.js";
import type { CureContext } from "./cures.js";
import { culprit, explainFailure, type Failure } from "./failure.js";
import { windowRound } from "./runWatch.js";
import type { ActivityRunRecord, PipelineRunRecord } from "./schemas.js";
import { type PipelineStructure, readStructure } from "./structure.js";

const deepestChild = 5;

export interface ExplainOptions {
  readonly synapse: SynapseClient;
  readonly clock: Clock;
  readonly place: CureContext;
  readonly signal: AbortSignal;
}

/**
 * Why a run failed. Where an Execute Pipeline activity failed, the child run is read too and its cause carried up; where
 * that cannot be read, the activity's own words stand.
 */
export async function explainRun(
  run: PipelineRunRecord,
  activities: readonly ActivityRunRecord[],
  structure: PipelineStructure,
  options: ExplainOptions,
  depth = 0,
): Promise<Failure> {
  const own = explainFailure(run, activities, structure, options.place);
  const failed = culprit(run.message, activities);
  const childId = failed === undefined ? null : childRunOf(failed);
  if (failed === undefined || childId === null || depth >= deepestChild) return own;
  const { synapse, clock, signal } = options;
  try {
    const child = await synapse.getRun(childId, signal);
    const window = windowRound([child], clock.now().getTime());
    const inner = await synapse.queryActivityRuns(child, window, signal);
    const pipeline = await synapse.getPipeline(child.pipelineName, signal).catch(() => undefined);
    const cause = await explainRun(child, inner, readStructure(pipeline?.properties.activities), options, depth + 1);
    return { ...cause, cause: `${failed.activityName} (run ${childId}): ${cause.cause}` };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return own;
  }
}
