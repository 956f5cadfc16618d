import { describe, expect, it } from "vitest";
import { Pace } from "../../../runtime/synapse/pace.js";

const still = { changed: false, waitLeftMs: undefined };

/** The pauses after polls that show nothing new, until they add up to `untilMs`. */
function pauses(untilMs: number): number[] {
  const pace = new Pace();
  const all: number[] = [];
  while (pace.passedMs < untilMs) all.push(pace.afterPoll(still));
  return all;
}

describe("the pace of polls", () => {
  it("notices the end of runs of 5 to 60 s within 0.6 s in the median: no pause is longer than twice that", () => {
    const worst = Math.max(...pauses(60_000));
    expect(worst / 2).toBeLessThan(600);
  });

  it("needs, with activities at every other poll, no more requests than a poll of run and activities each second", () => {
    for (let seconds = 5; seconds <= 60; seconds++) {
      const polls = pauses(seconds * 1000).length + 1;
      const definitionAndStart = 2;
      expect(polls + Math.ceil(polls / 2) + definitionAndStart).toBeLessThanOrEqual(2 * (seconds + 1) + 2);
    }
  });

  it("slows down to 10 s while nothing changes, and is fast again after a change", () => {
    const pace = new Pace();
    while (pace.passedMs < 20 * 60_000) pace.afterPoll(still);
    expect(pace.afterPoll(still)).toBe(10_000);
    expect(pace.afterPoll({ changed: true, waitLeftMs: undefined })).toBe(850);
  });

  it("comes at the end of a Wait, and is more seldom while nothing but a Wait goes on", () => {
    const pace = new Pace();
    pace.afterPoll(still);
    expect(pace.afterPoll({ changed: false, waitLeftMs: 30_000 })).toBe(2_550);
    expect(pace.afterPoll({ changed: false, waitLeftMs: 400 })).toBe(450);
  });

  it("waits after a failure as long as Retry-After asks for, up to ten minutes, else longer each time up to 10 s", () => {
    const pace = new Pace();
    expect(pace.afterFailure(240_000)).toBe(240_000);
    expect(pace.afterFailure(3_600_000)).toBe(600_000);
    const later = [1, 2, 3, 4, 5, 6].map(() => pace.afterFailure(undefined));
    expect(later.at(-1)).toBe(10_000);
    expect(later).toEqual([...later].sort((one, other) => one - other));
  });
});
