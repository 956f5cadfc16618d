import type { z } from "zod";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { didYouMean } from "../../contract/nearestName.js";
import type { StackSelection } from "../stack/findStack.js";
import type { RunFilter, Window } from "../synapse/client.js";
import type { PipelineRunRecord } from "../synapse/schemas.js";
import { formatDuration } from "../terminal/duration.js";
import { statusLook } from "../terminal/statuses.js";
import { tableLines } from "../terminal/table.js";
import { createTerminal, type Terminal } from "../terminal/terminal.js";
import { printable, truncate } from "../terminal/text.js";
import type { CommandContext } from "./context.js";
import type { runsDocument } from "./documents.js";
import { withSession } from "./session.js";

export interface RunsArguments extends StackSelection {
  readonly json?: boolean;
  readonly status?: readonly string[];
  readonly pipeline?: readonly string[];
  /** A moment, or how long ago (milliseconds): the window of the last update. */
  readonly since?: Date | number;
  readonly until?: Date | number;
  /** At most so many; 0: all. */
  readonly top?: number;
}

const statuses = ["Queued", "InProgress", "Succeeded", "Failed", "Canceling", "Cancelled"];
const defaultSinceMs = 7 * 24 * 3_600_000;
const defaultTop = 20;
/** The service's clock may be ahead of this one. */
const slackMs = 24 * 3_600_000;
/** Below this width the table has fewer columns. */
const wide = 100;
const allColumns = ["run", "status", "started", "took", "pipeline", "by"] as const;
const fewColumns = ["run", "status", "started", "pipeline"] as const;
/** Below this one each run has two lines: its id alone fills 36 columns. */
const narrow = 60;

/** Lists the runs of the workspace, newest first, as a table or (`--json`) one document. */
export async function runsCommand(arguments_: RunsArguments, context: CommandContext): Promise<number> {
  const terminal = createTerminal(context);
  const filters = filtersOf(arguments_);
  const now = context.clock.now().getTime();
  const window = {
    lastUpdatedAfter: momentOf(arguments_.since ?? defaultSinceMs, now),
    lastUpdatedBefore: arguments_.until === undefined ? momentOf(-slackMs, now) : momentOf(arguments_.until, now),
  };
  if (window.lastUpdatedAfter >= window.lastUpdatedBefore) throw emptyWindow(window);
  const most = arguments_.top === 0 ? Number.POSITIVE_INFINITY : (arguments_.top ?? defaultTop);
  return withSession(arguments_, context, async ({ synapse, place }) => {
    const asked = Number.isFinite(most) ? most + 1 : most;
    const found = await synapse.queryPipelineRuns(window, filters, context.signal, asked);
    const runs = found.slice(0, most);
    if (arguments_.json) {
      const more = found.length > most;
      const document: Document = { workspace: place.synapseWorkspace, more, runs: runs.map(documentOf) };
      terminal.line(JSON.stringify(document));
    } else {
      printRuns(runs, terminal, context, now);
      if (runs.length === 0)
        terminal.note(`no runs in ${place.synapseWorkspace} that fit (--since, --status, --pipeline)`);
      if (found.length > most) terminal.note(`there are more: --top ${most * 5}, or --top 0 for all`);
    }
    return exitCodes.succeeded;
  });
}

function filtersOf({ status = [], pipeline = [] }: RunsArguments): RunFilter[] {
  const named = status.map((word) => {
    const found = statuses.find((one) => one.toLowerCase() === word.toLowerCase());
    if (found !== undefined) return found;
    const what = `--status ${word} is no status of a run${didYouMean(word, statuses)}`;
    throw new ProgramError(exitCodes.usage, what, { cure: `there are ${statuses.join(", ")}` });
  });
  return [
    ...(named.length === 0 ? [] : [{ operand: "Status", operator: "In", values: named } as const]),
    ...(pipeline.length === 0 ? [] : [{ operand: "PipelineName", operator: "In", values: pipeline } as const]),
  ];
}

function emptyWindow({ lastUpdatedAfter, lastUpdatedBefore }: Window): ProgramError {
  const what = `there is no time between --since (${lastUpdatedAfter}) and --until (${lastUpdatedBefore})`;
  return new ProgramError(exitCodes.usage, what, { cure: "--since comes first: --since 2d --until 1d" });
}

function momentOf(moment: Date | number, now: number): string {
  return (typeof moment === "number" ? new Date(now - moment) : moment).toISOString();
}

type Document = z.infer<typeof runsDocument>;

function documentOf(run: PipelineRunRecord): Document["runs"][number] {
  const { runId, pipelineName: pipeline, status } = run;
  const [start, end] = [run.runStart ?? null, run.runEnd ?? null];
  const invokedBy = run.invokedBy?.name || null;
  return { runId, pipeline, status, start, end, durationMs: run.durationInMs ?? null, invokedBy, message: run.message };
}

function printRuns(runs: readonly PipelineRunRecord[], terminal: Terminal, context: CommandContext, now: number): void {
  if (runs.length === 0) return;
  const columns = context.isTerminal ? context.columns : Number.POSITIVE_INFINITY;
  const rows = runs.map((run) => {
    const { runStart, durationInMs, status } = run;
    const { sign } = statusLook(status, false, terminal.colors);
    const took = durationInMs ?? (runStart ? Math.max(0, now - Date.parse(runStart)) : undefined);
    const start = `${runStart?.slice(0, 10)} ${runStart?.slice(11, 19)}Z`;
    return {
      run: `${sign} ${run.runId}`,
      status,
      started: !runStart ? "not begun" : columns < wide ? `${start.slice(5, 16)}Z` : start,
      took: took === undefined ? "" : formatDuration(took),
      pipeline: printable(run.pipelineName),
      by: printable(run.invokedBy?.name ?? ""),
    };
  });
  const withPaintedSign = (line: string, { status }: PipelineRunRecord) =>
    `${statusLook(status, false, terminal.colors).paint(line.slice(0, 1))}${line.slice(1)}`;
  if (columns < narrow) {
    const details = tableLines(
      rows.map(({ status, started, pipeline }) => [status, started, pipeline]),
      columns - 2,
    );
    for (const [index, run] of runs.entries()) {
      terminal.line(withPaintedSign(truncate(rows[index]?.run ?? "", columns), run));
      terminal.line(`  ${details[index]}`);
    }
    return;
  }
  const shown = columns < wide ? fewColumns : allColumns;
  const header = shown.map((name) => (name === "run" ? "  run" : name));
  const lines = tableLines([header, ...rows.map((row) => shown.map((name) => row[name]))], columns);
  for (const [index, line] of lines.entries()) {
    const run = runs[index - 1];
    terminal.line(run === undefined ? terminal.colors.dim(line) : withPaintedSign(line, run));
  }
}
