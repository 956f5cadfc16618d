import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import type { StackSelection } from "../stack/findStack.js";
import type { RunOfPipeline } from "../synapse/client.js";
import type { DetachedEvent, FinishedEvent } from "../synapse/events.js";
import { watchRun } from "../synapse/watchRun.js";
import { createJsonView } from "../terminal/jsonView.js";
import { createLiveView } from "../terminal/liveView.js";
import { createPlainView } from "../terminal/plainView.js";
import type { Terminal } from "../terminal/terminal.js";
import { typedLine } from "../terminal/typedLine.js";
import type { View } from "../terminal/view.js";
import type { CommandContext } from "./context.js";
import type { Session } from "./session.js";

/** JSON lines if asked for, lines in place on a terminal, appended lines otherwise. */
export function createView(json: boolean, terminal: Terminal, context: CommandContext): View {
  if (json) return createJsonView(terminal);
  return context.isTerminal ? createLiveView(terminal, context) : createPlainView(terminal, context.clock);
}

export interface FollowOptions {
  readonly run: RunOfPipeline;
  readonly view: View;
  /** How long to watch, in milliseconds; the run goes on after that. */
  readonly timeoutMs?: number;
  /** The line that takes the watching up again. */
  readonly comeBack: string;
}

/** How the watching ended: with the run, or before it. */
export type FollowEnd = FinishedEvent | DetachedEvent;

/** Shows a run until it ends, Ctrl-C is pressed or the time is over. */
export async function followRun(options: FollowOptions, session: Session, context: CommandContext): Promise<FollowEnd> {
  const { run, view, timeoutMs } = options;
  const { clock } = context;
  const over = new AbortController();
  const done = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  if (timeoutMs !== undefined) {
    clock.sleep(timeoutMs, done.signal).then(
      () => over.abort(new ProgramError(exitCodes.timedOut, "the time of --timeout is over")),
      () => {},
    );
  }
  try {
    for await (const event of watchRun({ run, synapse: session.synapse, clock, stack: session.outputs, signal })) {
      view.show(event);
      if (event.event === "finished") return event;
    }
    throw new Error("the watch ended before the run");
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    const reason = context.signal.aborted ? "interrupted" : "timeout";
    return detach(run.runId, reason, options.comeBack, view, context);
  } finally {
    done.abort();
    view.close();
  }
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

const exitCodesOfDetaching = {
  requested: exitCodes.succeeded,
  interrupted: exitCodes.interrupted,
  timeout: exitCodes.timedOut,
} as const;

/** The exit code of a watch; a run that failed rejects with its one-line cause. */
export function exitCodeOf(end: FollowEnd): number {
  if (end.event === "detached") return exitCodesOfDetaching[end.reason];
  if (end.cause !== null) {
    throw new ProgramError(exitCodes.failed, end.cause, end.cure === null ? {} : { cure: end.cure });
  }
  return end.exitCode;
}

/** The line that watches a run again, on the same stack. */
export function comeBackLine(
  runId: string,
  { outputs, stack }: StackSelection,
  { environment }: Pick<CommandContext, "environment">,
): string {
  const place =
    outputs !== undefined && outputs !== "-" ? ` --outputs ${quoted(outputs)}` : stack ? ` --stack ${stack}` : "";
  return typedLine(`npm run monitor -- ${runId}${place}`, environment);
}

/** A path as a shell takes it. */
function quoted(path: string): string {
  return /^[\w./:@%+=,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** A run that was started can no longer be watched: it is not known how it ends, so the call must not be repeated blindly. */
export function lostSight(thrown: unknown, runId: string, comeBack: string): ProgramError {
  return new ProgramError(
    exitCodes.unknown,
    `run ${runId} was started, but it cannot be watched: ${messageOf(thrown)}`,
    {
      cure: [
        ...(thrown instanceof ProgramError && thrown.cure ? [thrown.cure] : []),
        `then come back with: ${comeBack}`,
      ].join("\n"),
      cause: thrown,
    },
  );
}
