import { checkParameters, readParametersFile } from "../../contract/parameters.js";
import type { StackSelection } from "../stack/findStack.js";
import { choosePipeline } from "../synapse/choosePipeline.js";
import { startRun } from "../synapse/startRun.js";
import { createPlainView } from "../terminal/plainView.js";
import { createTerminal } from "../terminal/terminal.js";
import { warnOfMissingCancelRole } from "./cancelRole.js";
import type { CommandContext } from "./context.js";
import { comeBackLine, exitCodeOf, lostSight } from "./ends.js";
import { createView, detach, type FollowEnd, followRuns, type WatchArguments } from "./followRuns.js";
import { withSession } from "./session.js";

export interface TriggerArguments extends StackSelection, WatchArguments {
  /** A pipeline of the workspace other than the stack's own. */
  readonly pipeline?: string;
  /** `name=value` each. */
  readonly param?: readonly string[];
  readonly paramsFile?: string;
  readonly idempotencyKey?: string;
  readonly detach?: boolean;
}

/** Starts the pipeline, shows the run (or detaches), and resolves with the exit code. */
export async function triggerCommand(arguments_: TriggerArguments, context: CommandContext): Promise<number> {
  const file = arguments_.paramsFile;
  const fromFile = file === undefined ? {} : await readParametersFile(file, context.directory);
  const terminal = createTerminal(context);
  const json = arguments_.json ?? false;
  const detached = arguments_.detach ?? false;
  const view = detached && !json ? createPlainView(terminal, context.clock) : createView(arguments_, terminal, context);
  return withSession(arguments_, context, async (session) => {
    const { place, synapse } = session;
    const pipeline = await choosePipeline(arguments_.pipeline, place, synapse, context.signal);
    const parameters = checkParameters(arguments_.param ?? [], fromFile, pipeline.parameters);
    for (const [name, value] of Object.entries(parameters)) {
      if (pipeline.parameters[name]?.type === "SecureString") context.secrets.add(String(value));
    }
    if (!detached) await warnOfMissingCancelRole(arguments_, session, terminal, context);
    const { idempotencyKey } = arguments_;
    const { runId, found, correlationId } = await startRun(
      { endpoint: place.synapseEndpoint, pipeline, parameters, idempotencyKey },
      { ...context, synapse, notice: terminal.note },
    );
    view.show({
      event: "started",
      time: context.clock.now().toISOString(),
      runId,
      pipeline: pipeline.name,
      workspace: place.synapseWorkspace,
      correlationId: correlationId ?? null,
      found,
    });
    const comeBack = comeBackLine([runId], arguments_, context);
    const runs = [{ runId, pipelineName: pipeline.name }];
    const follow = { runs, view, terminal, comeBack, arguments: arguments_ };
    let ends: readonly FollowEnd[];
    try {
      ends = detached
        ? [detach(runId, "requested", comeBack, view, context)]
        : await followRuns(follow, session, context);
      await context.written();
    } catch (thrown) {
      throw lostSight(thrown, runId, comeBack);
    }
    return exitCodeOf(ends, terminal);
  });
}
