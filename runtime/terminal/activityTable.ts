import type { ActivityEvent } from "../synapse/events.js";

/** When an attempt ran, in milliseconds since 1970; `to` is null while it does. */
export interface AttemptSpan {
  readonly from: number;
  readonly to: number | null;
}

/** One activity of a run as a person sees it: all its attempts, and all its rounds of an Until, in one row. */
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
  readonly childRunId: string | null;
  readonly error: ActivityEvent["error"];
  /** Milliseconds since 1970 of the client's clock, from which the time of an unfinished activity is counted. */
  readonly runningSince: number;
  readonly durationMs: number | null;
  readonly spans: readonly AttemptSpan[];
}

interface Entry {
  row: Omit<ActivityRow, "depth" | "spans">;
  readonly containers: readonly string[];
  /** The item of the ForEach that it belongs to. */
  readonly item: string | null;
  readonly isForEach: boolean;
  readonly iterations: Set<string>;
  readonly running: Set<string>;
  readonly spans: Map<string, AttemptSpan>;
}

/** Gathers the activity events of one run into rows; inner activities stand under their container and its item. */
export class ActivityTable {
  readonly #entries = new Map<string, Entry>();
  readonly #items = new Map<string, number>();

  add(event: ActivityEvent, nowMs: number): void {
    const item = this.#itemOf(event);
    const key = keyOf(event.activity, item);
    const entry = this.#entries.get(key) ?? newEntry(event, item, nowMs);
    this.#entries.set(key, entry);
    if (event.iteration !== null) entry.iterations.add(event.iteration);
    const isRunning = event.status === "InProgress" || event.status === "Queued";
    if (isRunning) entry.running.add(event.activityRunId);
    else entry.running.delete(event.activityRunId);
    const status = isRunning || entry.running.size === 0 ? event.status : "InProgress";
    const began = isRunning ? startOf(event, nowMs) : entry.row.runningSince;
    const ended = event.end === null ? Number.NaN : Date.parse(event.end);
    if (event.start !== null) {
      const to = isRunning ? null : Number.isNaN(ended) ? nowMs : ended;
      entry.spans.set(event.activityRunId, { from: startOf(event, to ?? nowMs), to });
    }
    entry.row = { ...rowOf(event, began), status, rounds: item === null ? entry.iterations.size : 0 };
  }

  /** The run has ended: a failure that was to be handled was not, where what handles it never ran. */
  end(): void {
    for (const entry of this.#entries.values()) {
      const { handledBy } = entry.row;
      if (handledBy === null || handledBy === "retry") continue;
      const handler = this.#entries.get(keyOf(handledBy, entry.item)) ?? this.#entries.get(keyOf(handledBy, null));
      const ran = handler !== undefined && handler.row.status !== "Skipped" && handler.row.status !== "Inactive";
      if (!ran) entry.row = { ...entry.row, handledBy: null };
    }
  }

  /** In order of appearance, each container followed by what is inside it; what went well in an item is folded into one row. */
  rows(): ActivityRow[] {
    return this.#inside(undefined, 0);
  }

  /** The row of the activity that the event is about. */
  rowOf(event: ActivityEvent): ActivityRow | undefined {
    const item = this.#itemOf(event);
    const entry = this.#entries.get(keyOf(event.activity, item));
    if (entry === undefined) return undefined;
    const row = shown(entry, event.containers.length);
    return item === null ? row : { ...row, name: `${row.name} [${this.#numberOf(item)}]` };
  }

  #inside(parent: Entry | undefined, depth: number): ActivityRow[] {
    const inner = [...this.#entries.values()].filter((entry) => this.#parentOf(entry) === parent);
    if (parent?.isForEach !== true) return inner.flatMap((entry) => this.#withInner(entry, depth));
    const items = [...new Set(inner.map(({ item }) => item))];
    return items.flatMap((item) =>
      this.#itemRows(
        item,
        inner.filter((entry) => entry.item === item),
        depth,
      ),
    );
  }

  #withInner(entry: Entry, depth: number): ActivityRow[] {
    return [shown(entry, depth), ...this.#inside(entry, depth + 1)];
  }

  #itemRows(item: string | null, inner: readonly Entry[], depth: number): ActivityRow[] {
    const rows = inner.flatMap((entry) => this.#withInner(entry, depth + 1));
    const number = item === null ? "" : ` ${this.#numberOf(item)}`;
    const [only] = rows;
    if (rows.length === 1 && only) return [{ ...only, depth, name: `item${number}: ${only.name}` }];
    const head = itemRow(`item${number}`, rows, depth);
    return head.status === "Succeeded" ? [head] : [head, ...rows];
  }

  /** Items are numbered in the order in which they began: the service does not tell their place in the list. */
  #numberOf(item: string): number {
    const number = this.#items.get(item) ?? this.#items.size + 1;
    this.#items.set(item, number);
    return number;
  }

  #itemOf({ iteration, containers }: ActivityEvent): string | null {
    if (iteration === null) return null;
    const isInForEach = containers.some((name) => this.#entries.get(keyOf(name, null))?.isForEach === true);
    if (isInForEach) this.#numberOf(iteration);
    return isInForEach ? iteration : null;
  }

  /** The innermost container that has a row itself. */
  #parentOf({ containers, item }: Entry): Entry | undefined {
    const found = containers.map(
      (name) => this.#entries.get(keyOf(name, item)) ?? this.#entries.get(keyOf(name, null)),
    );
    return found.findLast((entry) => entry !== undefined);
  }
}

function keyOf(activity: string, item: string | null): string {
  return item === null ? activity : `${item}\n${activity}`;
}

function newEntry(event: ActivityEvent, item: string | null, nowMs: number): Entry {
  return {
    row: rowOf(event, nowMs),
    containers: event.containers,
    item,
    isForEach: event.type === "ForEach",
    iterations: new Set(),
    running: new Set(),
    spans: new Map(),
  };
}

function rowOf(event: ActivityEvent, runningSince: number): Entry["row"] {
  const { activity: name, status, attempt, handledBy, value, childRunId, error, durationMs } = event;
  return { name, status, attempt, rounds: 0, handledBy, value, childRunId, error, runningSince, durationMs };
}

function shown({ row, spans }: Entry, depth: number): ActivityRow {
  return { ...row, depth, spans: [...spans.values()] };
}

/** All activities of one item as one row. */
function itemRow(name: string, rows: readonly ActivityRow[], depth: number): ActivityRow {
  const spans = rows.flatMap((row) => row.spans);
  const isOpen = rows.some(({ status }) => status === "InProgress" || status === "Queued");
  const hasFailed = rows.some(({ status, handledBy }) => status === "Failed" && handledBy === null);
  const from = Math.min(...spans.map((span) => span.from));
  const to = Math.max(...spans.map((span) => span.to ?? span.from));
  const wasCancelled = rows.some(({ status }) => status === "Cancelled");
  return {
    name,
    depth,
    status: isOpen ? "InProgress" : hasFailed ? "Failed" : wasCancelled ? "Cancelled" : "Succeeded",
    attempt: 1,
    rounds: 0,
    handledBy: null,
    value: null,
    childRunId: null,
    error: null,
    runningSince: Number.isFinite(from) ? from : 0,
    durationMs: isOpen || spans.length === 0 ? null : to - from,
    spans: spans.length === 0 ? [] : [{ from, to: isOpen ? null : to }],
  };
}

/** When it began, in milliseconds since 1970; at most `nowMs`, because the service's clock may be ahead of this one. */
export function startOf(event: { readonly start: string | null }, nowMs: number): number {
  const start = event.start === null ? Number.NaN : Date.parse(event.start);
  return Number.isNaN(start) ? nowMs : Math.min(start, nowMs);
}
