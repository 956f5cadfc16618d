import { Command } from "commander";
import { dieWithParent } from "../emulator/children.js";
import { registerEmulatorCommands } from "../emulator/commands/register.js";
import { processContext } from "../runtime/commands/context.js";
import { registerRuntimeCommands } from "../runtime/commands/register.js";
import { runProgram } from "../runtime/commands/runProgram.js";

dieWithParent();
const context = processContext();
const program = new Command("synapse-batch")
  .description("Stand up, run and watch Azure Synapse to Azure Machine Learning batch scoring.")
  .enablePositionalOptions()
  .showHelpAfterError();
registerRuntimeCommands(program, context);
registerEmulatorCommands(program, {
  environment: process.env,
  log: (line) => void context.stderr.write(`${line}\n`),
  print: (line) => void context.stdout.write(`${line}\n`),
  exit: context.exitWith,
});
await runProgram(program, process.argv.slice(2), context);
