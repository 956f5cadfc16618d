import type { ExitCode } from "../../contract/errors.js";

/** What the commands may touch of the process they run in. */
export interface CommandContext {
  readonly environment: NodeJS.ProcessEnv;
  /** Writes one line of talk (stderr). */
  readonly log: (line: string) => void;
  /** Writes one line of data (stdout). */
  readonly print: (line: string) => void;
  /** How wide the terminal is that takes the talk; undefined where none does. */
  readonly columns?: number | undefined;
  /** Sets the exit code of the process. */
  readonly exit: (code: ExitCode | number) => void;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}
