import { createHash } from "node:crypto";
import type { Json, JsonObject } from "../../../contract/json.js";
import {
  type ActivityRun,
  type ActivityRunError,
  type ActivityRunStatus,
  azureTimestamp,
  type PipelineRun,
  type PipelineRunStatus,
} from "../../../contract/runs.js";
import type { PlannedActivity } from "../plan/planned.js";
import type { EnginePorts } from "../ports.js";
import type { Attempt } from "./states.js";

const noError = (target: string): ActivityRunError => ({
  errorCode: "",
  message: "",
  failureType: "",
  target,
  details: "",
});

/** The run's id in the workspace: the service writes the workspace's part in capitals. */
const runPath = (workspace: EnginePorts["workspace"], runId: string) =>
  `${workspace.id.toUpperCase()}/pipelineruns/${runId}`;

export interface RunFacts {
  readonly runId: string;
  /** The first run of those that repeat one another. */
  readonly runGroupId: string;
  readonly pipelineName: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly invokedBy: PipelineRun["invokedBy"];
  readonly annotations: readonly Json[];
  readonly runDimension: JsonObject;
  readonly start: Date;
}

/** A pipeline run as the service lists it; `end` for one that has ended. */
export function pipelineRecord(
  workspace: EnginePorts["workspace"],
  facts: RunFacts,
  state: { readonly status: PipelineRunStatus; readonly message: string; readonly now: Date; readonly end?: Date },
): PipelineRun {
  return {
    id: runPath(workspace, facts.runId),
    runId: facts.runId,
    debugRunId: null,
    runGroupId: facts.runGroupId,
    pipelineName: facts.pipelineName,
    parameters: facts.parameters,
    invokedBy: facts.invokedBy,
    runStart: azureTimestamp(facts.start),
    runEnd: state.end ? azureTimestamp(state.end) : null,
    durationInMs: state.end ? state.end.getTime() - facts.start.getTime() : null,
    status: state.status,
    message: state.message,
    output: null,
    lastUpdated: azureTimestamp(state.now),
    annotations: facts.annotations,
    runDimension: facts.runDimension,
    isLatest: true,
  };
}

/** An activity run as the service lists it; input and output are already masked. */
export function activityRecord(
  workspace: EnginePorts["workspace"],
  facts: RunFacts,
  activity: PlannedActivity,
  attempt: Attempt,
  state: {
    readonly status: ActivityRunStatus;
    readonly end?: Date;
    readonly input: Json;
    readonly output: Json;
    readonly error: ActivityRunError | null;
    readonly userProperties: JsonObject;
    readonly iterationHash: string;
  },
): ActivityRun {
  const { name, type } = activity.definition;
  const external = activity.type?.policy === "full";
  return {
    id: `${runPath(workspace, facts.runId)}/activityruns/${attempt.activityRunId}`,
    activityRunId: attempt.activityRunId,
    activityName: name,
    activityType: type,
    pipelineName: facts.pipelineName,
    pipelineRunId: facts.runId,
    status: state.status,
    activityRunStart: azureTimestamp(attempt.start),
    activityRunEnd: state.end ? azureTimestamp(state.end) : null,
    durationInMs: state.end ? state.end.getTime() - attempt.start.getTime() : null,
    input: state.input,
    output: state.output,
    error: state.error ?? noError(name),
    retryAttempt: attempt.number === 0 ? null : attempt.number,
    iterationHash: state.iterationHash,
    linkedServiceName: "",
    userProperties: state.userProperties,
    recoveryStatus: "None",
    integrationRuntimeNames: external ? ["defaultintegrationruntime"] : null,
    executionDetails: external
      ? {
          integrationRuntime: [
            { type: "Managed", name: "AutoResolveIntegrationRuntime", location: workspace.location, nodes: null },
          ],
        }
      : null,
  };
}

/** The same for all activities of one round of a loop; 32 hexadecimal digits. */
export function iterationHash(runId: string, place: string, iteration: number): string {
  return createHash("sha256").update(`${runId}/${place}#${iteration}`).digest("hex").slice(0, 32);
}
