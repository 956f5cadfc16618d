/** Exit codes of every command; docs/exit-codes.md is the table for users. */
export const exitCodes = {
  succeeded: 0,
  /** What was asked for ran and failed: a run, a job, a deployment, an expression. */
  failed: 1,
  /** The call is wrong (parameter, file, column, no such run, no stack): nothing was started. */
  usage: 2,
  /** Service, port, state folder or identity not usable: nothing was started, safe to retry. */
  unavailable: 3,
  cancelled: 4,
  timedOut: 5,
  /** It is not known whether a run was started: do not retry blindly. */
  unknown: 6,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * An error meant for the person at the terminal: what failed and why (`message`, which carries the service's own
 * sentence), what to do next (`cure`), and the exit code of the command.
 */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
  readonly exitCode: ExitCode;
  readonly cure: string | undefined;

  constructor(exitCode: ExitCode, message: string, options: { cure?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = exitCode;
    this.cure = options.cure;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
