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
  const start = more.start === undefined ? time : more.start;
  const durationMs = more.durationMs ?? 2_200;
  const end = start === null ? time : new Date(Date.parse(start) + durationMs).toISOString();
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
    start,
    end: ended ? end : null,
    durationMs: ended ? durationMs : null,
    handledBy: null,
    value: null,
    childRunId: null,
    error: null,
    ...more,
  };
}

export function finishedAs(status: string, more: Partial<FinishedEvent> = {}): FinishedEvent {
  return {
    event: "finished",
    time,
    runId,
    status,
    durationMs: 75_000,
    exitCode: 0,
    scoredBy: [],
    cause: null,
    cure: null,
    request: null,
    answer: null,
    ...more,
  };
}

const inside = { containers: ["wait_for_job"] };
/** An error as an activity event carries it. */
export function errorSaying(sentence: string, httpStatus: number | null = null): NonNullable<ActivityEvent["error"]> {
  return { code: "2108", message: sentence, httpStatus, sentence };
}

/** The moment so many seconds after the run's begin. */
export function at(seconds: number): string {
  return new Date(Date.parse(time) + seconds * 1000).toISOString();
}

/** A run with a handled failure, a retry, a loop of two rounds and names beyond ASCII. */
export const eventfulRun: readonly WatchLine[] = [
  started,
  runIs("InProgress"),
  activityIs("get_client_id", "InProgress"),
  activityIs("get_client_id", "Succeeded", { durationMs: 431 }),
  activityIs("register_dataset", "Failed", {
    start: at(0.5),
    handledBy: "データ起動",
    error: errorSaying("gone", 404),
  }),
  activityIs("データ起動", "Failed", { start: at(2.7), handledBy: "retry", error: errorSaying("busy") }),
  activityIs("データ起動", "Succeeded", { start: at(6), durationMs: 1_000, attempt: 2 }),
  activityIs("wait_for_job", "InProgress", { start: at(7) }),
  activityIs("get_status", "InProgress", { ...inside, start: at(7), iteration: "a1" }),
  activityIs("get_status", "Succeeded", { ...inside, start: at(7), durationMs: 300, iteration: "a1" }),
  activityIs("pause", "Succeeded", { ...inside, start: at(7.3), iteration: "a1", durationMs: 30_000 }),
  activityIs("get_status", "Succeeded", { ...inside, start: at(37.3), durationMs: 300, iteration: "b2" }),
  activityIs("pause", "InProgress", { ...inside, start: at(37.6), iteration: "b2" }),
];

/** A loop over three items: one is done, one has failed, one goes on; beside it a child pipeline and what was skipped. */
export function loopOverItems(runId: string): readonly WatchLine[] {
  const each = { containers: ["each_file"] };
  const copy = (item: string, status: string, more: Partial<ActivityEvent> = {}) =>
    activityIs("copy", status, { ...each, iteration: item, ...more });
  const check = (item: string, status: string, more: Partial<ActivityEvent> = {}) =>
    activityIs("check", status, { ...each, iteration: item, ...more });
  const lines: readonly WatchLine[] = [
    started,
    runIs("InProgress"),
    activityIs("each_file", "InProgress", { type: "ForEach" }),
    copy("h1", "Succeeded", { start: at(1) }),
    check("h1", "Succeeded", { start: at(3.2) }),
    copy("h2", "Succeeded", { start: at(1) }),
    check("h2", "Failed", { start: at(3.2), error: errorSaying("no such column", 400) }),
    copy("h3", "InProgress", { start: at(4) }),
    activityIs("score", "InProgress", { type: "ExecutePipeline", childRunId: "77c0ffee", start: at(2) }),
    activityIs("clean_up", "Skipped", { start: null, durationMs: 0 }),
  ];
  return lines.map((line) => ({ ...line, runId }));
}
