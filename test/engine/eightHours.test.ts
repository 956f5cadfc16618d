import { expect, it } from "vitest";
import { virtualClock } from "../../contract/virtualClock.js";
import { eightHours, expected, timeline } from "./eightHours.js";

const asExpected = expected.map(([name, status, attempt, start, duration]) => ({
  what: [name, status, attempt],
  start,
  duration,
}));

it("eight hours of waits, retries, time-outs and ended tokens have on a virtual clock the records that they mean, to the millisecond", async () => {
  const begun = process.cpuUsage();
  const result = await eightHours(virtualClock());
  const { user, system } = process.cpuUsage(begun);
  expect(timeline(result)).toEqual(asExpected);
  expect(result.run).toMatchObject({ status: "Succeeded", durationInMs: 8 * 3_600_000 });
  expect(result.activity("endless").error.errorCode).toBe("ActivityTimedOut");
  expect(result.activity("stale").error).toMatchObject({ errorCode: "2108", message: "The token has expired." });
  expect(user + system, "microseconds of the processor").toBeLessThan(1_000_000);
});
