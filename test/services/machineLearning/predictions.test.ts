import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Forest } from "../../../contract/forest.js";
import { requiredTripColumns, scoreColumns } from "../../../contract/trips.js";
import { scoreTrips } from "../../helpers/scoreTrips.js";

const fare = 12.345;
const forest: Forest = {
  features: [],
  classes: [],
  predict: ({ distance = [] }) => distance.map(() => fare),
  unload: () => {},
};
const header = [...requiredTripColumns, "fare"];
const score = (rows: readonly Readonly<Record<string, string>>[]) => {
  const cells = rows.map((row) => header.map((column) => row[column] ?? ""));
  return Buffer.from(scoreTrips(forest, Buffer.from(stringify([header, ...cells])))).toString("utf8");
};

describe("the rows of predictions.csv", () => {
  it("are what csv-stringify writes of the input's cells, whatever these hold", () => {
    const text = fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", " ", "\t", "a", "é", "😀", "=") });
    const row = fc.record({ pickup_zone: text, dropoff_zone: text, fare: text });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
        const expected = rows.map((cells, index) =>
          scoreColumns.map((column) => {
            if (column === "row") return String(index + 1);
            if (column === "predicted_fare") return fare.toFixed(2);
            return ({ ...cells } as Readonly<Record<string, string>>)[column]?.trim() ?? "";
          }),
        );
        expect(score(rows)).toBe(stringify(expected, { delimiter: " " }));
      }),
      { numRuns: 200 },
    );
  });

  it("are numbered on through every batch of a chunk", () => {
    const lines = score(Array.from({ length: 1_203 }, () => ({ fare: "1" })))
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => line.split(" ")[0])).toEqual(Array.from({ length: 1_203 }, (_, row) => String(row + 1)));
  });

  it("end with the first bad row of the file, whatever is wrong with it", () => {
    const good = "2019-03-01 00:00:00,,1,1.5,0,,,,,,7";
    const bad = good.replace("1.5", "far");
    const lines = (...rows: string[]) => Buffer.from(`${header.join(",")}\n${rows.join("\n")}\n`);
    expect(() => scoreTrips(forest, lines(good, bad, "1,2"))).toThrow("Row 2: distance is 'far'");
    expect(() => scoreTrips(forest, lines(good, "1,2", bad))).toThrow("Row 2 has 2 cells");
  });
});
