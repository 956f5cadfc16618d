import { registerEmulatorCommands } from "../emulator/commands/register.js";
import { runProgram } from "../runtime/commands/runProgram.js";
import { createProgram } from "./program.js";

const { program, context } = createProgram();
registerEmulatorCommands(program, {
  environment: process.env,
  log: (line) => void context.stderr.write(`${line}\n`),
  print: (line) => void context.stdout.write(`${line}\n`),
  columns: process.stderr.columns,
  printColumns: process.stdout.columns,
  exit: context.exitWith,
  signal: context.signal,
});
await runProgram(program, process.argv.slice(2), context);
