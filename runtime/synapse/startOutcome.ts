import { BrokenAnswerError, DeadlineError, HttpError, UnreachableError } from "../http/errors.js";
import { UnexpectedAnswerError } from "./client.js";

/** Whether a createRun that failed like this may have started a run. */
export function mayHaveStarted(thrown: unknown): boolean {
  if (thrown instanceof HttpError) return thrown.status >= 500 || thrown.status === 408;
  return thrown instanceof UnexpectedAnswerError || (thrown instanceof UnreachableError && thrown.taken);
}

/**
 * Whether the service is through with a createRun that failed like this, so that a run which is not to be seen some seconds
 * later is not there. After a time-out it may still be at it; what answers 200 or 202 has taken it, whatever came of the body.
 */
export function isOverForSure(thrown: unknown): boolean {
  if (thrown instanceof HttpError) return thrown.status !== 408 && thrown.status !== 504;
  if (!(thrown instanceof UnreachableError)) return false;
  return !(thrown.cause instanceof DeadlineError || thrown.cause instanceof BrokenAnswerError);
}
