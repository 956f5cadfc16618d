import { exitCodes, ProgramError } from "../../contract/errors.js";
import {
  checkParameters,
  correlationParameter,
  type ParameterValues,
  readParametersFile,
} from "../../contract/parameters.js";
import type { StackOutputs } from "../../contract/stackOutputs.js";
import { findStack, type StackSelection } from "../stack/findStack.js";
import { type StartedRun, startRun } from "../synapse/startRun.js";
import { createPlainView } from "../terminal/plainView.js";
import { createTerminal } from "../terminal/terminal.js";
import type { View } from "../terminal/view.js";
import type { CommandContext } from "./context.js";
import { comeBackLine, createView, detach, exitCodeOf, type FollowEnd, followRun, lostSight } from "./followRun.js";
import { type Session, withSession } from "./session.js";

export interface TriggerArguments extends StackSelection {
  /** `name=value` each. */
  readonly param?: readonly string[];
  readonly paramsFile?: string;
  readonly correlationId?: string;
  readonly json?: boolean;
  readonly detach?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** Starts the pipeline, shows the run, and resolves with the exit code. */
export async function triggerCommand(arguments_: TriggerArguments, context: CommandContext): Promise<number> {
  const outputs = await findStack(arguments_, context);
  const { end } = await triggerRun(outputs, arguments_, context);
  return exitCodeOf(end);
}

/** Starts a run of the stack's pipeline and follows it (or detaches); resolves with its id and how the watching ended. */
async function triggerRun(
  outputs: StackOutputs,
  arguments_: TriggerArguments,
  context: CommandContext,
): Promise<{ readonly runId: string; readonly end: FollowEnd }> {
  const file = arguments_.paramsFile;
  const fromFile = file === undefined ? {} : await readParametersFile(file, context.directory);
  const parameters = checkParameters(arguments_.param ?? [], fromFile, outputs.pipelineParameters);
  const terminal = createTerminal(context);
  for (const [name, value] of Object.entries(parameters)) {
    if (outputs.pipelineParameters[name]?.type === "SecureString") context.secrets.add(String(value));
  }
  const json = arguments_.json ?? false;
  const detached = arguments_.detach ?? false;
  const view = detached && !json ? createPlainView(terminal, context.clock) : createView(json, terminal, context);
  return withSession(outputs, context, async (session) => {
    const correlation = correlationOf(arguments_, parameters, outputs, context);
    const started = await startRun(
      {
        pipelineName: outputs.pipelineName,
        parameters,
        correlationId: correlation?.id,
        mayExist: correlation?.given ?? false,
      },
      session.synapse,
      context.clock,
      context.signal,
    );
    view.show({
      event: "started",
      time: context.clock.now().toISOString(),
      runId: started.runId,
      pipeline: outputs.pipelineName,
      workspace: outputs.synapseWorkspace,
      correlationId: correlation?.id ?? null,
      found: started.found,
    });
    return { runId: started.runId, end: await afterStart(started, arguments_, view, session, context) };
  });
}

async function afterStart(
  { runId }: StartedRun,
  arguments_: TriggerArguments,
  view: View,
  session: Session,
  context: CommandContext,
): Promise<FollowEnd> {
  const comeBack = comeBackLine(runId, arguments_, context);
  if (arguments_.detach) return detach(runId, "requested", comeBack, view, context);
  const run = { runId, pipelineName: session.outputs.pipelineName };
  const limit = arguments_.timeout === undefined ? {} : { timeoutMs: arguments_.timeout };
  try {
    return await followRun({ run, view, comeBack, ...limit }, session, context);
  } catch (thrown) {
    throw lostSight(thrown, runId, comeBack);
  }
}

/** The correlation id to send: the caller's, or a new one; undefined where the pipeline has no parameter for it. */
function correlationOf(
  { correlationId }: TriggerArguments,
  parameters: ParameterValues,
  { pipelineName, pipelineParameters }: StackOutputs,
  context: CommandContext,
): { readonly id: string; readonly given: boolean } | undefined {
  if (!Object.hasOwn(pipelineParameters, correlationParameter)) {
    if (correlationId === undefined) return undefined;
    throw new ProgramError(
      exitCodes.usage,
      `--correlation-id: the pipeline ${pipelineName} has no parameter named ${correlationParameter}`,
      { cure: `add a String parameter ${correlationParameter} to the pipeline, or leave the option out` },
    );
  }
  const value = parameters[correlationParameter];
  if (correlationId !== undefined && value !== undefined && value !== "" && value !== correlationId) {
    throw new ProgramError(
      exitCodes.usage,
      `two correlation ids are given: --correlation-id ${correlationId} and the parameter ${correlationParameter}=${value}`,
      { cure: "leave one of them out" },
    );
  }
  const given = correlationId ?? value;
  if (typeof given === "string" && given !== "") return { id: given, given: true };
  return { id: context.ids.uuid(), given: false };
}
