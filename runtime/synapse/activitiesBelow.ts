import type { Clock } from "../../contract/clock.js";
import { isJsonObject } from "../../contract/json.js";
import { childRunOf } from "./changes.js";
import type { SynapseClient } from "./client.js";
import { windowRound } from "./runWatch.js";
import type { ActivityRunRecord, PipelineRunRecord } from "./schemas.js";

/** All that a run has done. */
export interface RunTree {
  /** Of the run and of all runs below it. */
  readonly activities: readonly ActivityRunRecord[];
  /** The ids of the runs that it has started, at any depth. */
  readonly children: readonly string[];
}

/** The activity runs of a run and of all runs that its Execute Pipeline activities have started. */
export async function activitiesBelow(
  run: PipelineRunRecord,
  synapse: SynapseClient,
  clock: Clock,
  signal?: AbortSignal,
): Promise<RunTree> {
  const window = windowRound([run], clock.now().getTime());
  const own = await synapse.queryActivityRuns(run, window, signal);
  const below = await Promise.all(
    (await childrenOf(run, own, synapse, clock, signal)).map(async (child) => {
      const { activities, children } = await activitiesBelow(child, synapse, clock, signal);
      return { activities, children: [child.runId, ...children] };
    }),
  );
  return {
    activities: [...own, ...below.flatMap(({ activities }) => activities)],
    children: below.flatMap(({ children }) => children),
  };
}

/** An activity that has not succeeded may not name its run: then the run itself tells who has started it. */
async function childrenOf(
  run: PipelineRunRecord,
  activities: readonly ActivityRunRecord[],
  synapse: SynapseClient,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<PipelineRunRecord[]> {
  const named = activities.flatMap((activity) => childRunOf(activity) ?? []);
  const found = await Promise.all(named.map((runId) => synapse.getRun(runId, signal)));
  const unnamed = activities.filter((activity) => activity.activityType === "ExecutePipeline" && !childRunOf(activity));
  const pipelines = [...new Set(unnamed.flatMap(pipelineOf))];
  if (pipelines.length === 0) return found;
  const window = windowRound([run], clock.now().getTime());
  const filter = { operand: "PipelineName", operator: "In", values: pipelines } as const;
  const others = await synapse.queryPipelineRuns(window, [filter], signal);
  const own = others.filter(({ runId, invokedBy }) => invokedBy?.pipelineRunId === run.runId && !named.includes(runId));
  return [...found, ...own];
}

function pipelineOf({ input }: ActivityRunRecord): string[] {
  const reference = isJsonObject(input) && isJsonObject(input.pipeline) ? input.pipeline.referenceName : undefined;
  return typeof reference === "string" ? [reference] : [];
}
