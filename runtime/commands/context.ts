import { type Clock, systemClock } from "../../contract/clock.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { type Ids, randomIds } from "../../contract/ids.js";
import type { TokenSource } from "../auth/credential.js";
import { processOutput } from "./processOutput.js";

export interface TextOutput {
  write(text: string): unknown;
}

/** All that a command knows of the process it runs in. */
export interface CommandContext {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The current folder. */
  readonly directory: string;
  readonly clock: Clock;
  readonly ids: Ids;
  /** From 0 to less than 1. */
  readonly random: () => number;
  /** Whether stdout is a terminal. */
  readonly isTerminal: boolean;
  /** The terminal's present size; a file, and a terminal that tells no size, count as 80 columns and 24 rows. */
  readonly columns: number;
  readonly rows: number;
  /** Aborted by Ctrl-C, with a `ProgramError` of exit code 130 as its reason, and where a stream cannot be written. */
  readonly signal: AbortSignal;
  /** Waits until both streams have what was written to them; rejects with exit code 3 where one cannot be written. */
  readonly written: () => Promise<void>;
  /** Takes the exit code of the command that commander started. */
  readonly exitWith: (code: number) => void;
  /** Values that are masked in everything that is written from the moment they stand here. */
  readonly secrets: Set<string>;
  /** Stands in for the sign-in with @azure/identity. */
  readonly tokens?: TokenSource;
  /** One more way to get a stack, in one line, where the caller knows one. */
  readonly elsewhere?: string;
  /** What is typed to deploy the stack anew, where it is not `pulumi up`. */
  readonly deployLine?: string;
}

/** npm passes a Ctrl-C on that the terminal has sent already: within this time it is the same one. */
const sameInterruptMs = 1_000;

/**
 * The context of the running process. The first Ctrl-C aborts `signal`, the second one ends the process. A reader that
 * goes away (`| head`) counts as an interruption, and so does a stream that cannot be written.
 */
export function processContext(): CommandContext {
  const interruption = new AbortController();
  const signals = ["SIGINT", "SIGTERM"] as const;
  const interrupt = (reason = new ProgramError(exitCodes.interrupted, "interrupted")) => {
    if (interruption.signal.aborted) return;
    interruption.abort(reason);
    void systemClock({ keepAlive: false })
      .sleep(sameInterruptMs)
      .then(() => {
        for (const name of signals) process.off(name, onSignal);
      });
  };
  const onSignal = () => interrupt();
  for (const name of signals) process.on(name, onSignal);
  return {
    stdin: process.stdin,
    ...processOutput(interrupt),
    environment: process.env,
    directory: process.cwd(),
    clock: systemClock(),
    ids: randomIds,
    random: Math.random,
    isTerminal: process.stdout.isTTY === true,
    get columns() {
      return process.stdout.columns || 80;
    },
    get rows() {
      return process.stdout.rows || 24;
    },
    signal: interruption.signal,
    secrets: new Set(),
    exitWith: (code) => {
      process.exitCode = code;
    },
  };
}
