import { type ExitCode, exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import type { Terminal } from "./terminal.js";

/** Prints what was thrown (`error: …`, then `how to solve: …`) and returns the command's exit code. */
export function printError(terminal: Terminal, thrown: unknown): ExitCode {
  const { colors } = terminal;
  terminal.note(`${colors.red("error:")} ${messageOf(thrown)}`);
  if (!(thrown instanceof ProgramError)) {
    terminal.note(
      "how to solve: this is a fault of the program itself; please report it with the command that you typed",
    );
    return exitCodes.failed;
  }
  if (thrown.cure !== undefined) terminal.note(`${colors.bold("how to solve:")} ${thrown.cure}`);
  return thrown.exitCode;
}
