import type { ActivityRow } from "./activityTable.js";

/** What there is room for, and how many rows of which status there is none for. */
export interface FittedRows {
  readonly rows: readonly ActivityRow[];
  /** As `43 more: 41 Succeeded, 2 Skipped`; undefined where all fit. */
  readonly rest: string | undefined;
}

/** The rows that a person needs most, in their order, within so many lines: failures, then what goes on, then the latest. */
export function fitRows(rows: readonly ActivityRow[], lines: number): FittedRows {
  if (rows.length <= lines) return { rows, rest: undefined };
  const byNeed = rows
    .map((row, index) => ({ index, need: needOf(row) }))
    .sort((one, other) => one.need - other.need || other.index - one.index);
  const kept = new Set(byNeed.slice(0, Math.max(0, lines - 1)).map(({ index }) => index));
  const left = rows.filter((_, index) => !kept.has(index));
  const statuses = [...new Set(left.map(({ status }) => status))];
  const counts = statuses.map((status) => `${left.filter((row) => row.status === status).length} ${status}`);
  return { rows: rows.filter((_, index) => kept.has(index)), rest: `${left.length} more: ${counts.join(", ")}` };
}

function needOf({ status, handledBy }: ActivityRow): number {
  if (status === "Failed") return handledBy === null ? 0 : 3;
  if (status === "InProgress") return 1;
  return status === "Queued" ? 2 : 4;
}
