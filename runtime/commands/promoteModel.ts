import { exitCodes, ProgramError } from "../../contract/errors.js";
import { knownFareColumn } from "../../contract/trips.js";
import { createHttpClient } from "../http/client.js";
import { promote, rollBack, type Switched } from "../machineLearning/promotion.js";
import { findStack, type StackSelection } from "../stack/findStack.js";
import { isPulumiStack, setPulumiConfiguration } from "../stack/pulumiConfiguration.js";
import type { Dataset } from "../studioClassic/dataset.js";
import { isWorse } from "../studioClassic/evaluation.js";
import { createTerminal, type Terminal } from "../terminal/terminal.js";
import { typedLine } from "../terminal/typedLine.js";
import type { CommandContext } from "./context.js";
import type { Comparison } from "./modelComparison.js";
import { mayHaveSeen } from "./retrainReport.js";
import { openArm, type StackModels } from "./stackModels.js";

interface Candidate {
  readonly model: Buffer;
  readonly dataset: Dataset;
  readonly comparison: Comparison;
  readonly stack: StackModels;
}

interface SwitchArguments extends StackSelection {
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Promotes a model that is at least as good as the present one; refuses another with exit code 1 unless `force` is set. */
export async function promoteIfBetter(
  { model, dataset, comparison, stack }: Candidate,
  arguments_: SwitchArguments,
  terminal: Terminal,
  context: CommandContext,
): Promise<void> {
  mustFitTheScoring(dataset, comparison);
  const objection = objectionTo(dataset, comparison);
  if (objection !== undefined && !arguments_.force) {
    throw new ProgramError(exitCodes.failed, `not promoted: ${objection}`, {
      cure: "--force promotes it all the same",
    });
  }
  const { rows } = comparison.trained;
  const description = `Boosted trees that predict ${dataset.label}, learnt from ${dataset.rows} rows, ${rows} of them held out`;
  const switched = await promote(model, description, stack, stack.arm);
  await report(switched, "promoted", arguments_, terminal, context);
}

/** Makes the deployment answer again that did before the last promotion. */
export async function rollbackCommand(arguments_: SwitchArguments, context: CommandContext): Promise<number> {
  const terminal = createTerminal(context);
  const outputs = await findStack(arguments_, context);
  const http = createHttpClient(context);
  try {
    const switched = await rollBack(outputs, openArm({ http, context }));
    await report(switched, "rolledBack", arguments_, terminal, context);
    return exitCodes.succeeded;
  } finally {
    await http.close();
  }
}

/** The scoring script prepares the features of trips and writes one number a row: no other model can run there. */
function mustFitTheScoring(dataset: Dataset, { trained }: Comparison): void {
  const mismatch = dataset.isTrips
    ? trained.task === "classification" && "the scoring writes a predicted number, and this model tells classes apart"
    : "the scoring prepares the columns of trips (contract/trips.ts), and this model reads others";
  if (!mismatch) return;
  throw new ProgramError(exitCodes.failed, `not promoted: ${mismatch}`, {
    cure: "leave --promote out: the model and its errors are kept where the command says",
  });
}

function objectionTo({ label }: Dataset, { trained, present, isUnseen }: Comparison): string | undefined {
  if (isUnseen === false) return mayHaveSeen;
  if (label !== knownFareColumn) return `it predicts ${label}, and the scores say predicted_${knownFareColumn}`;
  if ("why" in present) return `it cannot be compared with the present model: ${present.why}`;
  if (isWorse(trained, present.metrics)) return `it is worse than the present model ${present.name}`;
  return undefined;
}

async function report(
  { deployment, before }: Switched,
  event: "promoted" | "rolledBack",
  arguments_: SwitchArguments,
  terminal: Terminal,
  context: CommandContext,
): Promise<void> {
  if (arguments_.json) terminal.line(JSON.stringify({ event, deployment, before }));
  else if (deployment === before) terminal.line(`${deployment} answers already`);
  else terminal.line(`${deployment} answers now instead of ${before}`);
  terminal.note(await keepInConfiguration(deployment, arguments_, context));
  if (!arguments_.json) terminal.line(`score with it: ${typedLine("npm run trigger", context.environment)}`);
}

/** The next `pulumi up` makes the deployment the default that the stack's configuration names. */
async function keepInConfiguration(
  deployment: string,
  selection: StackSelection,
  context: CommandContext,
): Promise<string> {
  const setting = `pulumi config set defaultDeployment ${deployment}`;
  if (!isPulumiStack(selection, context)) {
    return `if \`pulumi up\` made this stack, type this too, or the next one switches back: ${setting}`;
  }
  const mistake = await setPulumiConfiguration("defaultDeployment", deployment, selection.stack, context);
  if (mistake === undefined) return `the stack's configuration says so too: ${setting}`;
  return `the stack's configuration does not say so yet (${mistake}); type this, or the next \`pulumi up\` switches back: ${setting}`;
}
