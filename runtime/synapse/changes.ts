import { type ExitCode, exitCodes } from "../../contract/errors.js";
import { isJsonObject } from "../../contract/json.js";
import { redact } from "../../contract/redaction.js";
import { deploymentsOf } from "../machineLearning/batchJobs.js";
import type { ActivityEvent, FinishedEvent, RunEvent } from "./events.js";
import { type Failure, readActivityFailure } from "./failure.js";
import type { ActivityRunRecord, PipelineRunRecord } from "./schemas.js";
import type { PipelineStructure } from "./structure.js";

/** Statuses that were reported, by the id of the run or activity run. */
export type SeenStatuses = Map<string, string>;

/** The event of a run whose status has changed since the last call; `time` (ISO 8601) is the moment of the poll. */
export function runChange(record: PipelineRunRecord, seen: SeenStatuses, time: string): RunEvent[] {
  if (seen.get(record.runId) === record.status) return [];
  seen.set(record.runId, record.status);
  return [
    {
      event: "run",
      time,
      runId: record.runId,
      pipeline: record.pipelineName,
      status: record.status,
      start: record.runStart ?? null,
      end: record.runEnd ?? null,
      durationMs: record.durationInMs ?? null,
    },
  ];
}

/** The events of the activity runs whose status has changed since the last call, in the order in which it happened. */
export function activityChanges(
  activities: readonly ActivityRunRecord[],
  structure: PipelineStructure,
  seen: SeenStatuses,
  runId: string,
  time: string,
): ActivityEvent[] {
  const depthOf = (activity: ActivityRunRecord) => structure.get(activity.activityName)?.containers.length ?? 0;
  const changed = activities
    .filter((activity) => seen.get(activity.activityRunId) !== activity.status)
    .sort((one, other) => inOrderOfTime(one, other, depthOf(one) - depthOf(other)));
  return changed.map((activity) => {
    seen.set(activity.activityRunId, activity.status);
    const place = structure.get(activity.activityName);
    const attempt = (activity.retryAttempt ?? 0) + 1;
    const failed = activity.status === "Failed";
    const handler = place !== undefined && attempt <= place.retries ? "retry" : place?.handler;
    return {
      event: "activity",
      time,
      runId,
      activityRunId: activity.activityRunId,
      activity: activity.activityName,
      type: activity.activityType,
      status: activity.status,
      attempt,
      containers: [...(place?.containers ?? [])],
      iteration: activity.iterationHash || null,
      start: activity.activityRunStart ?? null,
      end: activity.activityRunEnd ?? null,
      durationMs: activity.durationInMs ?? null,
      handledBy: failed ? (handler ?? null) : null,
      childRunId: childRunOf(activity),
      value: statusWordOf(activity),
      error: failed ? errorOf(activity, structure) : null,
    };
  });
}

/** The run that an Execute Pipeline activity has started, as soon as its output names it. */
export function childRunOf({ activityType, output }: ActivityRunRecord): string | null {
  if (activityType !== "ExecutePipeline" || !isJsonObject(output)) return null;
  return typeof output.pipelineRunId === "string" ? output.pipelineRunId : null;
}

/**
 * What a Set Variable activity has set, if that is one capitalised word: the state of the job that a pipeline waits for.
 * Other values are not shown, because a pipeline may carry secrets in its variables.
 */
function statusWordOf({ activityType, output }: ActivityRunRecord): string | null {
  if (activityType !== "SetVariable" || typeof output !== "object" || output === null) return null;
  const value = "value" in output ? output.value : null;
  return typeof value === "string" && /^[A-Z][A-Za-z]{3,19}$/.test(value) ? value : null;
}

/** A container begins before what is inside it and ends after it, also where the times are the same. */
function inOrderOfTime(one: ActivityRunRecord, other: ActivityRunRecord, deeper: number): number {
  const [oneMoment, otherMoment] = [one, other].map((run) => run.activityRunEnd ?? run.activityRunStart ?? "");
  if (oneMoment !== otherMoment) return String(oneMoment) < String(otherMoment) ? -1 : 1;
  return one.activityRunEnd && other.activityRunEnd ? -deeper : deeper;
}

function errorOf(activity: ActivityRunRecord, structure: PipelineStructure): ActivityEvent["error"] {
  const { status, sentence } = readActivityFailure(activity, structure);
  const { errorCode, message } = activity.error;
  return { code: errorCode, message: redact(message), httpStatus: status ?? null, sentence };
}

const exitCodeOf: Readonly<Record<string, ExitCode>> = {
  Succeeded: exitCodes.succeeded,
  Cancelled: exitCodes.cancelled,
};

/** The last event of a run, with the cause of a failure; `activities` are those of this run. */
export function finished(
  record: PipelineRunRecord,
  activities: readonly ActivityRunRecord[],
  failure: Failure | undefined,
  time: string,
): FinishedEvent {
  return {
    event: "finished",
    time,
    runId: record.runId,
    status: record.status,
    durationMs: record.durationInMs ?? null,
    exitCode: exitCodeOf[record.status] ?? exitCodes.failed,
    scoredBy: deploymentsOf(activities).map(({ endpoint, deployment }) => ({ endpoint, deployment })),
    cause: failure?.cause ?? null,
    cure: failure?.cure ?? null,
    request: failure?.request ?? null,
    answer: failure?.answer ?? null,
  };
}
