const firstPauseMs = 500;
const shortestPauseMs = 850;
const longestPauseMs = 10_000;
/** A poll may come this part of the quiet time late. */
const quietParts = 70;
const failureGrowth = 1.5;
/** While every open activity waits, polls come this much more seldom. */
const waitingFactor = 3;
/** After the end of a Wait its record needs a moment. */
const afterWaitMs = 50;
const longestRetryAfterMs = 10 * 60_000;

/**
 * When to look again. It counts the pauses itself and not the time of day, which may jump: often while things change, more
 * and more seldom while they do not, and at the end of a Wait.
 */
export class Pace {
  #quietMs = 0;
  #passedMs = 0;
  #failures = 0;

  /** All pauses together, in milliseconds. */
  get passedMs(): number {
    return this.#passedMs;
  }

  /** The pause after a poll; `waitLeftMs`: every open activity is a Wait, and this is left of the shortest. */
  afterPoll({ changed, waitLeftMs }: { changed: boolean; waitLeftMs: number | undefined }): number {
    this.#failures = 0;
    if (changed) this.#quietMs = 0;
    const usual = this.#passedMs === 0 ? firstPauseMs : clamp(this.#quietMs / quietParts);
    const waits = waitLeftMs !== undefined && waitLeftMs > 0;
    return this.#take(waits ? Math.min(waitLeftMs + afterWaitMs, clamp(usual * waitingFactor)) : usual);
  }

  /** The pause after a poll that failed; `retryAfterMs` is what the service asks for. */
  afterFailure(retryAfterMs: number | undefined): number {
    this.#failures += 1;
    const usual = clamp(shortestPauseMs * failureGrowth ** this.#failures);
    return this.#take(Math.max(usual, Math.min(retryAfterMs ?? 0, longestRetryAfterMs)));
  }

  #take(pauseMs: number): number {
    this.#quietMs += pauseMs;
    this.#passedMs += pauseMs;
    return pauseMs;
  }
}

function clamp(pauseMs: number): number {
  return Math.round(Math.min(longestPauseMs, Math.max(shortestPauseMs, pauseMs)));
}
