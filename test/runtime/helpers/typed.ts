import { Command } from "commander";
import { processContext } from "../../../runtime/commands/context.js";
import { registerRuntimeCommands } from "../../../runtime/commands/register.js";
import { runProgram } from "../../../runtime/commands/runProgram.js";

/** A process of its own that runs the command of its arguments, signed in with a fixed token. */
const context = Object.assign(processContext(), { tokens: { token: async () => "a-token" } });
const program = new Command("synapse-batch");
registerRuntimeCommands(program, context);
await runProgram(program, process.argv.slice(2), context);
