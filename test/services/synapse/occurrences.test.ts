import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { nextOccurrence } from "../../../emulator/services/synapse/triggers/occurrences.js";
import { type Recurrence, readRecurrence } from "../../../emulator/services/synapse/triggers/recurrence.js";

function recurrence(json: JsonObject): Recurrence {
  const read = readRecurrence(json);
  if (!("frequency" in read)) throw new Error(read.join(" "));
  return read;
}

/** The first occurrences after a moment, in short: `2026-03-01T05:00Z`. */
function occurrences(json: JsonObject, after: string, count: number): string[] {
  const found: string[] = [];
  let last: Date | undefined = new Date(after);
  while (found.length < count) {
    last = nextOccurrence(recurrence(json), last);
    if (!last) break;
    found.push(last.toISOString().replace(":00.000Z", "Z"));
  }
  return found;
}

const day = (interval: number, more: JsonObject = {}) => ({ frequency: "Day", interval, ...more });
const startTime = "2017-04-07T14:00:00Z";

describe("a recurrence without a schedule", () => {
  it("counts from its start, of which what is past is discarded (the page's example)", () => {
    const expected = ["2017-04-09T14:00Z", "2017-04-11T14:00Z", "2017-04-13T14:00Z"];
    for (const start of ["2017-04-07T14:00:00Z", "2017-04-05T14:00:00Z", "2017-04-01T14:00:00Z"]) {
      expect(occurrences(day(2, { startTime: start }), "2017-04-08T13:00:00Z", 3)).toEqual(expected);
    }
  });

  it("occurs first at its start when that is yet to come", () => {
    expect(occurrences(day(1, { startTime }), "2017-01-01T00:00:00Z", 2)).toEqual([
      "2017-04-07T14:00Z",
      "2017-04-08T14:00Z",
    ]);
  });

  it.each<[string, string[]]>([
    ["Minute", ["2017-04-08T13:05Z", "2017-04-08T13:20Z"]],
    ["hour", ["2017-04-08T20:00Z", "2017-04-09T11:00Z"]],
    ["Week", ["2017-07-21T14:00Z", "2017-11-03T14:00Z"]],
    ["MONTH", ["2018-07-07T14:00Z", "2019-10-07T14:00Z"]],
  ])("takes every fifteenth %s", (frequency, expected) => {
    const start = frequency === "Minute" ? "2017-04-07T14:05:00Z" : startTime;
    const json = { frequency, interval: 15, startTime: start };
    expect(occurrences(json, "2017-04-08T13:00:00Z", 2)).toEqual(expected);
  });

  it("takes a shorter month's last day, and the start's own day again in a longer one", () => {
    const json = { frequency: "Month", startTime: "2028-01-31T06:00:00Z" };
    expect(occurrences(json, "2028-01-31T06:00:00Z", 3)).toEqual([
      "2028-02-29T06:00Z",
      "2028-03-31T06:00Z",
      "2028-04-30T06:00Z",
    ]);
  });

  it("occurs for the last time at its end", () => {
    const json = day(1, { startTime, endTime: "2017-04-09T14:00:00Z" });
    expect(occurrences(json, "2017-04-07T15:00:00Z", 9)).toEqual(["2017-04-08T14:00Z", "2017-04-09T14:00Z"]);
  });
});

describe("a schedule", () => {
  const at = (schedule: JsonObject, frequency: string, count: number, more: JsonObject = {}) =>
    occurrences({ frequency, interval: 1, startTime, schedule, ...more }, "2017-04-07T14:00:00Z", count);

  it.each<[string, string, JsonObject, string[]]>([
    ["5:00 every day", "Day", { hours: [5], minutes: [0] }, ["2017-04-08T05:00Z", "2017-04-09T05:00Z"]],
    ["one number for a list", "Day", { hours: 5, minutes: 15 }, ["2017-04-08T05:15Z", "2017-04-09T05:15Z"]],
    [
      "two hours with two minutes each, in order",
      "Day",
      { minutes: [45, 15], hours: [17, 5] },
      ["2017-04-07T17:15Z", "2017-04-07T17:45Z", "2017-04-08T05:15Z", "2017-04-08T05:45Z"],
    ],
    ["the minutes of every hour", "Hour", { minutes: [15] }, ["2017-04-07T14:15Z", "2017-04-07T15:15Z"]],
    ["hours alone, with the start's minutes", "Day", { hours: [17] }, ["2017-04-07T17:00Z", "2017-04-08T17:00Z"]],
    [
      "days of the week at the start's time",
      "Week",
      { weekDays: ["Tuesday", "thursday"] },
      ["2017-04-11T14:00Z", "2017-04-13T14:00Z", "2017-04-18T14:00Z"],
    ],
    [
      "every quarter of every hour on a day of the week",
      "Week",
      { minutes: [0, 30], weekDays: ["Monday"] },
      ["2017-04-10T00:00Z", "2017-04-10T00:30Z", "2017-04-10T01:00Z"],
    ],
    [
      "the first and the last day of the month",
      "Month",
      { minutes: [0], hours: [6], monthDays: [1, -1] },
      ["2017-04-30T06:00Z", "2017-05-01T06:00Z", "2017-05-31T06:00Z"],
    ],
    [
      "the 31st only in months that have one",
      "Month",
      { monthDays: [31] },
      ["2017-05-31T14:00Z", "2017-07-31T14:00Z", "2017-08-31T14:00Z"],
    ],
    [
      "the first Friday and the last",
      "Month",
      {
        monthlyOccurrences: [
          { day: "friday", occurrence: 1 },
          { day: "friday", occurrence: -1 },
        ],
      },
      ["2017-04-28T14:00Z", "2017-05-05T14:00Z", "2017-05-26T14:00Z"],
    ],
    [
      "a fifth Friday only in months that have one",
      "Month",
      { monthlyOccurrences: [{ day: "Friday", occurrence: 5 }] },
      ["2017-06-30T14:00Z", "2017-09-29T14:00Z"],
    ],
    [
      "every Wednesday of the month where no occurrence is said",
      "Month",
      { monthlyOccurrences: [{ day: "Wednesday" }] },
      ["2017-04-12T14:00Z", "2017-04-19T14:00Z", "2017-04-26T14:00Z", "2017-05-03T14:00Z"],
    ],
  ])("has %s", (_what, frequency, schedule, expected) => {
    expect(at(schedule, frequency, expected.length)).toEqual(expected);
  });

  it("starts no sooner than its start, though the first day would have had an earlier time", () => {
    expect(occurrences(day(1, { startTime, schedule: { hours: [8, 20] } }), "2017-01-01T00:00:00Z", 2)).toEqual([
      "2017-04-07T20:00Z",
      "2017-04-08T08:00Z",
    ]);
  });

  it("of every second week skips the weeks between, which begin on Sunday", () => {
    const json = { frequency: "Week", interval: 2, startTime, schedule: { weekDays: ["Saturday", "Sunday"] } };
    expect(occurrences(json, startTime, 3)).toEqual(["2017-04-08T14:00Z", "2017-04-16T14:00Z", "2017-04-22T14:00Z"]);
  });

  it("that never meets ends the search", () => {
    const json = { frequency: "Month", interval: 12, startTime: "2017-02-01T00:00:00Z", schedule: { monthDays: [30] } };
    expect(nextOccurrence(recurrence(json), new Date(startTime))).toBeUndefined();
  });
});

describe("daylight saving", () => {
  const eastern = "Eastern Standard Time";

  it("moves days and longer steps with the zone's clocks", () => {
    const json = day(1, { startTime: "2026-03-06T09:00:00", timeZone: eastern });
    expect(occurrences(json, "2026-03-06T20:00:00Z", 3)).toEqual([
      "2026-03-07T14:00Z",
      "2026-03-08T13:00Z",
      "2026-03-09T13:00Z",
    ]);
  });

  it("leaves hours and minutes at regular intervals", () => {
    const json = { frequency: "Hour", interval: 12, startTime: "2026-03-07T09:00:00", timeZone: eastern };
    expect(occurrences(json, "2026-03-07T14:00:00Z", 3)).toEqual([
      "2026-03-08T02:00Z",
      "2026-03-08T14:00Z",
      "2026-03-09T02:00Z",
    ]);
  });

  it("gives a skipped time an hour later and a repeated one once, the first time", () => {
    const json = (startTime: string) => day(1, { startTime, timeZone: eastern });
    expect(occurrences(json("2026-03-07T02:30:00"), "2026-03-07T12:00:00Z", 2)).toEqual([
      "2026-03-08T07:30Z",
      "2026-03-09T06:30Z",
    ]);
    expect(occurrences(json("2026-10-31T01:30:00"), "2026-10-31T12:00:00Z", 2)).toEqual([
      "2026-11-01T05:30Z",
      "2026-11-02T06:30Z",
    ]);
  });

  it("does not concern UTC, nor a start that says its own offset", () => {
    expect(occurrences(day(1, { startTime: "2026-03-07T09:00:00" }), "2026-03-07T10:00:00Z", 2)).toEqual([
      "2026-03-08T09:00Z",
      "2026-03-09T09:00Z",
    ]);
    const json = day(1, { startTime: "2026-01-07T09:00:00-08:00", timeZone: "UTC" });
    expect(occurrences(json, "2026-01-07T10:00:00Z", 1)).toEqual(["2026-01-07T17:00Z"]);
  });
});

describe("a recurrence that is wrong", () => {
  it.each<[JsonObject, RegExp]>([
    [{}, /recurrence\.frequency/],
    [{ frequency: "Second", startTime }, /recurrence\.frequency/],
    [{ frequency: "Day", interval: 0, startTime }, /recurrence\.interval/],
    [{ frequency: "Day", interval: 1001, startTime }, /recurrence\.interval/],
    [{ frequency: "Day", startTime: "tomorrow" }, /recurrence\.startTime: 'tomorrow'/],
    [{ frequency: "Day" }, /recurrence\.startTime/],
    [{ frequency: "Day", startTime, endTime: "never" }, /recurrence\.endTime: 'never'/],
    [{ frequency: "Day", startTime, timeZone: "Europe/Berlin" }, /recurrence\.timeZone: 'Europe\/Berlin'/],
    [{ frequency: "Day", startTime, schedule: { hours: [24] } }, /recurrence\.schedule\.hours/],
    [{ frequency: "Day", startTime, schedule: { weekDays: ["Monday"] } }, /weekDays: applies to the frequency Week/],
    [{ frequency: "Week", startTime, schedule: { weekDays: ["Someday"] } }, /recurrence\.schedule\.weekDays/],
    [{ frequency: "Week", startTime, schedule: { monthDays: [1] } }, /monthDays and monthlyOccurrences apply/],
    [{ frequency: "Month", startTime, schedule: { monthDays: [0] } }, /recurrence\.schedule\.monthDays/],
  ])("says where: %j", (json, expected) => {
    const read = readRecurrence(json);
    expect("frequency" in read ? [] : read.join(" ")).toMatch(expected);
  });
});
