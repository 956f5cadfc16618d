import type { z } from "zod";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { terminalPipelineRunStatuses } from "../../contract/runs.js";
import type { StackSelection } from "../stack/findStack.js";
import { Pace } from "../synapse/pace.js";
import type { PipelineRunRecord } from "../synapse/schemas.js";
import { formatDuration } from "../terminal/duration.js";
import { createTerminal } from "../terminal/terminal.js";
import { typedLine } from "../terminal/typedLine.js";
import type { CommandContext } from "./context.js";
import type { cancelDocument } from "./documents.js";
import { noSuchRun } from "./noSuchRun.js";
import { type Session, withSession } from "./session.js";
import { stopLines, stopRun } from "./stopRun.js";

export interface CancelArguments extends StackSelection {
  readonly json?: boolean;
}

/** How long a run that is being cancelled is waited for. */
const patienceMs = 10 * 60_000;

/** Cancels a run with all that it has started and waits for its end; a run that has ended already is no mistake. */
export async function cancelCommand(
  runId: string,
  arguments_: CancelArguments,
  context: CommandContext,
): Promise<number> {
  const terminal = createTerminal(context);
  return withSession(arguments_, context, async (session) => {
    const stopped = await stopRun(runId, session, context.clock, context.signal).catch(
      noSuchRun(runId, session.place.synapseWorkspace, context),
    );
    const { run, wasOver, children, jobs, unseen } = stopped;
    const tell = unseen === undefined ? terminal.line : terminal.note;
    for (const line of arguments_.json && unseen === undefined ? [] : stopLines(stopped)) tell(line);
    const end = await endOf(run, session, context);
    if (arguments_.json) {
      const document: z.infer<typeof cancelDocument> = {
        runId,
        status: end.status,
        wasOver,
        children: [...children],
        jobs: [...jobs],
      };
      terminal.line(JSON.stringify(document));
      return exitCodes.succeeded;
    }
    const after =
      end.durationInMs === null || end.durationInMs === undefined ? "" : ` after ${formatDuration(end.durationInMs)}`;
    if (wasOver) terminal.line(`run ${runId} is over already: ${end.status}${after}`);
    else {
      for (const child of children) terminal.line(`run ${child}, which it has started, is cancelled with it`);
      terminal.line(`run ${runId} ${end.status}${after}`);
    }
    return exitCodes.succeeded;
  });
}

async function endOf(
  run: PipelineRunRecord,
  { synapse }: Session,
  context: CommandContext,
): Promise<PipelineRunRecord> {
  const { clock, signal, environment } = context;
  const pace = new Pace();
  for (;;) {
    const now = await synapse.getRun(run.runId, signal);
    if (terminalPipelineRunStatuses.includes(now.status)) return now;
    if (pace.passedMs > patienceMs) {
      const cure = `look again: ${typedLine(`npm run monitor -- ${run.runId}`, environment)}`;
      throw new ProgramError(exitCodes.timedOut, `run ${run.runId} was cancelled but is still ${now.status}`, { cure });
    }
    await clock.sleep(pace.afterPoll({ changed: false, waitLeftMs: undefined }), signal);
  }
}
