import { describe, expect, it } from "vitest";
import { HttpError } from "../../../runtime/http/errors.js";
import type { StartFinder } from "../../../runtime/synapse/findStart.js";
import { lookForLostStart } from "../../../runtime/synapse/lostStart.js";
import { ManualClock } from "../../helpers/manualClock.js";

const hourMs = 3_600_000;
const answer = (status: number) =>
  new HttpError({ method: "POST", url: "https://ws1/x" }, status, { code: "Busy", message: "No." });

/** A watch that is set by `jumpMs` at the second look. */
function jumpingClock(jumpMs: number) {
  const clock = new ManualClock({ jumps: true });
  let offset = 0;
  return {
    sleeps: clock.sleeps,
    now: () => new Date(clock.now().getTime() + offset),
    sleep: (milliseconds: number, signal?: AbortSignal) => clock.sleep(milliseconds, signal),
    jump: () => {
      offset = jumpMs;
    },
  };
}

/** Looks for a run that is never there; resolves with how long it was looked for. */
async function looked(jumpMs: number, look: () => Promise<{ lookAlikes: [] }>): Promise<number> {
  const clock = jumpingClock(jumpMs);
  let looks = 0;
  const finder: StartFinder = {
    earlier: async () => undefined,
    noteOthers: async () => {},
    look: () => {
      looks += 1;
      if (looks === 2) clock.jump();
      return look();
    },
  };
  const identity = { correlationId: "k", isGiven: false, requestId: "r" };
  const found = lookForLostStart({ lost: [answer(503)], sentAt: 0, identity, finder, clock, notice: () => {} });
  await found.catch((thrown) => expect(thrown).toMatchObject({ exitCode: 6 }));
  return clock.sleeps.reduce((sum, pause) => sum + pause, 0);
}

describe("the look for a start whose answer was lost", () => {
  it.each([0, -2 * hourMs, 2 * hourMs])(
    "takes 15 s until it says that there is no run, though the time of day jumps by %i ms",
    async (jumpMs) => {
      expect(await looked(jumpMs, async () => ({ lookAlikes: [] }))).toBe(15_000);
    },
  );

  it.each([0, -2 * hourMs, 2 * hourMs])(
    "gives up after about two minutes of looks that fail, though the time of day jumps by %i ms",
    async (jumpMs) => {
      const ms = await looked(jumpMs, () => Promise.reject(answer(503)));
      expect(ms).toBeGreaterThan(85_000);
      expect(ms).toBeLessThan(130_000);
    },
  );
});
