import { HttpError, UnreachableError } from "../http/errors.js";
import { UnexpectedAnswerError } from "./client.js";

/** Whether a createRun that failed like this may have started a run. */
export function mayHaveStarted(thrown: unknown): boolean {
  if (thrown instanceof HttpError) return thrown.status >= 500 || thrown.status === 408;
  return thrown instanceof UnexpectedAnswerError || (thrown instanceof UnreachableError && thrown.taken);
}

/**
 * Whether the service itself has turned a createRun away as too busy (503 with an error code of its own), so that a run
 * which is not to be seen some seconds later is not there. Everything else can take effect after any look for it: a 500 may
 * be a time-out behind the service, and a cut connection or a gateway's answer ends the way to the service, not its work.
 */
export function wasTurnedAway(thrown: unknown): boolean {
  return thrown instanceof HttpError && thrown.status === 503 && thrown.code !== undefined;
}
