import type { DetachedEvent, FinishedEvent, StartedEvent, WatchLine } from "../synapse/events.js";
import { activityLines } from "./activityLine.js";
import { type ActivityRow, ActivityTable, startOf } from "./activityTable.js";
import type { Span } from "./bar.js";
import { formatDuration } from "./duration.js";
import { fitRows } from "./fitRows.js";
import { statusLook } from "./statuses.js";
import { detachedLine, finishedLine } from "./summary.js";
import type { Colors } from "./terminal.js";
import { printable, truncate } from "./text.js";

/** The columns stay where they are until a longer name comes. */
const nameColumns = 20;

/** What a terminal shows of one run. */
export class RunPanel {
  status = "Queued";
  readonly #started: StartedEvent;
  readonly #table = new ActivityTable();
  #since: number;
  #endedAt: number | undefined;
  #end: FinishedEvent | DetachedEvent | undefined;
  /** Until something changes: a frame asks for them several times. */
  #rows: readonly ActivityRow[] | undefined;

  constructor(started: StartedEvent, nowMs: number) {
    this.#started = started;
    this.#since = nowMs;
  }

  /** Whether its last event has come. */
  get isOver(): boolean {
    return this.#end !== undefined;
  }

  get rows(): readonly ActivityRow[] {
    this.#rows ??= this.#table.rows();
    return this.#rows;
  }

  take(line: WatchLine, nowMs: number): void {
    this.#rows = undefined;
    switch (line.event) {
      case "run":
        this.status = line.status;
        this.#since = startOf(line, this.#since);
        if (line.durationMs !== null) this.#endedAt = this.#since + line.durationMs;
        return;
      case "activity":
        this.#table.add(line, nowMs);
        return;
      case "finished":
        this.#table.end();
        this.#end = line;
        return;
      case "detached":
        this.#end = line;
        return;
      case "started":
      case "notice":
        return;
    }
  }

  /** `InProgress 4m 05s` */
  state(nowMs: number): string {
    return `${this.status} ${formatDuration((this.#endedAt ?? nowMs) - this.#since)}`;
  }

  /** One line about the run, no wider than `columns`. */
  header(columns: number, nowMs: number, colors: Colors): string {
    const rows = this.rows;
    const done = rows.filter(({ status }) => status !== "InProgress" && status !== "Queued").length;
    const { sign, paint } = statusLook(this.status, false, colors);
    const { runId, pipeline } = this.#started;
    const cause = this.#end?.event === "finished" ? this.#end.cause : null;
    const text = `${runId.slice(0, 8)}  ${this.state(nowMs)}  ${done} of ${rows.length}  ${printable(cause ?? pipeline)}`;
    return columns < 1 ? "" : `${paint(sign)} ${truncate(text, columns - 2)}`.trimEnd();
  }

  /** The activities, at most so many lines, each no wider than `columns`. */
  lines(form: { columns: number; nowMs: number; colors: Colors }, height = Number.POSITIVE_INFINITY): string[] {
    const { rows, rest } = fitRows(this.rows, height);
    const frame: Span = { from: this.#since, to: this.#endedAt ?? form.nowMs };
    const lines = activityLines(rows, { ...form, nameColumns, frame });
    return rest === undefined ? lines : [form.colors.dim(truncate(`  … ${rest}`, form.columns)), ...lines];
  }

  /** The line that stays when all is over; undefined when the showing was ended before. */
  endLine(colors: Colors): string | undefined {
    if (this.#end === undefined) return undefined;
    return this.#end.event === "finished" ? finishedLine(this.#end, colors) : detachedLine(this.#end);
  }
}
