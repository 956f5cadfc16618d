import { describe, expect, it } from "vitest";
import { exitCodes } from "../../../contract/errors.js";
import type { Forest } from "../../../contract/forest.js";
import { isHeldOut } from "../../../contract/retraining.js";
import { tripFeatures } from "../../../contract/trips.js";
import { readDataset } from "../../../runtime/studioClassic/dataset.js";

const range = (count: number) => Array.from({ length: count }, (_value, index) => index);
const file = (header: string, rows: readonly string[]) => Buffer.from([header, ...rows, ""].join("\n"));
const shells = file(
  "sex,length,rings",
  range(500).map((index) => `${index % 2 ? "M" : ""},0.${index},${index}`),
);
const trip = (index: number) =>
  `2019-03-01 00:00:00,2019-03-01 00:${String(10 + (index % 40))}:00,1,${index / 10},${index},0,0,${index + 3},yellow,cash,A,B,Queens,Queens`;
const trips = file(
  "pickup,dropoff,passengers,distance,fare,tip,tolls,total,color,payment,pickup_zone,dropoff_zone,pickup_borough,dropoff_borough",
  range(200).map(trip),
);
const reading = (...features: Forest["features"]): Forest => ({
  features,
  classes: [],
  predict: () => [],
  unload() {},
});
const lines = (csv: string) => csv.trimEnd().split("\n");

describe("a user's file", () => {
  it("is learnt by its last column, which the training file ends with, too", () => {
    const dataset = readDataset("shells.csv", shells);
    expect(dataset).toMatchObject({ label: "rings", isTrips: false });
    expect(lines(dataset.csv)[0]).toBe("sex,length,rings");
  });

  it("is learnt by the column that is named", () => {
    const dataset = readDataset("shells.csv", shells, { label: "sex" });
    expect(lines(dataset.csv)[0]).toBe("length,rings,sex");
    expect(dataset.rows).toBe(250);
  });

  it("has the rows held out that the service holds out: every fifth of those that have a label", () => {
    const { csv, rows, heldOut } = readDataset("shells.csv", shells);
    expect(lines(csv)).toHaveLength(rows + 1);
    const sent = lines(csv)
      .slice(1)
      .map((line) => line.split(",")[2]);
    expect(heldOut.labels).toEqual(sent.filter((_label, index) => isHeldOut(index + 1)));
    expect(heldOut.labels).toHaveLength(100);
  });

  it("of trips is learnt by the features that scoring prepares, without what would give the answer away", () => {
    const dataset = readDataset("trips.csv", trips, { label: "fare" });
    expect(dataset.isTrips).toBe(true);
    expect(lines(dataset.csv)[0]).toBe([...tripFeatures.map(({ name }) => name), "fare"].join(","));
    expect(lines(dataset.csv)[1]).toMatch(/^\d+,[\d.]+,1,0,0,4,yellow,A,B,Queens,Queens,\d+$/);
  });

  it("gives a model its columns as numbers or as names, as it wants them, null being a missing value", () => {
    const { heldOut } = readDataset("shells.csv", shells);
    const columns = heldOut.columnsFor(
      reading({ name: "length", type: "NUMERICAL" }, { name: "sex", type: "CATEGORICAL" }),
    );
    expect(Object.keys(columns)).toEqual(["length", "sex"]);
    expect(columns["length"]?.every((value) => typeof value === "number")).toBe(true);
    expect(new Set(columns["sex"])).toEqual(new Set(["M", null]));
    expect(heldOut.columnsFor(reading({ name: "weight", type: "NUMERICAL" }))).toEqual({});
  });

  it("tells a model that reads no column how many rows there are", () => {
    const { heldOut } = readDataset("shells.csv", shells);
    expect(Object.values(heldOut.columnsFor(reading())).map(({ length }) => length)).toEqual([100]);
  });

  it("may have numbers and words in its label where both are names", () => {
    const grades = file(
      "a,b",
      range(60).map((index) => `1,${index === 7 ? "none" : index % 5}`),
    );
    expect(readDataset("x.csv", grades, { task: "classification" }).rows).toBe(60);
    const mixed = file(
      "a,b",
      range(60).map((index) => `1,${index % 2 ? "no" : index}`),
    );
    expect(readDataset("x.csv", mixed).rows).toBe(60);
  });

  it.each([
    ["lacks the label", () => readDataset("x.csv", shells, { label: "age" }), "--label <column>"],
    ["has few rows", () => readDataset("x.csv", file("a,b", ["1,2"])), "a file with more rows"],
    ["has no commas", () => readDataset("x.csv", file("a;b", ["1;2"]), { label: "b" }), "UTF-8, a header line, commas"],
  ])("that %s is refused with its own cure", (_what, read, cure) => {
    expect(read).toThrow(expect.objectContaining({ cure: expect.stringContaining(cure) }));
  });

  it.each([
    [
      "has no such column",
      () => readDataset("x.csv", shells, { label: "age" }),
      "x.csv: There is no column 'age' to learn: the file has sex, length, rings.",
    ],
    [
      "is too short",
      () => readDataset("x.csv", file("a,b", ["1,2"])),
      "x.csv: It has 1 rows with a b: at least 50 are needed.",
    ],
    ["has a broken line", () => readDataset("x.csv", file("a,b", ["1,2", "3"])), "x.csv: Row 2 has 1 cells"],
    [
      "has a word among the numbers of its label",
      () => readDataset("x.csv", file("a,b", [...range(60).map((index) => `1,${index}`), "1,", "2,n/a"])),
      "x.csv: Row 62: b is 'n/a', which is not a number.",
    ],
    [
      "has words to be learnt as numbers",
      () =>
        readDataset(
          "x.csv",
          file(
            "a,b",
            range(60).map((index) => `1,${index % 2 ? "no" : index}`),
          ),
          { task: "regression" },
        ),
      "x.csv: Row 2: b is 'no', which is not a number.",
    ],
    ["is empty", () => readDataset("x.csv", Buffer.from("")), "x.csv: The file is empty"],
  ])("is refused when it %s", (_what, read, message) => {
    expect(read).toThrow(
      expect.objectContaining({ exitCode: exitCodes.usage, message: expect.stringContaining(message) }),
    );
  });
});
