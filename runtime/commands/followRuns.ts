import { exitCodes, ProgramError } from "../../contract/errors.js";
import type { RunOfPipeline } from "../synapse/client.js";
import type { DetachedEvent, FinishedEvent } from "../synapse/events.js";
import { inLanes } from "../synapse/inLanes.js";
import { watchRuns } from "../synapse/watchRuns.js";
import { createJsonView } from "../terminal/jsonView.js";
import { createLiveView } from "../terminal/liveView.js";
import { createPlainView } from "../terminal/plainView.js";
import type { Terminal } from "../terminal/terminal.js";
import type { View } from "../terminal/view.js";
import type { CommandContext } from "./context.js";
import type { Session } from "./session.js";
import { stopLines, stopRun } from "./stopRun.js";
import { timeLimit } from "./timeLimit.js";

/** JSON lines if asked for, lines in place on a terminal that can move its cursor, appended lines otherwise. */
export function createView({ json, onInterrupt }: WatchArguments, terminal: Terminal, context: CommandContext): View {
  if (json) return createJsonView(terminal);
  if (!context.isTerminal || context.environment["TERM"] === "dumb") return createPlainView(terminal, context.clock);
  return createLiveView(terminal, context, onInterrupt === "cancel" ? "Ctrl-C cancels" : "Ctrl-C detaches");
}

/** What the caller of a watch may ask for on the command line. */
export interface WatchArguments {
  readonly json?: boolean;
  readonly verbose?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly onTimeout?: "leave" | "cancel";
  readonly onInterrupt?: "detach" | "cancel";
}

export interface FollowOptions {
  readonly runs: readonly RunOfPipeline[];
  readonly view: View;
  readonly terminal: Terminal;
  readonly arguments: WatchArguments;
  /** The line that takes the watching up again. */
  readonly comeBack: string;
}

/** How the watching of one run ended: with the run, or before it. */
export type FollowEnd = FinishedEvent | DetachedEvent;

/** How long a run that was cancelled is watched until it has ended. */
const cancelPatienceMs = 60_000;
/** Runs are cancelled this many at a time. */
const lanes = 16;

/** Shows runs until all have ended, Ctrl-C is pressed or the time is over. */
export async function followRuns(
  options: FollowOptions,
  session: Session,
  context: CommandContext,
): Promise<FollowEnd[]> {
  const { view, arguments: given } = options;
  const ends = new Map<string, FollowEnd>();
  try {
    const limits = { stop: context.signal, limitMs: given.timeout };
    const stopped = await watchUntil(limits, options, session, context, ends);
    if (stopped === undefined) return [...ends.values()];
    const reason = context.signal.aborted ? "interrupted" : "timeout";
    const wish = reason === "interrupted" ? given.onInterrupt : given.onTimeout;
    if (wish === "cancel") await cancelOpen(options, session, context, ends, reason);
    for (const { runId } of options.runs) {
      if (!ends.has(runId)) ends.set(runId, detach(runId, reason, options.comeBack, view, context));
    }
    return [...ends.values()];
  } finally {
    view.close();
  }
}

interface Limits {
  readonly stop?: AbortSignal;
  readonly limitMs?: number | undefined;
  /** The exit code for a run that is found cancelled. */
  readonly cancelledCode?: number;
}

/** Watches until all runs have ended (undefined), or what stopped it. */
async function watchUntil(
  { stop, limitMs, cancelledCode = exitCodes.cancelled }: Limits,
  { runs, view, arguments: { verbose } }: FollowOptions,
  { synapse, place }: Session,
  { clock }: CommandContext,
  ends: Map<string, FollowEnd>,
): Promise<"stopped" | undefined> {
  const { signal, lift } = timeLimit(limitMs, stop, clock);
  const open = runs.filter(({ runId }) => !ends.has(runId));
  try {
    for await (const event of watchRuns({ runs: open, synapse, clock, place, signal })) {
      if (event.event !== "finished") {
        view.show(event);
        continue;
      }
      const exitCode = event.status === "Cancelled" ? cancelledCode : event.exitCode;
      const shown = verbose ? { ...event, exitCode } : { ...event, exitCode, request: null, answer: null };
      view.show(shown);
      ends.set(event.runId, shown);
    }
    return undefined;
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    return "stopped";
  } finally {
    lift();
  }
}

/** Cancels each run that still goes on, with all that it has started, and shows its end; one that cannot be cancelled goes on. */
async function cancelOpen(
  options: FollowOptions,
  session: Session,
  context: CommandContext,
  ends: Map<string, FollowEnd>,
  reason: "interrupted" | "timeout",
): Promise<void> {
  const { terminal } = options;
  const warn = (thrown: unknown) => {
    if (!(thrown instanceof ProgramError)) throw thrown;
    terminal.note(`${terminal.colors.yellow("warning:")} ${thrown.message}`);
    if (thrown.cure !== undefined) terminal.note(`${terminal.colors.bold("how to solve:")} ${thrown.cure}`);
  };
  const open = options.runs.filter(({ runId }) => !ends.has(runId));
  const stopped = await inLanes(open, lanes, async (run) => {
    try {
      for (const line of stopLines(await stopRun(run.runId, session, context.clock))) terminal.note(line);
      return [run];
    } catch (thrown) {
      warn(thrown);
      return [];
    }
  });
  const runs = stopped.flat();
  if (runs.length === 0) return;
  const cancelledCode = reason === "timeout" ? exitCodes.timedOut : exitCodes.cancelled;
  await watchUntil({ limitMs: cancelPatienceMs, cancelledCode }, { ...options, runs }, session, context, ends).catch(
    warn,
  );
}

/** Says that the run goes on and how to come back to it. */
export function detach(
  runId: string,
  reason: DetachedEvent["reason"],
  next: string,
  view: View,
  context: CommandContext,
): DetachedEvent {
  const event: DetachedEvent = { event: "detached", time: context.clock.now().toISOString(), runId, reason, next };
  view.show(event);
  return event;
}
