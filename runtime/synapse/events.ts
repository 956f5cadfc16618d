import * as z from "zod";

const time = z.iso.datetime().describe("when the command learnt of it, UTC; the lines of one poll have the same");
const runId = z.string().describe("the run's id");
const moment = z.string().nullable();
const durationMs = z.number().nullable();

/** A run was started, or found by the correlation id of an earlier call. */
const startedEvent = z.object({
  event: z.literal("started"),
  time,
  runId,
  pipeline: z.string(),
  workspace: z.string(),
  correlationId: z.string().nullable(),
  found: z.boolean(),
});

/** The run's status has changed. Statuses are Synapse's; start and end are the service's times. */
const runEvent = z.object({
  event: z.literal("run"),
  time,
  runId,
  pipeline: z.string(),
  status: z.string(),
  start: moment,
  end: moment,
  durationMs,
});

/** An activity run has changed. `attempt` counts from 1; `containers` goes from the outermost to the innermost. */
const activityEvent = z.object({
  event: z.literal("activity"),
  time,
  runId,
  activityRunId: z.string(),
  activity: z.string(),
  type: z.string(),
  status: z.string(),
  attempt: z.number().int(),
  containers: z.array(z.string()),
  iteration: z.string().nullable(),
  start: moment,
  end: moment,
  durationMs,
  handledBy: z.string().nullable(),
  childRunId: z.string().nullable().describe("the run that an Execute Pipeline activity has started"),
  value: z.string().nullable().describe("the status word that a Set Variable activity has set"),
  error: z
    .object({ code: z.string(), message: z.string(), httpStatus: z.number().nullable(), sentence: z.string() })
    .nullable(),
});

/** Something about the watching itself, such as a poll that failed and is repeated. */
const noticeEvent = z.object({ event: z.literal("notice"), time, runId, message: z.string() });

/** The run has ended: always the last line of a run that was watched to its end. */
const finishedEvent = z.object({
  event: z.literal("finished"),
  time,
  runId,
  status: z.string(),
  durationMs,
  exitCode: z.number().int(),
  scoredBy: z
    .array(z.object({ endpoint: z.string(), deployment: z.string() }))
    .describe("the deployments of batch endpoints that have answered its activities"),
  cause: z.string().nullable(),
  cure: z.string().nullable(),
  request: z.string().nullable().describe("with --verbose: what the failed activity sent, masked"),
  answer: z.string().nullable().describe("with --verbose: what it was answered, masked"),
});

/** The command ends while the run goes on. */
const detachedEvent = z.object({
  event: z.literal("detached"),
  time,
  runId,
  reason: z.enum(["requested", "interrupted", "timeout"]),
  next: z.string(),
});

/** One line of `--json`, of the commands that start or watch a run; docs/json-output.md describes it. */
export const watchLine = z.discriminatedUnion("event", [
  startedEvent,
  runEvent,
  activityEvent,
  noticeEvent,
  finishedEvent,
  detachedEvent,
]);

export type StartedEvent = z.infer<typeof startedEvent>;
export type RunEvent = z.infer<typeof runEvent>;
export type ActivityEvent = z.infer<typeof activityEvent>;
export type NoticeEvent = z.infer<typeof noticeEvent>;
export type FinishedEvent = z.infer<typeof finishedEvent>;
export type DetachedEvent = z.infer<typeof detachedEvent>;
/** What a watch yields. */
export type WatchEvent = RunEvent | ActivityEvent | NoticeEvent | FinishedEvent;
export type WatchLine = WatchEvent | StartedEvent | DetachedEvent;
