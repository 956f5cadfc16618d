import type { Clock } from "../../contract/clock.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";

export interface TimeLimit {
  /** Aborted with `stop`, or with a `ProgramError` of exit code 5 once the time is over. */
  readonly signal: AbortSignal;
  /** Ends the waiting for the time to be over. */
  readonly lift: () => void;
}

/** A limit of `limitMs` milliseconds from now on, or none. */
export function timeLimit(limitMs: number | undefined, stop: AbortSignal | undefined, clock: Clock): TimeLimit {
  const over = new AbortController();
  const lifted = new AbortController();
  if (limitMs !== undefined) {
    clock.sleep(limitMs, lifted.signal).then(
      () => over.abort(new ProgramError(exitCodes.timedOut, "the time of --timeout is over")),
      () => {},
    );
  }
  const signal = stop === undefined ? over.signal : AbortSignal.any([stop, over.signal]);
  return { signal, lift: () => lifted.abort() };
}
