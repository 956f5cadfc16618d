import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { dieWithParent } from "../emulator/children.js";
import { execPrefix, outputsFile } from "../emulator/environment.js";
import { projectRoot, stateHome } from "../emulator/home.js";
import { type CommandContext, processContext } from "../runtime/commands/context.js";
import { registerRuntimeCommands } from "../runtime/commands/register.js";

/** The program with the commands that work on a deployed stack or a workspace, in the running process. */
export function createProgram(): { readonly program: Command; readonly context: CommandContext } {
  dieWithParent();
  const manifest = JSON.parse(readFileSync(path.join(projectRoot(), "package.json"), "utf8")) as { version: unknown };
  const outputs = outputsFile(stateHome(process.env));
  const isDeployedHere = existsSync(outputs);
  const isJoined = process.env["SYNAPSE_BATCH_PREFIX"] !== undefined || process.env["STACK_OUTPUTS"] === outputs;
  const elsewhere = isDeployedHere
    ? { elsewhere: `${"deployed on this machine:".padEnd(34)}${execPrefix} npm run trigger` }
    : isJoined
      ? { elsewhere: `${"nothing is deployed here yet:".padEnd(34)}npm run emulator -- deploy` }
      : {};
  const deployed = isDeployedHere && isJoined ? { deployLine: "npm run emulator -- deploy" } : {};
  // not spread: the size of the terminal is read anew each time
  const context: CommandContext = Object.assign(processContext(), elsewhere, deployed);
  const program = new Command("synapse-batch")
    .description("stand up, run and watch Azure Synapse to Azure Machine Learning batch scoring")
    .version(String(manifest.version))
    .enablePositionalOptions()
    .showHelpAfterError("(--help tells the options)");
  registerRuntimeCommands(program, context);
  return { program, context };
}
