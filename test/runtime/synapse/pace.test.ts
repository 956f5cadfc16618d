import { describe, expect, it } from "vitest";
import { Pace } from "../../../runtime/synapse/pace.js";

const still = { changed: false, waitLeftMs: undefined };
const change = { changed: true, waitLeftMs: undefined };

/** A pace that has seen nothing new for so long. */
function quietFor(milliseconds: number): Pace {
  const pace = new Pace();
  while (pace.passedMs < milliseconds) pace.afterPoll(still);
  return pace;
}

describe("the pace of polls", () => {
  it("slows down to 10 s while nothing changes, and is fast again after a change", () => {
    const pace = quietFor(20 * 60_000);
    expect(pace.afterPoll(still)).toBe(10_000);
    expect(pace.afterPoll(change)).toBe(300);
  });

  it("never sends more than two requests a second for long, however much changes", () => {
    const pace = new Pace();
    let requests = 0;
    while (pace.passedMs < 60_000) {
      pace.afterPoll({ ...change, requests: 2 });
      requests += 2;
    }
    expect(requests).toBeLessThanOrEqual(2 * 60);
    expect(requests).toBeGreaterThan(2 * 55);
  });

  it("saves up at most twenty requests, whatever a long silence leaves over", () => {
    const pace = quietFor(3_600_000);
    const begun = pace.passedMs;
    for (let poll = 0; poll < 100; poll += 1) pace.afterPoll(change);
    expect(pace.passedMs - begun).toBeGreaterThan((100 - 20) * 500);
  });

  it("counts how long polls take as part of the pauses, and leaves a slow service alone for half of them", () => {
    const [quick, slow, jump, back] = [0, 100, 7_200_000, -7_200_000].map((tookMs) => {
      const pace = quietFor(20_000);
      return pace.afterPoll({ ...still, tookMs });
    });
    expect([quick, slow, jump, back]).toEqual([700, 600, 350, 700]);
  });

  it("comes at the end of a Wait, and is more seldom while nothing but a Wait goes on", () => {
    const pace = quietFor(5_000);
    expect(pace.afterPoll({ changed: false, waitLeftMs: 30_000 })).toBe(2_800);
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
