import type { ExitCode } from "../../contract/errors.js";

/** What the commands may touch of the process they run in. */
export interface CommandContext {
  readonly environment: NodeJS.ProcessEnv;
  /** Writes one line of talk (stderr). */
  readonly log: (line: string) => void;
  /** Writes one line of data (stdout). */
  readonly print: (line: string) => void;
  /** The width of the terminal that shows what `log` writes; undefined where it goes elsewhere. */
  readonly columns?: number | undefined;
  /** The same of what `print` writes. */
  readonly printColumns?: number | undefined;
  /** Sets the exit code of the process. */
  readonly exit: (code: ExitCode | number) => void;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}
