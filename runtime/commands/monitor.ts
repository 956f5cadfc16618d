import type { StackSelection } from "../stack/findStack.js";
import { inLanes } from "../synapse/inLanes.js";
import { createTerminal } from "../terminal/terminal.js";
import { warnOfMissingCancelRole } from "./cancelRole.js";
import type { CommandContext } from "./context.js";
import { comeBackLine, exitCodeOf } from "./ends.js";
import { createView, followRuns, type WatchArguments } from "./followRuns.js";
import { noSuchRun } from "./noSuchRun.js";
import { withSession } from "./session.js";

export interface MonitorArguments extends StackSelection, WatchArguments {}

/** Runs are read this many at a time. */
const lanes = 16;

/** Shows runs that were started before, until they have ended; resolves with the exit code that `trigger` would have. */
export async function monitorCommand(
  runIds: readonly string[],
  arguments_: MonitorArguments,
  context: CommandContext,
): Promise<number> {
  const terminal = createTerminal(context);
  const view = createView(arguments_, terminal, context);
  return withSession(arguments_, context, async (session) => {
    const { synapse, place } = session;
    const found = await inLanes([...new Set(runIds)], lanes, (runId) =>
      synapse.getRun(runId, context.signal).catch(noSuchRun(runId, place.synapseWorkspace, context)),
    );
    // an id may be typed in upper and in lower case
    const runs = [...new Map(found.map((run) => [run.runId, run])).values()];
    await warnOfMissingCancelRole(arguments_, session, terminal, context);
    for (const run of runs) {
      view.show({
        event: "started",
        time: context.clock.now().toISOString(),
        runId: run.runId,
        pipeline: run.pipelineName,
        workspace: place.synapseWorkspace,
        correlationId: null,
        found: true,
      });
    }
    const comeBack = comeBackLine(runIds, arguments_, context);
    const follow = { runs, view, terminal, comeBack, arguments: arguments_ };
    return exitCodeOf(await followRuns(follow, session, context), terminal);
  });
}
