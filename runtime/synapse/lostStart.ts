import type { Clock } from "../../contract/clock.js";
import { messageOf } from "../../contract/errors.js";
import { HttpError } from "../http/errors.js";
import type { StartFinder } from "./findStart.js";
import type { StartIdentity } from "./startIdentity.js";
import { unknownStart } from "./unknownStart.js";

/** Pauses before the looks for a run; the last one again and again. */
const pausesMs = [0, 1_000, 2_000, 4_000, 8_000];
/** The service's index is a few seconds behind: only a run that is not to be seen after this time is not there. */
const settledAfterMs = 15_000;
/** How long a Retry-After is heeded. */
const longestRetryAfterMs = 120_000;
/** How long looks may fail. */
const patienceMs = 120_000;
/** A look counts for at most so much of it: the clock that timed it may have jumped. */
const longestLookMs = 30_000;

/**
 * Looks for the run of a start whose answer was lost. Undefined: the service answers, and there is no such run. Rejects
 * with exit code 6 when the looks keep failing or several runs may be the one. The time of day may jump meanwhile: how long
 * was looked is the sum of the pauses.
 */
export async function lookForLostStart(options: {
  /** What became of the sending so far; the last one is the answer that was lost now. */
  readonly lost: readonly unknown[];
  /** When it was sent first, in milliseconds since 1970. */
  readonly sentAt: number;
  readonly identity: StartIdentity;
  readonly finder: StartFinder;
  readonly clock: Clock;
  readonly notice: (line: string) => void;
}): Promise<string | undefined> {
  const { lost, sentAt, identity, finder, clock } = options;
  const latest = lost.at(-1);
  const asked = (latest instanceof HttpError ? latest.retryAfterMs : undefined) ?? 0;
  const settlingMs = Math.max(settledAfterMs, Math.min(asked, longestRetryAfterMs));
  let pausedMs = 0;
  let lookedMs = 0;
  for (let looks = 0; ; looks += 1) {
    if (looks === 1) options.notice(sentenceOf(lost, identity, settlingMs));
    const pauseMs = pausesMs[Math.min(looks, pausesMs.length - 1)] ?? 0;
    await clock.sleep(pauseMs);
    pausedMs += pauseMs;
    const begun = clock.now().getTime();
    const seen = await finder.look(sentAt).catch((thrown: unknown) => {
      lookedMs += Math.min(Math.max(0, clock.now().getTime() - begun), longestLookMs);
      if (mayPass(thrown) && pausedMs + lookedMs < patienceMs) return undefined;
      throw unknownStart(identity, [...lost, thrown], []);
    });
    if (seen?.run) return seen.run.runId;
    if (!seen || pausedMs < settlingMs) continue;
    if (seen.lookAlikes.length > 1) throw unknownStart(identity, lost, seen.lookAlikes);
    return seen.lookAlikes[0]?.runId;
  }
}

/** What is looked for and for how long; the cause is told only the first time. */
function sentenceOf(lost: readonly unknown[], { correlationId }: StartIdentity, patience: number): string {
  const seconds = `${Math.round(patience / 1000)} s`;
  if (lost.length > 1) return `the start was sent again and turned away again, looking for the run for ${seconds} more`;
  const what = correlationId === undefined ? "the run" : `the run with the correlation id ${correlationId}`;
  return `the answer to the start was lost, looking for ${what} for ${seconds}: ${messageOf(lost[0])}`;
}

/** A refusal stays; a fault of the service or the way to it may pass. */
function mayPass(thrown: unknown): boolean {
  return !(thrown instanceof HttpError) || thrown.status >= 500 || thrown.status === 408 || thrown.status === 429;
}
