import type { Clock } from "../../contract/clock.js";

/**
 * When a request may be sent again. `always`: repeating does no harm. `notTaken`: only where the service says that
 * it did nothing with it (429).
 */
export type Repeat = "always" | "notTaken";

export const maxAttempts = 5;
const firstPauseMs = 500;
const longestPauseMs = 20_000;
const longestRetryAfterMs = 120_000;

const passingStatuses = new Set([408, 429, 500, 502, 503, 504]);

/** Whether an answer with this status invites another try. */
export function mayRepeatStatus(status: number, repeat: Repeat): boolean {
  return repeat === "always" ? passingStatuses.has(status) : status === 429;
}

/**
 * How long to wait before try number `attempt` + 1, in milliseconds: what Retry-After (seconds or a date) asks for, else
 * a random part of a pause that doubles. Undefined: the service asks for more patience than one command has.
 */
export function pauseMs(attempt: number, retryAfter: string | undefined, clock: Clock, random: () => number) {
  const asked = retryAfterMs(retryAfter, clock);
  if (asked !== undefined) return asked > longestRetryAfterMs ? undefined : asked;
  return Math.round(Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1)) * (0.5 + random() / 2));
}

/** What a Retry-After header (seconds or a date) asks for, in milliseconds; undefined where there is none. */
export function retryAfterMs(value: string | undefined, clock: Clock): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - clock.now().getTime());
}
