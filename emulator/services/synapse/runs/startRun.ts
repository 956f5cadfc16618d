import type { JsonObject } from "../../../../contract/json.js";
import type { PipelineRun } from "../../../../contract/runs.js";
import type { Engine } from "../../../engine/engine.js";
import { ParameterError, PlanError } from "../../../engine/errors.js";
import { badRequest } from "../errors.js";
import type { StoredPipeline } from "../pipelines/pipelines.js";

/** Starts a run; what the engine refuses becomes the 400 that Data Factory is known to answer. */
export function startRun(
  engine: Engine,
  start: {
    readonly pipeline: StoredPipeline;
    readonly parameters: JsonObject;
    readonly runId: string;
    /** 32 hexadecimal digits that name this start in `invokedBy`. */
    readonly invocationId: string;
  },
): PipelineRun {
  try {
    return engine.start({
      pipelineName: start.pipeline.name,
      definition: start.pipeline.properties,
      parameters: start.parameters,
      invokedBy: { id: start.invocationId, name: "Manual", invokedByType: "Manual" },
      runId: start.runId,
    });
  } catch (error) {
    if (!(error instanceof ParameterError || error instanceof PlanError)) throw error;
    throw badRequest(`ErrorCode=InvalidTemplate, ErrorMessage=${error.message}`, {
      target: `pipeline/${start.pipeline.name}/runid/${start.runId}`,
      details: null,
    });
  }
}
