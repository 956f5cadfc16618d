import type { Clock } from "../../contract/clock.js";

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** Waits of this length and more (deadlines of requests) never make the clock jump. */
const jumpLimitMs = 60_000;

/** A clock that moves only when it is told to, or, with `jumps`, to the end of each short wait as soon as it begins. */
export class ManualClock implements Clock {
  readonly #jumps: boolean;
  #now: number;
  #sleepers: Sleeper[] = [];
  /** The length of every wait that was asked for, in milliseconds. */
  readonly sleeps: number[] = [];

  constructor(options: { jumps?: boolean; start?: string } = {}) {
    this.#jumps = options.jumps ?? false;
    this.#now = Date.parse(options.start ?? "2024-05-01T08:00:00.000Z");
  }

  now(): Date {
    return new Date(this.#now);
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(milliseconds);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      };
      const sleeper = { due: this.#now + milliseconds, wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener("abort", stop, { once: true });
      if (this.#jumps && milliseconds < jumpLimitMs) setImmediate(() => this.#moveTo(sleeper.due));
    });
  }

  /** Moves on by that much and wakes whoever is due, then lets what was woken run. */
  async advance(milliseconds: number): Promise<void> {
    this.#moveTo(this.#now + milliseconds);
    await new Promise((resolve) => setImmediate(resolve));
  }

  #moveTo(moment: number): void {
    this.#now = Math.max(this.#now, moment);
    const due = this.#sleepers.filter((sleeper) => sleeper.due <= this.#now).sort((one, other) => one.due - other.due);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.due > this.#now);
    for (const sleeper of due) sleeper.wake();
  }
}
