import type { Clock } from "./clock.js";

/** A clock whose hours take no time. */
export interface VirtualClock extends Clock {
  /** Moves on by so much, firing on the way every timer that falls due, those made on the way included. */
  advance(milliseconds: number): Promise<void>;
  /** Jumps to the next timer; false when there is none. */
  advanceToNext(): Promise<boolean>;
  /** While the work is under way the clock does not jump by itself: for what really takes time, like a socket. */
  hold<T>(work: Promise<T>): Promise<T>;
  /** How many sleepers there are. */
  readonly sleepers: number;
}

interface Timer {
  readonly due: number;
  readonly fire: () => void;
}

/** `automatic` (the default) jumps to the next timer whenever nothing else can happen; else only when asked. */
export function virtualClock(options: { start?: string; automatic?: boolean } = {}): VirtualClock {
  const automatic = options.automatic ?? true;
  const timers = new Set<Timer>();
  const held = new Set<Promise<unknown>>();
  let now = Date.parse(options.start ?? "2026-01-02T03:04:05.000Z");
  let pumping = false;

  const next = () =>
    [...timers].reduce<Timer | undefined>(
      (first, timer) => (first && first.due <= timer.due ? first : timer),
      undefined,
    );

  function fire(timer: Timer): void {
    timers.delete(timer);
    now = Math.max(now, timer.due);
    timer.fire();
  }

  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    for (;;) {
      await quiet();
      if (held.size > 0) {
        await Promise.allSettled(held);
        // whoever waited for it goes on first
        continue;
      }
      const timer = next();
      if (!timer) break;
      fire(timer);
    }
    pumping = false;
  }

  return {
    now: () => new Date(now),
    get sleepers() {
      return timers.size;
    },
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const timer: Timer = {
          due: now + milliseconds,
          fire: () => {
            signal?.removeEventListener("abort", stop);
            resolve();
          },
        };
        const stop = () => {
          timers.delete(timer);
          reject(signal?.reason);
        };
        signal?.addEventListener("abort", stop, { once: true });
        timers.add(timer);
        if (automatic) void pump();
      }),
    async advance(milliseconds) {
      const until = now + milliseconds;
      await quiet();
      for (let timer = next(); timer && timer.due <= until; timer = next()) {
        fire(timer);
        await quiet();
      }
      now = until;
    },
    async advanceToNext() {
      await quiet();
      const timer = next();
      if (timer) fire(timer);
      await quiet();
      return timer !== undefined;
    },
    hold(work) {
      const end = work.finally(() => held.delete(end));
      held.add(end);
      return end;
    },
  };
}

/** Lets everything run that waits for no timer and no socket. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
