/** The first pauses; later ones follow from how long nothing has changed. */
const firstPausesMs = [500, 650, 850, 1_100, 1_400];
const shortestPauseMs = 700;
const longestPauseMs = 10_000;
/** A poll may come this part of the quiet time late. */
const quietParts = 70;
const failureGrowth = 1.5;
/** While every open activity waits, polls come this much more seldom. */
const waitingFactor = 4;
/** After the end of a Wait its record needs a moment. */
const afterWaitMs = 50;
/** What follows a Wait is often short: the pause shortly after a change, where there are requests to spare. */
const hastyPauseMs = 300;
const freshMs = 1_500;
const longestRetryAfterMs = 10 * 60_000;
/** As many as polling a run and its activities once a second would send; those of the first seconds may be spent in advance. */
const requestsPerMs = 2 / 1_000;
const firstRequests = 10;
const firstMs = firstRequests / requestsPerMs;
const mostToSpare = 20;
/** A lack of requests to spare makes no pause longer than this. */
const longestSavingMs = 1_500;

/** What a poll has shown and cost. */
export interface PollOutcome {
  readonly changed: boolean;
  /** Every open activity is a Wait, and this is left of the shortest. */
  readonly waitLeftMs: number | undefined;
  /** How many requests were sent for each run since the last pause, on average; default 1. */
  readonly requests?: number;
  /** How long these requests took; default 0. */
  readonly tookMs?: number;
}

/**
 * When to look again. It counts the pauses and polls itself and not the time of day, which may jump: often while things
 * change, more and more seldom while they do not, at the end of a Wait, and never so often that it sends more requests
 * than a poll of run and activities once a second does.
 */
export class Pace {
  #quietMs = 0;
  #passedMs = 0;
  #polls = 0;
  #failures = 0;
  #toSpare = firstRequests;

  /** All pauses and polls together, in milliseconds. */
  get passedMs(): number {
    return this.#passedMs;
  }

  /** The pause after a poll that was answered. */
  afterPoll({ changed, waitLeftMs, requests = 1, tookMs = 0 }: PollOutcome): number {
    if (changed) this.#quietMs = 0;
    this.#toSpare -= requests;
    const usual = firstPausesMs[this.#polls] ?? this.#usualMs();
    this.#polls += 1;
    this.#failures = 0;
    // a slow service gets at least half of the pause; and the clock that timed the poll may have jumped
    const took = Math.min(Math.max(0, tookMs), usual / 2);
    this.#pass(took);
    const waits = waitLeftMs !== undefined && waitLeftMs > 0;
    const wished = waits ? Math.min(waitLeftMs + afterWaitMs, clamp(usual * waitingFactor)) : usual - took;
    return this.#pass(Math.round(Math.max(wished, Math.min(this.#savingMs(), longestSavingMs))));
  }

  /** The pause after a poll that failed; `retryAfterMs` is what the service asks for. */
  afterFailure(retryAfterMs: number | undefined): number {
    this.#failures += 1;
    this.#toSpare -= 1;
    const usual = clamp(shortestPauseMs * failureGrowth ** this.#failures);
    return this.#pass(Math.max(usual, Math.min(retryAfterMs ?? 0, longestRetryAfterMs)));
  }

  #usualMs(): number {
    const isFresh = this.#quietMs < freshMs && this.#toSpare > 0;
    return isFresh ? hastyPauseMs : clamp(this.#quietMs / quietParts);
  }

  /** How long it takes until there is one request to spare. */
  #savingMs(): number {
    if (this.#toSpare >= 1) return 0;
    return Math.max(0, firstMs - this.#passedMs) + (1 - this.#toSpare) / requestsPerMs;
  }

  #pass(milliseconds: number): number {
    const beyond = (passedMs: number) => Math.max(0, passedMs - firstMs);
    const earned = (beyond(this.#passedMs + milliseconds) - beyond(this.#passedMs)) * requestsPerMs;
    this.#toSpare = Math.min(mostToSpare, this.#toSpare + earned);
    this.#quietMs += milliseconds;
    this.#passedMs += milliseconds;
    return milliseconds;
  }
}

function clamp(pauseMs: number): number {
  return Math.round(Math.min(longestPauseMs, Math.max(shortestPauseMs, pauseMs)));
}
