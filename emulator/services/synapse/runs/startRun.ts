import type { JsonObject } from "../../../../contract/json.js";
import type { InvokedBy, PipelineRun } from "../../../../contract/runs.js";
import type { Engine, Rerun } from "../../../engine/engine.js";
import { ParameterError, PlanError, QueueFullError, RerunError } from "../../../engine/errors.js";
import type { StoredArtifact } from "../artifacts/artifacts.js";
import { badRequest, badRerun, tooManyRuns } from "../errors.js";

/** Starts a run; what the engine refuses becomes the 400 that Data Factory is known to answer. */
export function startRun(
  engine: Engine,
  start: {
    readonly pipeline: StoredArtifact;
    readonly parameters: JsonObject;
    readonly runId: string;
    readonly invokedBy: InvokedBy;
    readonly rerun?: Rerun | undefined;
  },
): PipelineRun {
  try {
    return engine.start({
      pipelineName: start.pipeline.name,
      definition: start.pipeline.properties,
      parameters: start.parameters,
      invokedBy: start.invokedBy,
      runId: start.runId,
      ...(start.rerun && { rerun: start.rerun }),
    });
  } catch (error) {
    if (error instanceof QueueFullError) throw tooManyRuns(error.message);
    if (error instanceof RerunError) throw badRerun(error.message, start.pipeline.name);
    if (!(error instanceof ParameterError || error instanceof PlanError)) throw error;
    throw badRequest(`ErrorCode=InvalidTemplate, ErrorMessage=${error.message}`, {
      target: `pipeline/${start.pipeline.name}/runid/${start.runId}`,
      details: null,
    });
  }
}
