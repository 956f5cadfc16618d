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

/** The clock on the wall. Its timers do not stop the process from ending when `keepAlive` is false. */
export function systemClock(options: { keepAlive?: boolean } = {}): Clock {
  return {
    now: () => new Date(),
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const timer = setTimeout(finish, milliseconds);
        if (options.keepAlive === false) timer.unref();
        signal?.addEventListener("abort", stop, { once: true });
        function finish() {
          signal?.removeEventListener("abort", stop);
          resolve();
        }
        function stop() {
          clearTimeout(timer);
          reject(signal?.reason);
        }
      }),
  };
}
