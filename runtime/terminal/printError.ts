import { type ExitCode, exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import { type Exchange, HttpError } from "../http/errors.js";
import type { Terminal } from "./terminal.js";

/**
 * Prints what was thrown (`error: …`, then `how to solve: …`) and returns the command's exit code. `verbose` puts the
 * request and the answer before it, where a service has refused.
 */
export function printError(terminal: Terminal, thrown: unknown, { verbose = false } = {}): ExitCode {
  const { colors } = terminal;
  const exchange = verbose ? exchangeOf(thrown) : undefined;
  if (exchange !== undefined) {
    terminal.note(`${colors.bold("request:")} ${exchange.request}`);
    terminal.note(`${colors.bold("answer:")} ${exchange.answer}`);
  }
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

/** Of the refusal that stands behind an error. */
function exchangeOf(thrown: unknown): Exchange | undefined {
  if (thrown instanceof HttpError) return thrown.exchange;
  return thrown instanceof Error && thrown.cause !== undefined ? exchangeOf(thrown.cause) : undefined;
}
