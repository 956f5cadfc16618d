import type { ActivityRow } from "./activityTable.js";
import { formatDuration } from "./duration.js";
import { statusLook } from "./statuses.js";
import type { Colors } from "./terminal.js";
import { columnsOf, pad, printable, truncate } from "./text.js";

const statusColumns = 10;
const durationColumns = 8;
const narrow = 50;
const leastNameColumns = 6;
const leastExtraColumns = 8;

export interface LineForm {
  /** The widest a line may be. */
  readonly columns: number;
  /** Milliseconds since 1970, for the time of what still runs; undefined leaves that blank. */
  readonly nowMs?: number;
  /** The name's column is at least this wide. */
  readonly nameColumns?: number;
  readonly colors: Colors;
}

/** The rows as lines: sign, name (inner activities indented), status, duration, then attempt, rounds and error. */
export function activityLines(rows: readonly ActivityRow[], form: LineForm): string[] {
  const withStatus = form.columns >= narrow;
  const names = rows.map((row) => printable(row.name));
  const indents = rows.map((row) => "  ".repeat(row.depth));
  const wished = Math.max(form.nameColumns ?? 0, ...names.map((name, index) => columnsOf(name + indents[index])));
  const fixed = 4 + (withStatus ? statusColumns + 1 : 0) + durationColumns;
  const nameColumns = Math.max(leastNameColumns, Math.min(wished, form.columns - fixed));
  return rows.map((row, index) => {
    const { sign, paint } = statusLook(row.status, row.handledBy !== null, form.colors);
    const status = withStatus ? ` ${paint(pad(row.status, statusColumns))}` : "";
    const indent = indents[index] ?? "";
    const name = pad(names[index] ?? "", nameColumns - indent.length);
    const start = `  ${indent}${paint(sign)} ${name}${status}${durationOf(row, form.nowMs)}`;
    const room = form.columns - fixed - nameColumns - 2;
    const extra = room < leastExtraColumns ? "" : truncate(extras(row), room);
    return extra === "" ? start.trimEnd() : `${start}  ${form.colors.dim(extra)}`;
  });
}

function durationOf({ durationMs, runningSince }: ActivityRow, nowMs: number | undefined): string {
  const milliseconds = durationMs ?? (nowMs === undefined ? undefined : nowMs - runningSince);
  return (milliseconds === undefined ? "" : formatDuration(milliseconds)).padStart(durationColumns);
}

function extras({ attempt, rounds, handledBy, value, error, status }: ActivityRow): string {
  const handled = handledBy === "retry" ? "is tried again" : `handled by ${handledBy}`;
  return [
    ...(value === null ? [] : [value]),
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(rounds > 1 ? [`round ${rounds}`] : []),
    ...(status === "Failed" && handledBy !== null ? [handled] : []),
    ...(error === null
      ? []
      : [printable(error.httpStatus === null ? error.sentence : `${error.httpStatus}: ${error.sentence}`)]),
  ].join(", ");
}
