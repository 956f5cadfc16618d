import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Command } from "commander";
import { onTestFinished } from "vitest";
import type { StackOutputs } from "../../../contract/stackOutputs.js";
import type { CommandContext } from "../../../runtime/commands/context.js";
import { registerRuntimeCommands } from "../../../runtime/commands/register.js";
import { runProgram } from "../../../runtime/commands/runProgram.js";
import { testContext } from "./commandContext.js";
import { sampleOutputs } from "./sampleOutputs.js";
import { type ServerScript, startSynapseServer } from "./synapseServer.js";

/** Types a command in a folder of its own against a scripted workspace, whose stack the environment names; nothing is added to what is typed. */
export async function runCommand(
  script: ServerScript,
  typed: readonly string[],
  overrides: Partial<CommandContext> = {},
  outputs: Partial<StackOutputs> = {},
) {
  const server = await startSynapseServer(script);
  const directory = await mkdtemp(path.join(os.tmpdir(), "commands-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = path.join(directory, "outputs.json");
  await writeFile(file, JSON.stringify(sampleOutputs(server.url, outputs)));
  const { context, recorded } = testContext({
    directory,
    environment: { STACK_OUTPUTS: file, NO_COLOR: "1" },
    ...overrides,
  });
  const program = new Command("synapse-batch");
  registerRuntimeCommands(program, context);
  await runProgram(program, typed, context);
  return { server, recorded, directory };
}

/** Started through a wrapper. */
export const wrapped = { environment: { SYNAPSE_BATCH_PREFIX: "npm run wrap -- exec" } };
