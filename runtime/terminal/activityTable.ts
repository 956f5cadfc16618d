import type { ActivityEvent } from "../synapse/events.js";

/** One activity of a run as a person sees it: all its attempts and iterations in one row. */
export interface ActivityRow {
  readonly name: string;
  readonly depth: number;
  readonly status: string;
  readonly attempt: number;
  /** How many iterations of its container it has been in; 0 outside of loops. */
  readonly rounds: number;
  readonly handledBy: string | null;
  /** The status word that it has set, such as the state of a job. */
  readonly value: string | null;
  readonly error: ActivityEvent["error"];
  /** Milliseconds since 1970 of the client's clock, from which the time of an unfinished activity is counted. */
  readonly runningSince: number;
  readonly durationMs: number | null;
}

interface Entry {
  row: ActivityRow;
  containers: readonly string[];
  readonly iterations: Set<string>;
  readonly running: Set<string>;
}

/** Gathers the activity events of one run into rows; inner activities stand under their container. */
export class ActivityTable {
  readonly #entries = new Map<string, Entry>();

  add(event: ActivityEvent, nowMs: number): void {
    const entry = this.#entries.get(event.activity) ?? newEntry(event, nowMs);
    this.#entries.set(event.activity, entry);
    if (event.iteration !== null) entry.iterations.add(event.iteration);
    const isRunning = event.status === "InProgress" || event.status === "Queued";
    if (isRunning) entry.running.add(event.activityRunId);
    else entry.running.delete(event.activityRunId);
    const status = isRunning || entry.running.size === 0 ? event.status : "InProgress";
    const began = isRunning ? startOf(event, nowMs) : entry.row.runningSince;
    entry.row = { ...rowOf(event, began), status, rounds: entry.iterations.size };
  }

  /** In order of appearance, each container followed by what is inside it. */
  rows(): ActivityRow[] {
    const entries = [...this.#entries.values()];
    const inside = (name: string | undefined): ActivityRow[] =>
      entries
        .filter((entry) => this.#parentOf(entry) === name)
        .flatMap((entry) => [entry.row, ...inside(entry.row.name)]);
    return inside(undefined);
  }

  /** The innermost container that has a row itself. */
  #parentOf(entry: Entry): string | undefined {
    return entry.containers.findLast((container) => this.#entries.has(container));
  }
}

function newEntry(event: ActivityEvent, nowMs: number): Entry {
  return { row: rowOf(event, nowMs), containers: event.containers, iterations: new Set(), running: new Set() };
}

function rowOf(event: ActivityEvent, runningSince: number): ActivityRow {
  const { activity: name, status, attempt, handledBy, value, error, durationMs } = event;
  return {
    name,
    depth: event.containers.length,
    status,
    attempt,
    rounds: 0,
    handledBy,
    value,
    error,
    runningSince,
    durationMs,
  };
}

/** When it began, in milliseconds since 1970; at most `nowMs`, because the service's clock may be ahead of this one. */
export function startOf(event: { readonly start: string | null }, nowMs: number): number {
  const start = event.start === null ? Number.NaN : Date.parse(event.start);
  return Number.isNaN(start) ? nowMs : Math.min(start, nowMs);
}
