import type { Json, JsonObject } from "./json.js";

export type PipelineRunStatus = "Queued" | "InProgress" | "Succeeded" | "Failed" | "Canceling" | "Cancelled";

/** Who started a run. The last two are there when it was an Execute Pipeline activity of another run. */
export interface InvokedBy {
  readonly id: string;
  readonly name: string;
  /** `Manual`, `ScheduleTrigger`, `PipelineActivity` */
  readonly invokedByType: string;
  readonly pipelineName?: string;
  readonly pipelineRunId?: string;
}

/** A pipeline run on the wire (GET /pipelineruns/{runId}, queryPipelineRuns). Times are ISO 8601 with 7 digits. */
export interface PipelineRun {
  readonly id: string;
  readonly runId: string;
  readonly debugRunId: string | null;
  readonly runGroupId: string;
  readonly pipelineName: string;
  /** Values as text: arrays and objects as compact JSON. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly invokedBy: InvokedBy;
  readonly runStart: string | null;
  readonly runEnd: string | null;
  readonly durationInMs: number | null;
  readonly status: PipelineRunStatus;
  readonly message: string;
  readonly output: Json;
  readonly lastUpdated: string;
  readonly annotations: readonly Json[];
  readonly runDimension: JsonObject;
  readonly isLatest: boolean;
}

export type ActivityRunStatus = "Queued" | "InProgress" | "Succeeded" | "Failed" | "Cancelled" | "Skipped" | "Inactive";

/** Always present in an activity run; every text is empty when the activity did not fail. */
export interface ActivityRunError {
  readonly errorCode: string;
  readonly message: string;
  readonly failureType: string;
  readonly target: string;
  readonly details: Json;
}

/** An activity run on the wire (queryActivityruns). `retryAttempt` is null on the first try. */
export interface ActivityRun {
  readonly id: string;
  readonly activityRunId: string;
  readonly activityName: string;
  readonly activityType: string;
  readonly pipelineName: string;
  readonly pipelineRunId: string;
  readonly status: ActivityRunStatus;
  readonly activityRunStart: string;
  readonly activityRunEnd: string | null;
  readonly durationInMs: number | null;
  readonly input: Json;
  readonly output: Json;
  readonly error: ActivityRunError;
  readonly retryAttempt: number | null;
  /** The same for the activities of one iteration of a container; empty outside of containers. */
  readonly iterationHash: string;
  readonly linkedServiceName: string;
  readonly userProperties: JsonObject;
  readonly recoveryStatus: string;
  readonly integrationRuntimeNames: readonly string[] | null;
  readonly executionDetails: Json;
}

export const terminalPipelineRunStatuses: readonly PipelineRunStatus[] = ["Succeeded", "Failed", "Cancelled"];

export const terminalActivityRunStatuses: readonly ActivityRunStatus[] = [
  "Succeeded",
  "Failed",
  "Cancelled",
  "Skipped",
  "Inactive",
];

/** A moment as Azure's run records print it: seven fractional digits and `Z`. */
export function azureTimestamp(moment: Date): string {
  return moment.toISOString().replace(/Z$/, "0000Z");
}
