import type { Clock } from "../../contract/clock.js";
import type { ActivityEvent } from "../synapse/events.js";
import { activityLines } from "./activityLine.js";
import { ActivityTable } from "./activityTable.js";
import { detachedLine, finishedLine, startedLine } from "./summary.js";
import type { Terminal } from "./terminal.js";
import type { View } from "./view.js";

/** Lines come one by one, so their columns cannot follow the longest name. */
const nameColumns = 24;

/** Appends one line a change, with the service's time of it, for logs and pipes; later rounds of a loop only where something failed or a new status was set. */
export function createPlainView(terminal: Terminal, clock: Clock): View {
  const table = new ActivityTable();
  const values = new Map<string, string>();
  return {
    close: () => {},
    show: (line) => {
      switch (line.event) {
        case "started":
          return terminal.line(startedLine(line));
        case "activity":
          table.add(line, clock.now().getTime());
          if (isNewValue(line) || isWorthALine(line, table)) {
            terminal.line(`${clockTime(line.end ?? line.start ?? line.time)}${rowLine(line, table)}`);
          }
          return;
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

  function isNewValue({ activity, value }: ActivityEvent): boolean {
    if (value === null || values.get(activity) === value) return false;
    values.set(activity, value);
    return true;
  }

  function rowLine(event: ActivityEvent, of: ActivityTable): string {
    const row = of.rows().find(({ name }) => name === event.activity);
    const shown = row === undefined ? [] : [{ ...row, status: event.status, durationMs: event.durationMs }];
    return activityLines(shown, { columns: Number.POSITIVE_INFINITY, nameColumns, colors: terminal.colors }).join("");
  }
}

function isWorthALine(event: ActivityEvent, table: ActivityTable): boolean {
  if (event.status === "Failed") return true;
  const rounds = table.rows().find(({ name }) => name === event.activity)?.rounds ?? 0;
  return rounds <= 1 && event.status !== "Queued";
}

function clockTime(iso: string): string {
  return `${iso.slice(11, 19)}Z`;
}
