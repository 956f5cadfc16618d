import type { Clock } from "../../contract/clock.js";
import { terminalActivityRunStatuses, terminalPipelineRunStatuses } from "../../contract/runs.js";
import { HttpError, UnreachableError } from "../http/errors.js";
import { activityChanges, finished, runChange } from "./changes.js";
import { type RunOfPipeline, type SynapseClient, UnexpectedAnswerError } from "./client.js";
import type { CureContext } from "./cures.js";
import type { NoticeEvent, WatchEvent } from "./events.js";
import { Outage } from "./outage.js";
import type { PipelineRunRecord } from "./schemas.js";
import { type PipelineStructure, readStructure } from "./structure.js";

export interface WatchOptions {
  readonly run: RunOfPipeline;
  readonly synapse: SynapseClient;
  readonly clock: Clock;
  readonly stack: CureContext;
  readonly signal: AbortSignal;
}

const shortestPauseMs = 300;
const longestPauseMs = 10_000;
const pauseGrowth = 1.5;
/** A new run is not in the service's index at once. */
const newRunGraceMs = 30_000;
/** How long polls may fail before the watch gives up. */
const patienceMs = 5 * 60_000;
/** Activity records may trail the run's end by some seconds. */
const trailingPolls = 3;
const dayMs = 24 * 3_600_000;

/**
 * The changes of a run and its activities until it ends, by polling: often while things change, less often while they do
 * not. Ends with a `finished` event; rejects with the signal's reason, or with the service's refusal.
 */
export async function* watchRun(options: WatchOptions): AsyncGenerator<WatchEvent, void> {
  const { run, synapse, clock, signal } = options;
  const structure = await fetchStructure(options);
  const seen = new Map<string, string>();
  const startedAt = clock.now().getTime();
  let lastAnswerAt: number | undefined;
  let pause = shortestPauseMs;
  const outage = new Outage();
  const notice = (message: string | undefined, now: Date): NoticeEvent[] =>
    message === undefined ? [] : [{ event: "notice", time: now.toISOString(), runId: run.runId, message }];
  for (let trailing = 0; ; ) {
    try {
      const record = await synapse.getRun(run.runId, signal);
      const activities = await synapse.queryActivityRuns(run, windowOf(record, clock), signal);
      const now = clock.now();
      const time = now.toISOString();
      lastAnswerAt = now.getTime();
      yield* notice(outage.ended(), now);
      const ended = terminalPipelineRunStatuses.includes(record.status);
      const ofActivities = activityChanges(activities, structure, seen, run.runId, time);
      const ofRun = runChange(record, seen, time);
      const changes = ended ? [...ofActivities, ...ofRun] : [...ofRun, ...ofActivities];
      yield* changes;
      if (ended) {
        const open = activities.some((activity) => !terminalActivityRunStatuses.includes(activity.status));
        if (!open || ++trailing > trailingPolls) {
          yield finished(record, activities, structure, options.stack, time);
          return;
        }
      }
      pause = changes.length > 0 ? shortestPauseMs : Math.min(longestPauseMs, pause * pauseGrowth);
    } catch (thrown) {
      const now = clock.now();
      const nowMs = now.getTime();
      if (signal.aborted || !isPassing(thrown, lastAnswerAt === undefined && nowMs - startedAt < newRunGraceMs))
        throw thrown;
      if (nowMs - (lastAnswerAt ?? startedAt) > patienceMs) throw thrown;
      const isUnindexed = thrown instanceof HttpError && thrown.status === 404;
      if (!isUnindexed) yield* notice(outage.failed(thrown, nowMs), now);
      pause = Math.min(longestPauseMs, pause * pauseGrowth);
    }
    await clock.sleep(pause, signal);
  }
}

/** Without the right to read artifacts the watch goes on, with every activity on the top level. */
async function fetchStructure({ run, synapse, signal }: WatchOptions): Promise<PipelineStructure> {
  try {
    return readStructure((await synapse.getPipeline(run.pipelineName, signal)).properties.activities);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return new Map();
  }
}

function isPassing(thrown: unknown, isNew: boolean): boolean {
  if (thrown instanceof HttpError) {
    return thrown.status === 429 || thrown.status === 408 || thrown.status >= 500 || (isNew && thrown.status === 404);
  }
  return thrown instanceof UnreachableError || thrown instanceof UnexpectedAnswerError;
}

function windowOf(record: PipelineRunRecord, clock: Clock) {
  const now = clock.now().getTime();
  const start = record.runStart ? Date.parse(record.runStart) : now;
  return {
    lastUpdatedAfter: new Date(Math.min(now, start) - dayMs).toISOString(),
    lastUpdatedBefore: new Date(now + dayMs).toISOString(),
  };
}
