import type { Clock } from "../../../contract/clock.js";
import { Stop } from "./stop.js";

/**
 * Brings a run to rest before its process ends: nothing new begins, and requests that are under way get their answer. Cut
 * off, a POST would have an unknown effect, and the run would have to fail when it is resumed.
 */
export class Rest {
  private asked = false;
  private readonly underWay = new Set<Promise<unknown>>();

  /** To be awaited before anything begins: does not resolve once rest was asked for, and rejects with the signal's reason. */
  async pass(signal: AbortSignal): Promise<void> {
    if (!this.asked) return;
    signal.throwIfAborted();
    await new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }

  /** Counts the work as under way until it settles. */
  async hold<T>(work: Promise<T>): Promise<T> {
    this.underWay.add(work);
    try {
      return await work;
    } finally {
      this.underWay.delete(work);
    }
  }

  /** Resolves when nothing is under way any more, at the latest after `graceMs` of the clock. */
  async come(clock: Clock, graceMs: number): Promise<void> {
    this.asked = true;
    if (graceMs <= 0) return;
    const watch = new AbortController();
    const patience = clock.sleep(graceMs, watch.signal).catch(() => {});
    await Promise.race([Promise.allSettled(this.underWay), patience]);
    watch.abort(new Stop("closing"));
  }
}
