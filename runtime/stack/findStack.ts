import { readFile } from "node:fs/promises";
import path from "node:path";
import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import type { StackOutputs } from "../../contract/stackOutputs.js";
import type { CommandContext } from "../commands/context.js";
import { typedLine } from "../terminal/typedLine.js";
import { parseOutputs } from "./parseOutputs.js";
import { pulumiOutputs } from "./pulumiOutputs.js";

export interface StackSelection {
  /** `--outputs`: a file with the outputs, or `-` for standard input. */
  readonly outputs?: string;
  /** `--stack`: a Pulumi stack other than the selected one. */
  readonly stack?: string;
  /** `--workspace`: a Synapse workspace by its name, whoever made it. */
  readonly workspace?: string;
}

/**
 * The outputs of the deployed stack, from the first of these that is there: `--outputs`, the file that STACK_OUTPUTS
 * names, the Pulumi stack. Without any it rejects with exit code 2 and the ways to get one.
 */
export async function findStack(selection: StackSelection, context: CommandContext): Promise<StackOutputs> {
  if (selection.outputs === "-")
    return parseOutputs(await readAll(context.stdin), "standard input", properFile(context));
  if (selection.outputs !== undefined) return readOutputs(selection.outputs, "--outputs", context);
  const file = context.environment["STACK_OUTPUTS"];
  if (file) {
    if (selection.stack !== undefined) throw twoPlaces(selection.stack, file);
    return readOutputs(file, "STACK_OUTPUTS", context);
  }
  const answer = await pulumiOutputs(selection.stack, context);
  if ("outputs" in answer)
    return parseOutputs(answer.outputs, "`pulumi stack output --json`", "deploy the present program: pulumi up");
  throw new ProgramError(exitCodes.usage, `no deployed stack found: ${answer.reason}`, { cure: waysToGetOne(context) });
}

function waysToGetOne({ elsewhere }: CommandContext): string {
  return [
    "deploy one, then try again",
    "  on Azure:                         pulumi up",
    "  on a laptop, no Azure account:    npm start",
    ...(elsewhere === undefined ? [] : [`  ${elsewhere}`]),
    "or name one: --outputs <file>, --stack <name>, or the variable STACK_OUTPUTS with the file's name",
    "or name any Synapse workspace: --workspace <name>",
  ].join("\n");
}

function properFile({ environment }: CommandContext): string {
  const line = typedLine("npm run -s outputs -- --json", environment);
  return `it must hold what \`${line}\` or \`pulumi stack output --json\` prints for a deployed stack`;
}

function twoPlaces(stack: string, file: string): ProgramError {
  return new ProgramError(exitCodes.usage, `two stacks are named: --stack ${stack} and STACK_OUTPUTS=${file}`, {
    cure: "leave out --stack, or unset STACK_OUTPUTS",
  });
}

async function readOutputs(file: string, source: string, context: CommandContext): Promise<StackOutputs> {
  let text: string;
  try {
    text = await readFile(path.resolve(context.directory, file), "utf8");
  } catch (thrown) {
    throw new ProgramError(exitCodes.usage, `${source} names ${file}, which cannot be read: ${messageOf(thrown)}`, {
      cure: `check the path, or ${waysToGetOne(context)}`,
      cause: thrown,
    });
  }
  return parseOutputs(text, file, properFile(context));
}

async function readAll(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks).toString("utf8");
}
