import { type Clock, systemClock } from "../../contract/clock.js";

/** A clock on which so many seconds pass in one. */
export function scaledClock(scale: number): Clock {
  const watch = systemClock({ keepAlive: false });
  const start = watch.now().getTime();
  return {
    now: () => new Date(start + (watch.now().getTime() - start) * scale),
    sleep: (milliseconds, signal) => watch.sleep(milliseconds / scale, signal),
  };
}
