import type { CommandContext } from "../commands/context.js";
import { LiveArea } from "./liveArea.js";
import { RunPanel } from "./runPanel.js";
import { startedLine } from "./summary.js";
import type { Terminal } from "./terminal.js";
import { truncate } from "./text.js";
import type { View } from "./view.js";

const tickMs = 200;
/** The line of the state, and one for the cursor. */
const otherLines = 2;

/** One line an activity, redrawn in place while the runs go on; as tall as the terminal allows. `hint` tells what Ctrl-C does. */
export function createLiveView(terminal: Terminal, context: CommandContext, hint = "Ctrl-C detaches"): View {
  const { clock } = context;
  const { colors } = terminal;
  const area = new LiveArea(terminal, context);
  const ticking = new AbortController();
  const panels = new Map<string, RunPanel>();
  const now = () => clock.now().getTime();
  const width = () => context.columns - 1;

  function stateLine(): string {
    const all = [...panels.values()];
    const statuses = [...new Set(all.map(({ status }) => status))];
    const counts = statuses.map((status) => `${all.filter((panel) => panel.status === status).length} ${status}`);
    const [only] = all;
    const text = all.length === 1 && only ? only.state(now()) : `${all.length} runs: ${counts.join(", ")}`;
    const state = truncate(text, width());
    const room = width() - state.length - hint.length - 2;
    return room < 0 ? colors.bold(state) : `${colors.bold(state)}  ${colors.dim(hint)}`;
  }

  function frame(): string[] {
    const height = Math.max(1, context.rows - otherLines);
    const all = [...panels.values()];
    const form = { columns: width(), nowMs: now(), colors };
    const [only] = all;
    if (all.length === 1 && only) return [...only.lines(form, Math.max(1, height - 1)), stateLine()];
    // what is over gives way to what goes on
    const shown = [...all.filter(({ isOver }) => !isOver), ...all.filter(({ isOver }) => isOver)].slice(0, height);
    const heights = sharesOf(shown, height - shown.length);
    const lines = all.flatMap((panel) => {
      const room = heights.get(panel);
      if (room === undefined) return [];
      return [panel.header(form.columns, form.nowMs, colors), ...(room === 0 ? [] : panel.lines(form, room))];
    });
    return [...lines, stateLine()];
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
    const form = { columns: width(), nowMs: now(), colors };
    for (const panel of panels.values()) {
      for (const line of panel.lines(form)) terminal.line(line);
      const end = panel.endLine(colors);
      if (end !== undefined) terminal.line(end);
    }
  }

  return {
    close,
    show: (line) => {
      if (ticking.signal.aborted) return;
      if (line.event === "started") {
        if (panels.size > 0) area.clear();
        terminal.line(startedLine(line));
        panels.set(line.runId, new RunPanel(line, now()));
        if (panels.size === 1) void tick();
        return;
      }
      if (line.event === "notice") {
        area.clear();
        terminal.note(line.message);
      }
      panels.get(line.runId)?.take(line, now());
      if ([...panels.values()].every(({ isOver }) => isOver)) close();
      else area.draw(frame());
    },
  };
}

/** How many lines each run gets for its activities: those that go on share alike, and what one does not need another gets. */
function sharesOf(panels: readonly RunPanel[], lines: number): Map<RunPanel, number> {
  const shares = new Map(panels.map((panel) => [panel, 0]));
  const wanting = panels.filter((panel) => !panel.isOver).sort((one, other) => one.rows.length - other.rows.length);
  let left = lines;
  for (const [index, panel] of wanting.entries()) {
    const share = Math.min(panel.rows.length, Math.floor(left / (wanting.length - index)));
    shares.set(panel, share);
    left -= share;
  }
  return shares;
}
