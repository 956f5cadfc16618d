import { exitCodes, ProgramError } from "../../contract/errors.js";
import { HttpError } from "../http/errors.js";
import { findStack, type StackSelection } from "../stack/findStack.js";
import { createTerminal } from "../terminal/terminal.js";
import type { CommandContext } from "./context.js";
import { comeBackLine, createView, exitCodeOf, followRun } from "./followRun.js";
import { withSession } from "./session.js";

export interface MonitorArguments extends StackSelection {
  readonly json?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** Shows a run that was started before, until it ends; resolves with the exit code that `trigger` would have. */
export async function monitorCommand(
  runId: string,
  arguments_: MonitorArguments,
  context: CommandContext,
): Promise<number> {
  const outputs = await findStack(arguments_, context);
  const view = createView(arguments_.json ?? false, createTerminal(context), context);
  return withSession(outputs, context, async (session) => {
    const run = await session.synapse.getRun(runId, context.signal).catch((thrown: unknown) => {
      throw thrown instanceof HttpError && thrown.status === 404 ? noSuchRun(runId, thrown) : thrown;
    });
    view.show({
      event: "started",
      time: context.clock.now().toISOString(),
      runId,
      pipeline: run.pipelineName,
      workspace: outputs.synapseWorkspace,
      correlationId: null,
      found: true,
    });
    const limit = arguments_.timeout === undefined ? {} : { timeoutMs: arguments_.timeout };
    const comeBack = comeBackLine(runId, arguments_, context);
    return exitCodeOf(await followRun({ run, view, comeBack, ...limit }, session, context));
  });
}

function noSuchRun(runId: string, cause: HttpError): ProgramError {
  return new ProgramError(exitCodes.usage, `there is no run ${runId}: ${cause.message}`, {
    cure: "check the id; Synapse keeps the records of a run for 45 days",
    cause,
  });
}
