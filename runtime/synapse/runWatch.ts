import { isJsonObject } from "../../contract/json.js";
import { terminalActivityRunStatuses, terminalPipelineRunStatuses } from "../../contract/runs.js";
import { activityChanges, runChange, type SeenStatuses } from "./changes.js";
import type { RunOfPipeline, Window } from "./client.js";
import type { ActivityEvent, RunEvent } from "./events.js";
import type { ActivityRunRecord, PipelineRunRecord } from "./schemas.js";
import type { PipelineStructure } from "./structure.js";

const dayMs = 24 * 3_600_000;
/** Activity records may trail the run's end by some seconds. */
const trailingPolls = 3;

/** What is known of one watched run. */
export class RunWatch {
  readonly run: RunOfPipeline;
  readonly structure: PipelineStructure;
  record: PipelineRunRecord | undefined;
  activities: readonly ActivityRunRecord[] = [];
  /** Whether the run and all its activities have ended. */
  isOver = false;
  readonly #seen: SeenStatuses = new Map();
  readonly #waitsSince = new Map<string, number>();
  #polls = 0;
  #trailing = 0;
  #waitEndsAtMs: number | undefined;

  constructor(run: RunOfPipeline, structure: PipelineStructure) {
    this.run = run;
    this.structure = structure;
  }

  /** Whether the activities are to be asked for: at every third poll, when the run has changed, and after a Wait. */
  needsActivities(record: PipelineRunRecord, now: number): boolean {
    this.#polls += 1;
    if (record.status !== this.record?.status || terminalPipelineRunStatuses.includes(record.status)) return true;
    if (this.#waitEndsAtMs !== undefined) return now >= this.#waitEndsAtMs || this.#polls % 4 === 0;
    return this.#polls % 3 === 1;
  }

  /** Takes what a poll has shown and tells what is new; a run that has begun comes before its activities, its end after them. */
  take(record: PipelineRunRecord, activities: readonly ActivityRunRecord[] | undefined, now: Date) {
    const time = now.toISOString();
    this.record = record;
    const ofActivities: ActivityEvent[] =
      activities === undefined ? [] : activityChanges(activities, this.structure, this.#seen, record.runId, time);
    const ofRun: RunEvent[] = runChange(record, this.#seen, time);
    if (activities !== undefined) this.#read(activities, now.getTime());
    const hasEnded = terminalPipelineRunStatuses.includes(record.status);
    if (hasEnded && activities !== undefined) {
      this.isOver = !activities.some(isOpen) || ++this.#trailing > trailingPolls;
    }
    return hasEnded ? [...ofActivities, ...ofRun] : [...ofRun, ...ofActivities];
  }

  /** What is left of the shortest Wait, in milliseconds, while nothing but Waits goes on; undefined otherwise. */
  waitLeftMs(now: number): number | undefined {
    return this.#waitEndsAtMs === undefined ? undefined : Math.max(0, this.#waitEndsAtMs - now);
  }

  #read(activities: readonly ActivityRunRecord[], now: number): void {
    this.activities = activities;
    const containers = new Set([...this.structure.values()].flatMap((place) => place.containers));
    const working = activities.filter((activity) => isOpen(activity) && !containers.has(activity.activityName));
    const ends = working.map((activity) => {
      const seconds = this.structure.get(activity.activityName)?.waitSeconds ?? computedWaitOf(activity);
      if (seconds === undefined) return undefined;
      const since = this.#waitsSince.get(activity.activityRunId) ?? startOf(activity, now);
      this.#waitsSince.set(activity.activityRunId, since);
      return since + seconds * 1000;
    });
    const known = ends.filter((end) => end !== undefined);
    this.#waitEndsAtMs = known.length > 0 && known.length === ends.length ? Math.min(...known) : undefined;
  }
}

/** The record of a Wait has the seconds that its expression has come to. */
function computedWaitOf({ activityType, input }: ActivityRunRecord): number | undefined {
  const seconds = activityType === "Wait" && isJsonObject(input) ? Number(input.waitTimeInSeconds) : Number.NaN;
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** By the service's clock, or the moment when it was first seen where that clock is ahead. */
function startOf({ activityRunStart }: ActivityRunRecord, now: number): number {
  const start = activityRunStart ? Date.parse(activityRunStart) : Number.NaN;
  return Number.isNaN(start) ? now : Math.min(start, now);
}

function isOpen({ status }: ActivityRunRecord): boolean {
  return !terminalActivityRunStatuses.includes(status);
}

/** A window of last updates that holds all of these runs; the clock here may be wrong, so it goes by the service's own times, too. */
export function windowRound(records: readonly PipelineRunRecord[], now: number): Window {
  const moments = records
    .flatMap(({ runStart, lastUpdated }) => [runStart, lastUpdated])
    .flatMap((text) => (text ? [Date.parse(text)] : []))
    .filter((moment) => !Number.isNaN(moment));
  return {
    lastUpdatedAfter: new Date(Math.min(now, ...moments) - dayMs).toISOString(),
    lastUpdatedBefore: new Date(Math.max(now, ...moments) + dayMs).toISOString(),
  };
}
