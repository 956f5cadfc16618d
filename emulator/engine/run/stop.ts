import type { Clock } from "../../../contract/clock.js";

/** Why work was told to stop before its end. "closing" leaves no trace: the run goes on at the next start. */
export class Stop extends Error {
  override readonly name = "Stop";

  constructor(readonly why: "cancelled" | "timeout" | "closing") {
    super(`stopped: ${why}`);
  }
}

/** The reason a signal was aborted with; rethrows what is no `Stop`. */
export function stopOf(signal: AbortSignal): Stop | undefined {
  if (!signal.aborted) return undefined;
  if (signal.reason instanceof Stop) return signal.reason;
  throw signal.reason;
}

/** Resolves when the clock has reached the moment; rejects with the signal's reason. */
export async function sleepUntil(clock: Clock, moment: Date, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const left = moment.getTime() - clock.now().getTime();
    if (left <= 0) return;
    await clock.sleep(left, signal);
  }
}

/** Settles as `work` does, or rejects with the signal's reason as soon as that is aborted. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
