/**
 * The only source of time in `emulator/` and `runtime/`. Code never calls `setTimeout` or `Date.now` itself, so a test
 * (or a scaled emulator) decides how long an hour takes.
 */
export interface Clock {
  /** The present moment. In the emulator this is emulated time, which may run faster than a watch. */
  now(): Date;
  /** Resolves after `milliseconds` of this clock's time; rejects with the signal's reason when it is aborted before. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The platform's timers overflow beyond this and fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The clock on the wall. Its timers do not stop the process from ending when `keepAlive` is false. */
export function systemClock(options: { keepAlive?: boolean } = {}): Clock {
  const keepAlive = options.keepAlive ?? true;
  return {
    now: () => new Date(),
    async sleep(milliseconds, signal) {
      let left = milliseconds;
      for (; left > longestTimerMs; left -= longestTimerMs) await runTimer(longestTimerMs, keepAlive, signal);
      await runTimer(left, keepAlive, signal);
    },
  };
}

/** A clock that, from this moment on, runs `scale` times as fast as another. */
export function scaledClock(clock: Clock, scale: number): Clock {
  const start = clock.now().getTime();
  return {
    now: () => new Date(start + (clock.now().getTime() - start) * scale),
    sleep: (milliseconds, signal) => clock.sleep(milliseconds / scale, signal),
  };
}

function runTimer(milliseconds: number, keepAlive: boolean, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const timer = setTimeout(finish, milliseconds);
    if (!keepAlive) timer.unref();
    signal?.addEventListener("abort", stop, { once: true });
    function finish() {
      signal?.removeEventListener("abort", stop);
      resolve();
    }
    function stop() {
      clearTimeout(timer);
      reject(signal?.reason);
    }
  });
}
