import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readTable } from "../../contract/table.js";
import { tripColumns } from "../../contract/trips.js";
import { generateTrips, tripsAsCsv } from "../../samples/generateTrips.js";
import { sampleParts } from "../../samples/sampleParts.js";

const committed = readFileSync(path.resolve(import.meta.dirname, "../../samples/example-data/taxibatch.csv"), "utf8");

describe("simulated trips", () => {
  const trips = generateTrips({ seed: 7, count: 500 });

  it("are the same for the same seed, others for another", () => {
    expect(generateTrips({ seed: 7, count: 500 })).toEqual(trips);
    expect(generateTrips({ seed: 8, count: 500 })).not.toEqual(trips);
  });

  it("have the columns of the public records, and prices that add up", () => {
    const { header } = readTable(Buffer.from(tripsAsCsv(trips)));
    expect(header).toEqual([...tripColumns]);
    for (const trip of trips) {
      const rest = Number(trip.total) - Number(trip.fare) - Number(trip.tip) - Number(trip.tolls);
      expect(rest).toBeGreaterThan(0.79);
      expect(rest).toBeLessThan(8.1);
      expect(Date.parse(`${trip.dropoff}Z`)).toBeGreaterThan(Date.parse(`${trip.pickup}Z`));
    }
  });

  it("have place names with commas, slashes, apostrophes and letters beyond ASCII, and some empty cells", () => {
    const { header, rows } = readTable(Buffer.from(committed));
    const zones = rows.map((row) => String(row[header.indexOf("pickup_zone")])).join("\n");
    for (const letter of [",", "/", "'", "é", "ñ"]) expect(zones).toContain(letter);
    const empty = rows.filter((row) => row.includes("")).length;
    expect(empty).toBeGreaterThan(10);
    expect(empty).toBeLessThan(rows.length / 10);
  });

  it("that are committed to be scored are those that the generator makes", () => {
    expect(tripsAsCsv(generateTrips(sampleParts.score))).toBe(committed);
  });
});
