import type { Clock } from "../../contract/clock.js";
import type { ActivityEvent } from "../synapse/events.js";
import { activityLines } from "./activityLine.js";
import { ActivityTable } from "./activityTable.js";
import { detachedLine, finishedLine, startedLine } from "./summary.js";
import type { Terminal } from "./terminal.js";
import type { View } from "./view.js";

/** Lines come one by one, so their columns cannot follow the longest name. */
const nameColumns = 24;

/** What was shown of one run. */
interface ShownRun {
  readonly table: ActivityTable;
  /** The last status word of each activity. */
  readonly values: Map<string, string>;
}

/**
 * Appends one line a change, with the service's time of it, for logs and pipes; later rounds of a loop only where something
 * failed or a new status was set. Where there are several runs, each line begins with its run's id.
 */
export function createPlainView(terminal: Terminal, clock: Clock): View {
  const runs = new Map<string, ShownRun>();
  const shownRun = (runId: string): ShownRun => {
    const run = runs.get(runId) ?? { table: new ActivityTable(), values: new Map() };
    runs.set(runId, run);
    return run;
  };
  return {
    close: () => {},
    show: (line) => {
      switch (line.event) {
        case "started":
          shownRun(line.runId);
          return terminal.line(startedLine(line));
        case "activity":
          return showActivity(line, shownRun(line.runId));
        case "notice":
          return terminal.note(line.message);
        case "finished":
          return terminal.line(finishedLine(line, terminal.colors));
        case "detached":
          return terminal.line(detachedLine(line));
        case "run":
          return;
      }
    },
  };

  function showActivity(event: ActivityEvent, { table, values }: ShownRun): void {
    table.add(event, clock.now().getTime());
    const { activity, value } = event;
    const isNewValue = value !== null && values.get(activity) !== value;
    if (isNewValue) values.set(activity, value);
    if (!isNewValue && !isWorthALine(event, table)) return;
    const row = table.rowOf(event);
    if (row === undefined) return;
    const shown = [{ ...row, status: event.status, durationMs: event.durationMs }];
    const form = { columns: Number.POSITIVE_INFINITY, nameColumns, colors: terminal.colors };
    const run = runs.size > 1 ? `  ${event.runId.slice(0, 8)}` : "";
    terminal.line(`${clockTime(event.end ?? event.start ?? event.time)}${run}${activityLines(shown, form).join("")}`);
  }
}

function isWorthALine(event: ActivityEvent, table: ActivityTable): boolean {
  if (event.status === "Failed") return true;
  return (table.rowOf(event)?.rounds ?? 0) <= 1 && event.status !== "Queued";
}

function clockTime(iso: string): string {
  return `${iso.slice(11, 19)}Z`;
}
