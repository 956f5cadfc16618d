import { expect, it } from "vitest";
import { scaledClock, systemClock } from "../../contract/clock.js";
import { eightHours, expected, timeline } from "./eightHours.js";

/** An hour of the clock is a second of the watch. */
const scale = 3_600;
/** What this machine may be late by, in minutes of the clock: a second of the watch. */
const lateness = 60;

it("eight hours have on a scaled clock the same records, in seconds: none begins early, none much late", async () => {
  const result = await eightHours(scaledClock(systemClock(), scale));
  const seen = timeline(result);
  expect(seen.map(({ what }) => what)).toEqual(expected.map(([name, status, attempt]) => [name, status, attempt]));
  expect(result.run.status).toBe("Succeeded");
  for (const [index, { start, duration }] of seen.entries()) {
    const [name, , , meantStart, meantDuration] = expected[index] ?? ["", "", null, 0, 0];
    expect(start, name).toBeGreaterThanOrEqual(meantStart);
    expect(start, name).toBeLessThanOrEqual(meantStart + lateness);
    expect(duration, name).toBeGreaterThanOrEqual(meantDuration);
    expect(duration, name).toBeLessThanOrEqual(meantDuration + lateness);
  }
});
