import { describe, expect, it } from "vitest";
import { readTable } from "../../contract/table.js";
import { prepareFeatures } from "../../contract/tripFeatures.js";
import { tripColumns } from "../../contract/trips.js";

const table = (cells: Readonly<Record<string, string>>) =>
  readTable(Buffer.from(`${tripColumns.join(",")}\n${tripColumns.map((name) => cells[name] ?? "").join(",")}\n`));
const featuresOf = (cells: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(prepareFeatures(table(cells))).map(([name, [value]]) => [name, value]));

describe("the features of a trip", () => {
  it("are its minutes, the hour and weekday of its start, and its own numbers and names", () => {
    expect(
      featuresOf({
        ...{ pickup: "2019-03-23 20:21:09", dropoff: "2019-03-23 20:27:24", passengers: "2", distance: "1.6" },
        ...{ tolls: "0.0", color: "yellow", pickup_zone: "Plaza de las Américas", dropoff_zone: "UN/Turtle Bay South" },
        ...{ pickup_borough: "Manhattan", dropoff_borough: "Manhattan" },
      }),
    ).toEqual({
      ...{ trip_minutes: 6.25, distance: 1.6, passengers: 2, tolls: 0, pickup_hour: 20, pickup_weekday: 5 },
      ...{ color: "yellow", pickup_zone: "Plaza de las Américas", dropoff_zone: "UN/Turtle Bay South" },
      ...{ pickup_borough: "Manhattan", dropoff_borough: "Manhattan" },
    });
  });

  it("are missing, not zero, where a cell is empty or blank", () => {
    const made = featuresOf({ pickup: "2019-03-25 00:00:00", distance: " ", tolls: "0" });
    expect(made).toMatchObject({ trip_minutes: null, distance: null, passengers: null, tolls: 0, color: null });
    expect(made).toMatchObject({ pickup_hour: 0, pickup_weekday: 0 });
  });

  it.each(["2019-02-29 00:00:00", "2019-03-01", "2019-03-01 24:00:00", "yesterday"])(
    "refuse %s as a time",
    (pickup) => {
      expect(() => featuresOf({ pickup })).toThrow(`Row 1: pickup is '${pickup}'`);
    },
  );

  it.each(["abc", "NaN", "Infinity", "1,5", "0x10", "1 2"])("refuse %s as a number", (distance) => {
    expect(() => featuresOf({ distance: `"${distance}"` })).toThrow(`Row 1: distance is '${distance}'`);
  });

  it("need every column but the known answers, and name those that lack", () => {
    expect(() => prepareFeatures(readTable(Buffer.from("pickup,fare\n,\n")))).toThrow(
      "lacks the columns dropoff, passengers, distance, tolls, color, pickup_zone",
    );
    const header = tripColumns.filter((name) => !["fare", "tip", "total", "payment"].includes(name)).join(",");
    expect(() => prepareFeatures(readTable(Buffer.from(`${header}\n,,,,,,,,,\n`)))).not.toThrow();
  });
});
