import { messageOf } from "../../../../contract/errors.js";
import type { InvokedBy, PipelineRun } from "../../../../contract/runs.js";
import { ExpressionError } from "../../../engine/expressions/expressionError.js";
import { AzureError } from "../../../platform/errors.js";
import type { Platform } from "../../../platform/platform.js";
import type { Artifacts, StoredArtifact } from "../artifacts/artifacts.js";
import type { Engines } from "../runs/engines.js";
import type { Retention } from "../runs/retention.js";
import { startRun } from "../runs/startRun.js";
import type { Workspace } from "../workspaces.js";
import { scheduleTrigger, type TriggeredPipeline, triggeredPipelines } from "./definition.js";
import { type Occurrence, parametersFor } from "./parameters.js";
import { newTriggerRunId, type TriggerRuns } from "./triggerRuns.js";

/** Starts what a trigger starts. To be called in the transaction that keeps that it has fired. */
export type Fire = (workspace: Workspace, trigger: StoredArtifact, scheduled: Date) => void;

/** Firing as the service does it: one trigger run, and one run of each pipeline that can be started. */
export function createFiring(
  platform: Platform,
  {
    pipelines,
    engines,
    triggerRuns,
    retention,
  }: {
    readonly pipelines: Artifacts;
    readonly engines: Engines;
    readonly triggerRuns: TriggerRuns;
    readonly retention: Retention;
  },
): Fire {
  const { clock, ids } = platform;

  const start = (
    workspace: Workspace,
    wanted: TriggeredPipeline,
    occurrence: Occurrence,
    invokedBy: InvokedBy,
  ): PipelineRun => {
    const pipeline = pipelines.get(workspace.key, wanted.name);
    if (!pipeline) throw new AzureError(404, "PipelineNotFound", `The pipeline ${wanted.name} was not found.`);
    const parameters = parametersFor(wanted.parameters, occurrence, () => ids.uuid());
    return startRun(engines.of(workspace), { pipeline, parameters, runId: ids.uuid(), invokedBy });
  };

  return (workspace, trigger, scheduled) => {
    retention.apply();
    const occurrence = { scheduled, fired: clock.now() };
    const id = newTriggerRunId(occurrence.fired, ids);
    const invokedBy = { id, name: trigger.name, invokedByType: scheduleTrigger };
    const started: Record<string, string> = {};
    const refusals: string[] = [];
    for (const wanted of triggeredPipelines(trigger.properties)) {
      try {
        const run = start(workspace, wanted, occurrence, invokedBy);
        started[run.pipelineName] = run.runId;
      } catch (error) {
        if (!(error instanceof AzureError || error instanceof ExpressionError)) throw error;
        refusals.push(`${wanted.name}: ${messageOf(error)}`);
      }
    }
    triggerRuns.add(workspace.key, {
      id,
      triggerName: trigger.name,
      status: refusals.length > 0 ? "Failed" : "Succeeded",
      message: refusals.join(" "),
      ...occurrence,
      pipelineRuns: started,
    });
  };
}
