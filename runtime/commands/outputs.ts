import { exitCodes } from "../../contract/errors.js";
import type { StackOutputs } from "../../contract/stackOutputs.js";
import { findStack, type StackSelection } from "../stack/findStack.js";
import { tableLines } from "../terminal/table.js";
import { createTerminal, type Terminal } from "../terminal/terminal.js";
import { printable } from "../terminal/text.js";
import { typedLine } from "../terminal/typedLine.js";
import type { CommandContext } from "./context.js";
import { parameterRows } from "./parameterRows.js";
import { type Session, withSession } from "./session.js";

export interface OutputsArguments extends StackSelection {
  readonly json?: boolean;
}

/** Prints the stack's outputs: a table for a person, the object itself with `--json`. */
export async function outputsCommand(arguments_: OutputsArguments, context: CommandContext): Promise<number> {
  const terminal = createTerminal(context);
  if (arguments_.workspace !== undefined)
    return withSession(arguments_, context, (session) =>
      printWorkspace(session, arguments_.json ?? false, terminal, context),
    );
  const outputs = await findStack(arguments_, context);
  if (arguments_.json) terminal.line(JSON.stringify(outputs, undefined, 2));
  else printOutputs(outputs, terminal, context);
  return 0;
}

/** Names, addresses, parameters, what to type next; never cut, because addresses are there to be opened. */
function printOutputs(outputs: StackOutputs, terminal: Terminal, { environment }: CommandContext): void {
  const { colors } = terminal;
  const sections: readonly (readonly [string, readonly (readonly string[])[]])[] = [
    [
      "Stack",
      [
        ["tenant", outputs.tenantId],
        ["subscription", outputs.subscriptionId],
        ["resource group", `${outputs.resourceGroup} (${outputs.location})`],
        ["Synapse workspace", outputs.synapseWorkspace],
        ["pipeline", outputs.pipelineName],
        ["ML workspace", outputs.machineLearningWorkspace],
        ["batch endpoint", outputs.batchEndpoint],
        ["key vault", outputs.keyVault],
      ],
    ],
    [
      "Addresses",
      [
        ["Synapse Studio", outputs.synapseStudioUrl],
        ["ML studio", outputs.machineLearningStudioUrl],
        ["Azure portal", outputs.portalUrl],
        ["input", outputs.inputUrl],
        ["scores", outputs.scoresUrl],
        ["scoring", outputs.scoringUri],
        ...(outputs.besEndpoint === undefined ? [] : [["retraining", outputs.besEndpoint]]),
      ],
    ],
    ["Parameters of the pipeline", parameterRows(outputs.pipelineParameters)],
    ["Next", outputs.next.map((line) => [typedLine(line, environment)])],
  ];
  for (const [title, rows] of sections) {
    if (rows.length === 0) continue;
    terminal.line(colors.bold(title));
    for (const line of tableLines(rows, Number.POSITIVE_INFINITY)) terminal.line(`  ${line}`);
  }
}

/** Of a workspace that no stack is known for: where it is, and its pipelines with their parameters. */
async function printWorkspace(
  { place, synapse }: Session,
  json: boolean,
  terminal: Terminal,
  context: CommandContext,
): Promise<number> {
  const { synapseWorkspace, synapseEndpoint, synapseStudioUrl, resource } = place;
  const found = await synapse.listPipelines(context.signal);
  const pipelines = found.map(({ name, properties }) => ({ name, parameters: properties.parameters ?? {} }));
  const workspace = { synapseWorkspace, id: resource?.id ?? null, location: resource?.location ?? null };
  if (json) {
    terminal.line(JSON.stringify({ ...workspace, synapseEndpoint, synapseStudioUrl, pipelines }, undefined, 2));
    return exitCodes.succeeded;
  }
  const rows = [
    ["Synapse workspace", synapseWorkspace],
    ...(resource === undefined ? [] : [["resource", `${resource.id} (${resource.location})`]]),
    ["endpoint", synapseEndpoint],
    ["Synapse Studio", synapseStudioUrl],
  ];
  for (const line of tableLines(rows, Number.POSITIVE_INFINITY)) terminal.line(line);
  for (const { name, parameters } of pipelines) {
    terminal.line(terminal.colors.bold(`Pipeline ${printable(name)}`));
    for (const line of tableLines(parameterRows(parameters), Number.POSITIVE_INFINITY)) terminal.line(`  ${line}`);
  }
  return exitCodes.succeeded;
}
