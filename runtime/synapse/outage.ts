import { messageOf } from "../../contract/errors.js";

const minuteMs = 60_000;

/** What to say of polls that fail: the first one at once, then one sentence a minute, then that the run is seen again. */
export class Outage {
  #sinceMs: number | undefined;
  #minutesTold = 0;

  /** The sentence about a poll that failed at `nowMs` (milliseconds since 1970); undefined when it need not be told. */
  failed(thrown: unknown, nowMs: number): string | undefined {
    if (this.#sinceMs === undefined) {
      this.#sinceMs = nowMs;
      return `cannot see the run at the moment, trying again: ${messageOf(thrown)}`;
    }
    const minutes = Math.floor((nowMs - this.#sinceMs) / minuteMs);
    if (minutes <= this.#minutesTold) return undefined;
    this.#minutesTold = minutes;
    return `still cannot see the run after ${minutes} min: ${messageOf(thrown)}`;
  }

  /** The sentence about the end of the outage; undefined when there was none. */
  ended(): string | undefined {
    if (this.#sinceMs === undefined) return undefined;
    this.#sinceMs = undefined;
    this.#minutesTold = 0;
    return "the run is seen again";
  }
}
