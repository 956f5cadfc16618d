import type { ActivityRow } from "./activityTable.js";
import { type Span, timeBar } from "./bar.js";
import { formatDuration } from "./duration.js";
import { statusLook } from "./statuses.js";
import type { Colors } from "./terminal.js";
import { columnsOf, pad, printable, truncate } from "./text.js";

const statusColumns = 10;
const durationColumns = 8;
const narrow = 50;
/** Narrower windows show no durations; those that hold no name either show signs alone. */
const leastForDuration = 18;
const leastForName = 6;
const columnsBeforeName = 4;
const leastExtraColumns = 8;
/** From this width on there is a bar, which takes its part of what is beyond the columns before it. */
const leastForBar = 70;
const columnsBeforeBar = 50;
const barPart = 1 / 3;
const widestBar = 40;

export interface LineForm {
  /** The widest a line may be. */
  readonly columns: number;
  /** Milliseconds since 1970, for the time of what still runs; undefined leaves that blank. */
  readonly nowMs?: number;
  /** The name's column is at least this wide. */
  readonly nameColumns?: number;
  /** The time of the run, to which bars are drawn to scale; without it there are none. */
  readonly frame?: Span;
  readonly colors: Colors;
}

/** The rows as lines: sign, name (inner activities indented), status, duration, bar, then attempt, rounds and error. */
export function activityLines(rows: readonly ActivityRow[], form: LineForm): string[] {
  const { columns, colors, frame, nowMs } = form;
  const lookOf = ({ status, handledBy }: ActivityRow) => statusLook(status, handledBy !== null, colors);
  if (columns < leastForName) {
    return rows.map(lookOf).map(({ sign, paint }) => (columns < 1 ? "" : paint(sign)));
  }
  const withStatus = columns >= narrow;
  const withDuration = columns >= leastForDuration;
  const barColumns = frame === undefined ? 0 : barColumnsOf(columns);
  const names = rows.map((row) => printable(row.name));
  const indents = rows.map((row) => "  ".repeat(row.depth));
  const wished = Math.max(form.nameColumns ?? 0, ...names.map((name, index) => columnsOf(name + indents[index])));
  const fixed =
    columnsBeforeName +
    (withStatus ? statusColumns + 1 : 0) +
    (withDuration ? durationColumns : 0) +
    (barColumns > 0 ? barColumns + 2 : 0);
  const nameColumns = Math.min(wished, columns - fixed);
  return rows.map((row, index) => {
    const { sign, paint } = lookOf(row);
    const status = withStatus ? ` ${paint(pad(row.status, statusColumns))}` : "";
    const indent = (indents[index] ?? "").slice(0, nameColumns - 1);
    const name = pad(names[index] ?? "", nameColumns - indent.length);
    const start = `  ${indent}${paint(sign)} ${name}${status}${withDuration ? durationOf(row, nowMs) : ""}`;
    const bar = frame === undefined || barColumns === 0 ? "" : timeBar(spansOf(row, frame), frame, barColumns);
    const room = columns - fixed - nameColumns - 2;
    const extra = room < leastExtraColumns ? "" : truncate(extras(row), room);
    if (extra === "") return bar.trim() === "" ? start.trimEnd() : `${start}  ${paint(bar.trimEnd())}`;
    return `${start}${bar === "" ? "" : `  ${paint(bar)}`}  ${colors.dim(extra)}`;
  });
}

function barColumnsOf(columns: number): number {
  if (columns < leastForBar) return 0;
  return Math.min(widestBar, Math.floor((columns - columnsBeforeBar) * barPart));
}

function spansOf({ spans }: ActivityRow, frame: Span): Span[] {
  return spans.map(({ from, to }) => ({ from, to: to ?? frame.to }));
}

function durationOf({ durationMs, runningSince, status }: ActivityRow, nowMs: number | undefined): string {
  const counted = nowMs === undefined || status === "Skipped" ? undefined : nowMs - runningSince;
  const milliseconds = durationMs ?? counted;
  return (milliseconds === undefined ? "" : formatDuration(milliseconds)).padStart(durationColumns);
}

function extras({ attempt, rounds, handledBy, value, error, status, childRunId }: ActivityRow): string {
  const handled = handledBy === "retry" ? "is tried again" : `handled by ${handledBy}`;
  return [
    ...(value === null ? [] : [value]),
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(rounds > 1 ? [`round ${rounds}`] : []),
    ...(status === "Failed" && handledBy !== null ? [handled] : []),
    ...(childRunId === null ? [] : [`run ${printable(childRunId)}`]),
    ...(error === null
      ? []
      : [printable(error.httpStatus === null ? error.sentence : `${error.httpStatus}: ${error.sentence}`)]),
  ].join(", ");
}
