import type {
  ActivityEvent,
  FinishedEvent,
  RunEvent,
  StartedEvent,
  WatchLine,
} from "../../../runtime/synapse/events.js";

const time = "2024-05-01T08:00:00.000Z";
const runId = "0f1e2d3c-0000-4000-8000-000000000001";

export const started: StartedEvent = {
  event: "started",
  time,
  runId,
  pipeline: "batch-scoring",
  workspace: "ws1",
  correlationId: "c1",
  found: false,
};

export function runIs(status: string): RunEvent {
  return { event: "run", time, runId, pipeline: "batch-scoring", status, start: time, end: null, durationMs: null };
}

export function activityIs(activity: string, status: string, more: Partial<ActivityEvent> = {}): ActivityEvent {
  const ended = status !== "InProgress" && status !== "Queued";
  return {
    event: "activity",
    time,
    runId,
    activityRunId: `${activity}-${more.iteration ?? ""}-${more.attempt ?? 1}`,
    activity,
    type: "WebActivity",
    status,
    attempt: 1,
    containers: [],
    iteration: null,
    start: time,
    end: ended ? time : null,
    durationMs: ended ? 2_200 : null,
    handledBy: null,
    value: null,
    error: null,
    ...more,
  };
}

export function finishedAs(status: string, more: Partial<FinishedEvent> = {}): FinishedEvent {
  return { event: "finished", time, runId, status, durationMs: 75_000, exitCode: 0, cause: null, cure: null, ...more };
}

const inside = { containers: ["wait_for_job"] };
/** An error as an activity event carries it. */
export function errorSaying(sentence: string, httpStatus: number | null = null): NonNullable<ActivityEvent["error"]> {
  return { code: "2108", message: sentence, httpStatus, sentence };
}

/** A run with a handled failure, a retry, a loop of two rounds and names beyond ASCII. */
export const eventfulRun: readonly WatchLine[] = [
  started,
  runIs("InProgress"),
  activityIs("get_client_id", "InProgress"),
  activityIs("get_client_id", "Succeeded", { durationMs: 431 }),
  activityIs("register_dataset", "Failed", { handledBy: "データ起動", error: errorSaying("gone", 404) }),
  activityIs("データ起動", "Failed", { handledBy: "retry", error: errorSaying("busy") }),
  activityIs("データ起動", "Succeeded", { attempt: 2 }),
  activityIs("wait_for_job", "InProgress"),
  activityIs("get_status", "InProgress", { ...inside, iteration: "a1" }),
  activityIs("get_status", "Succeeded", { ...inside, iteration: "a1" }),
  activityIs("pause", "Succeeded", { ...inside, iteration: "a1", durationMs: 30_000 }),
  activityIs("get_status", "Succeeded", { ...inside, iteration: "b2" }),
  activityIs("pause", "InProgress", { ...inside, iteration: "b2" }),
];
