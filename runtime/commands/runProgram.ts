import { type Command, CommanderError } from "commander";
import { exitCodes } from "../../contract/errors.js";
import type { CommandContext } from "./context.js";

/**
 * Parses `arguments_` (without node and the script) and runs the command; a wrong call ends with exit code 2, an error
 * of the command, or of the streams that it writes to, with its own, all through `context.exitWith`.
 */
export async function runProgram(
  program: Command,
  arguments_: readonly string[],
  context: CommandContext,
): Promise<void> {
  prepare(program, context);
  try {
    await program.parseAsync([...arguments_], { from: "user" }).catch((thrown: unknown) => {
      if (!(thrown instanceof CommanderError)) throw thrown;
      context.exitWith(thrown.exitCode === 0 ? exitCodes.succeeded : exitCodes.usage);
    });
    await context.written();
  } catch (thrown) {
    const [{ printError }, { createTerminal }] = await Promise.all([
      import("../terminal/printError.js"),
      import("../terminal/terminal.js"),
    ]);
    context.exitWith(printError(createTerminal(context), thrown, { verbose: arguments_.includes("--verbose") }));
  }
}

/** Nothing but `context` is written to, and the process is never ended from inside. */
function prepare(command: Command, context: CommandContext): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => void context.stdout.write(text),
    writeErr: (text) => void context.stderr.write(text),
    getOutHelpWidth: () => context.columns,
    getErrHelpWidth: () => context.columns,
  });
  for (const inner of command.commands) prepare(inner, context);
}
