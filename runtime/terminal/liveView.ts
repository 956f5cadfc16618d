import type { CommandContext } from "../commands/context.js";
import { activityLines } from "./activityLine.js";
import { ActivityTable, startOf } from "./activityTable.js";
import { formatDuration } from "./duration.js";
import { LiveArea } from "./liveArea.js";
import { detachedLine, finishedLine, startedLine } from "./summary.js";
import type { Terminal } from "./terminal.js";
import { truncate } from "./text.js";
import type { View } from "./view.js";

const tickMs = 200;
const hint = "Ctrl-C detaches";
/** The columns stay where they are until a longer name comes. */
const nameColumns = 20;

/** One line an activity, redrawn in place while the run goes on; as tall as the terminal allows. */
export function createLiveView(terminal: Terminal, context: CommandContext): View {
  const { clock } = context;
  const { colors } = terminal;
  const table = new ActivityTable();
  const area = new LiveArea(terminal, context);
  const ticking = new AbortController();
  let since = clock.now().getTime();
  let status = "Queued";

  const lines = () =>
    activityLines(table.rows(), { columns: context.columns - 1, nowMs: clock.now().getTime(), nameColumns, colors });

  function frame(): string[] {
    const state = truncate(`${status} ${formatDuration(clock.now().getTime() - since)}`, context.columns - 1);
    const room = context.columns - 1 - state.length - hint.length - 2;
    const last = room < 0 ? colors.bold(state) : `${colors.bold(state)}  ${colors.dim(hint)}`;
    return [...clip(lines(), context.rows - 3), last];
  }

  async function tick(): Promise<void> {
    while (!ticking.signal.aborted) {
      area.draw(frame());
      await clock.sleep(tickMs, ticking.signal).catch(() => {});
    }
  }

  function close(): void {
    if (ticking.signal.aborted) return;
    ticking.abort();
    area.clear();
    for (const line of lines()) terminal.line(line);
  }

  return {
    close,
    show: (line) => {
      switch (line.event) {
        case "started":
          terminal.line(startedLine(line));
          void tick();
          return;
        case "run":
          status = line.status;
          since = startOf(line, since);
          break;
        case "activity":
          table.add(line, clock.now().getTime());
          break;
        case "notice":
          area.clear();
          terminal.note(line.message);
          break;
        case "finished":
          close();
          return terminal.line(finishedLine(line, colors));
        case "detached":
          close();
          return terminal.line(detachedLine(line));
      }
      area.draw(frame());
    },
  };

  /** Where not all fits, the earliest lines give way. */
  function clip(all: readonly string[], height: number): readonly string[] {
    const room = Math.max(1, height);
    if (all.length <= room) return all;
    return [colors.dim(`  … ${all.length - room + 1} more above`), ...all.slice(all.length - room + 1)];
  }
}
