import { afterEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../contract/clock.js";

const day = 24 * 3_600_000;

describe("the system clock", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("sleeps for longer than one timer of the platform can", async () => {
    vi.useFakeTimers();
    let awake = false;
    const sleep = systemClock()
      .sleep(60 * day)
      .then(() => {
        awake = true;
      });
    await vi.advanceTimersByTimeAsync(60 * day - 1);
    expect(awake).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await sleep;
    expect(awake).toBe(true);
  });

  it("wakes with the signal's reason, also in a later part of a long sleep", async () => {
    vi.useFakeTimers();
    const stop = new AbortController();
    const sleep = systemClock().sleep(60 * day, stop.signal);
    const caught = expect(sleep).rejects.toThrow("enough");
    await vi.advanceTimersByTimeAsync(30 * day);
    stop.abort(new Error("enough"));
    await caught;
  });
});
