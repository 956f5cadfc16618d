import type { Clock } from "../../contract/clock.js";
import { HttpError, UnreachableError } from "../http/errors.js";
import { finished } from "./changes.js";
import { type RunOfPipeline, type SynapseClient, UnexpectedAnswerError } from "./client.js";
import type { CureContext } from "./cures.js";
import type { NoticeEvent, WatchEvent } from "./events.js";
import { explainRun } from "./explainRun.js";
import { inLanes } from "./inLanes.js";
import { Outage } from "./outage.js";
import { Pace } from "./pace.js";
import { RunWatch, windowRound } from "./runWatch.js";
import type { PipelineRunRecord } from "./schemas.js";
import { type PipelineStructure, readStructure } from "./structure.js";

export interface WatchOptions {
  readonly runs: readonly RunOfPipeline[];
  readonly synapse: SynapseClient;
  readonly clock: Clock;
  readonly place: CureContext;
  readonly signal: AbortSignal;
}

/** A new run is not in the service's index at once. */
const newRunGraceMs = 30_000;
/** How long polls may fail before the watch gives up. */
const patienceMs = 15 * 60_000;
/** Requests at a time, where many runs are watched. */
const lanes = 16;

/**
 * The changes of runs and of their activities until all have ended, by polling: one query shows the state of all runs.
 * Each run ends with a `finished` event; rejects with the signal's reason, or with the service's refusal.
 */
export async function* watchRuns(options: WatchOptions): AsyncGenerator<WatchEvent, void> {
  const { runs, clock, signal } = options;
  const { watches, requests: definitions } = await openWatches(options);
  const pace = new Pace();
  let requestsBefore = definitions / runs.length;
  const outage = new Outage();
  let lastAnswerMs: number | undefined;
  for (;;) {
    const open = watches.filter((watch) => !watch.isOver);
    const first = open[0];
    if (first === undefined) return;
    const notice = (message: string | undefined): NoticeEvent[] =>
      message === undefined
        ? []
        : [{ event: "notice", time: clock.now().toISOString(), runId: first.run.runId, message }];
    let pauseMs: number;
    const begun = clock.now().getTime();
    try {
      const { events, now, requests } = await poll(open, options);
      lastAnswerMs = pace.passedMs;
      yield* notice(outage.ended());
      yield* events;
      for (const watch of open.filter(({ isOver }) => isOver)) yield await ending(watch, now, options);
      const waits = watches.filter((watch) => !watch.isOver).map((watch) => watch.waitLeftMs(now.getTime()));
      const known = waits.filter((wait) => wait !== undefined);
      const waitLeftMs = known.length > 0 && known.length === waits.length ? Math.min(...known) : undefined;
      if (waits.length === 0) return;
      const tookMs = clock.now().getTime() - begun;
      pauseMs = pace.afterPoll({ changed: events.length > 0, waitLeftMs, requests: requestsBefore + requests, tookMs });
      requestsBefore = 0;
    } catch (thrown) {
      const isNew = lastAnswerMs === undefined && pace.passedMs < newRunGraceMs && runs.length === 1;
      if (signal.aborted || !isPassing(thrown, isNew)) throw thrown;
      if (pace.passedMs - (lastAnswerMs ?? 0) > patienceMs) throw thrown;
      const isUnindexed = thrown instanceof HttpError && thrown.status === 404;
      if (!isUnindexed) yield* notice(outage.failed(thrown, pace.passedMs));
      pauseMs = pace.afterFailure(thrown instanceof HttpError ? thrown.retryAfterMs : undefined);
    }
    await clock.sleep(pauseMs, signal);
  }
}

/** One look at all runs that are still open; `requests` is how many it took for each run, on average. */
async function poll(open: readonly RunWatch[], { synapse, clock, signal }: WatchOptions) {
  const records = await readRecords(open, synapse, clock, signal);
  const due = open.flatMap((watch) => {
    const record = records.get(watch.run.runId);
    return record === undefined ? [] : [{ watch, record }];
  });
  const asked = await inLanes(due, lanes, async ({ watch, record }) => {
    if (!watch.needsActivities(record, clock.now().getTime())) return undefined;
    const window = windowRound([record], clock.now().getTime());
    return synapse.queryActivityRuns({ ...watch.run, pipelineName: record.pipelineName }, window, signal);
  });
  const now = clock.now();
  const events: WatchEvent[] = due.flatMap(({ watch, record }, index) => watch.take(record, asked[index], now));
  const requests = (1 + asked.filter((records) => records !== undefined).length) / open.length;
  return { events, now, requests };
}

/** The records by run id; the query goes by the group, because a query cannot name single runs. */
async function readRecords(open: readonly RunWatch[], synapse: SynapseClient, clock: Clock, signal: AbortSignal) {
  const [only] = open;
  if (open.length === 1 && only !== undefined) {
    return new Map([[only.run.runId, await synapse.getRun(only.run.runId, signal)]]);
  }
  const known = open.flatMap(({ record }) => (record === undefined ? [] : [record]));
  const groups = open.map(({ run }) => run.runGroupId ?? run.runId);
  const filter = { operand: "RunGroupId", operator: "In", values: [...new Set(groups)] } as const;
  const window = windowRound(
    [...known, ...open.flatMap(({ run }) => (isRecord(run) ? [run] : []))],
    clock.now().getTime(),
  );
  const found = await synapse.queryPipelineRuns(window, [filter], signal);
  return new Map(found.map((record) => [record.runId, record]));
}

/** A run that was read before it is watched brings its times along. */
function isRecord(run: RunOfPipeline): run is PipelineRunRecord {
  return "runStart" in run;
}

async function openWatches({ runs, synapse, signal }: WatchOptions) {
  const names = [...new Set(runs.map(({ pipelineName }) => pipelineName))];
  const structures = await inLanes(names, lanes, (name) => fetchStructure(name, synapse, signal));
  const watches = runs.map((run) => new RunWatch(run, structures[names.indexOf(run.pipelineName)] ?? new Map()));
  return { watches, requests: names.length };
}

/** Without the right to read artifacts the watch goes on, with every activity on the top level. */
async function fetchStructure(name: string, synapse: SynapseClient, signal: AbortSignal): Promise<PipelineStructure> {
  try {
    return readStructure((await synapse.getPipeline(name, signal)).properties.activities);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return new Map();
  }
}

async function ending(
  { record, activities, structure, run }: RunWatch,
  now: Date,
  options: WatchOptions,
): Promise<WatchEvent> {
  const ended = record ?? (await options.synapse.getRun(run.runId, options.signal));
  const failure = ended.status === "Failed" ? await explainRun(ended, activities, structure, options) : undefined;
  return finished(ended, activities, failure, now.toISOString());
}

function isPassing(thrown: unknown, isNew: boolean): boolean {
  if (thrown instanceof HttpError) {
    return thrown.status === 429 || thrown.status === 408 || thrown.status >= 500 || (isNew && thrown.status === 404);
  }
  return thrown instanceof UnreachableError || thrown instanceof UnexpectedAnswerError;
}
