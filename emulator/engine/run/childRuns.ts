import { ActivityFailure } from "../activities/activityFailure.js";
import type { ChildRuns } from "../activities/activityType.js";
import type { Engine } from "../engine.js";
import { ParameterError, PlanError, QueueFullError } from "../errors.js";
import { toJson } from "../expressions/values.js";
import { childRunFailedCode } from "../inferred.js";
import type { EnginePorts } from "../ports.js";
import { History } from "./history.js";
import type { RunFacts } from "./records.js";

/** The runs that one activity of a run starts. */
export function childRuns(engine: Engine, ports: EnginePorts, parent: RunFacts, activityRunId: string): ChildRuns {
  return {
    start({ runId, pipelineName, parameters }) {
      // before the process was killed it may have been started already
      if (ports.journal.states(runId).length > 0) return;
      const definition = ports.artifacts.pipeline(pipelineName);
      if (!definition) {
        throw new ActivityFailure(childRunFailedCode, `The pipeline '${pipelineName}' was not found in the workspace.`);
      }
      const given = Object.fromEntries([...parameters].map(([name, value]) => [name, toJson(value)]));
      const invokedBy = {
        id: activityRunId,
        name: parent.pipelineName,
        invokedByType: "PipelineActivity",
        pipelineName: parent.pipelineName,
        pipelineRunId: parent.runId,
      };
      try {
        engine.start({ runId, pipelineName, definition, parameters: given, invokedBy });
      } catch (error) {
        const refused =
          error instanceof PlanError || error instanceof ParameterError || error instanceof QueueFullError;
        throw refused ? new ActivityFailure(childRunFailedCode, error.message, { cause: error }) : error;
      }
    },
    async finished(runId) {
      const run = await engine.finished(runId);
      return { run, returnValue: new History(ports.journal, runId).returnValue };
    },
  };
}
