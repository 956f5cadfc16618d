import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Forest, loadForest } from "../../contract/forest.js";
import { readTable } from "../../contract/table.js";
import { prepareFeatures } from "../../contract/tripFeatures.js";
import { errorOf } from "../../samples/errorOf.js";
import { scoreTrips } from "../helpers/scoreTrips.js";

const samples = path.resolve(import.meta.dirname, "../../samples");
const csv = readFileSync(path.join(samples, "example-data/taxibatch.csv"));

describe("the committed model", () => {
  let forest: Forest;
  beforeAll(async () => {
    forest = await loadForest(readFileSync(path.join(samples, "model/fare.zip")));
  });

  it("predicts the fares of trips that it has not seen to within a dollar on average", () => {
    const table = readTable(csv);
    const known = table.rows.map((row) => Number(row[table.header.indexOf("fare")]));
    const { mae, rmse } = errorOf(known, forest.predict(prepareFeatures(table)));
    expect(mae).toBeLessThan(0.7);
    expect(rmse).toBeLessThan(1.2);
  });

  it("gives these rows for the sample's first trips", () => {
    const lines = Buffer.from(scoreTrips(forest, csv)).toString("utf8").split("\n");
    expect(lines).toHaveLength(2501);
    expect(lines.slice(0, 4)).toMatchInlineSnapshot(`
      [
        "1 "2019-03-03 22:21:18" "Flushing Meadows-Corona Park" "East Chelsea" 10.29 33.5 32.30",
        "2 "2019-03-15 18:18:54" Gramercy "TriBeCa/Civic Center" 2.45 13.0 12.65",
        "3 "2019-03-06 12:32:39" "Central Harlem" "Forest Hills" 11.13 36.5 35.88",
        "4 "2019-03-01 11:41:47" "Lower East Side" "TriBeCa/Civic Center" 1.54 11.5 10.97",
      ]
    `);
  });

  it("scores a file without known fares, with nothing in that column", () => {
    const header =
      "pickup,dropoff,passengers,distance,tolls,color,pickup_zone,dropoff_zone,pickup_borough,dropoff_borough";
    const trip = '2019-03-23 20:21:09,2019-03-23 20:27:24,1,1.6,0,yellow,"El Barrio, Peña",,Manhattan,';
    const scored = Buffer.from(scoreTrips(forest, Buffer.from(`${header}\n${trip}\n`))).toString("utf8");
    expect(scored).toMatch(/^1 "2019-03-23 20:21:09" "El Barrio, Peña" {2}1\.6 {2}\d\.\d\d\n$/);
  });

  it("knows the flat fare of JFK, and takes a missing place for missing", () => {
    const table = (zone: string, borough: string) =>
      prepareFeatures(
        readTable(
          Buffer.from(
            `pickup,dropoff,passengers,distance,tolls,color,pickup_zone,dropoff_zone,pickup_borough,dropoff_borough\n2019-03-13 12:00:00,2019-03-13 12:45:00,1,17,0,yellow,${zone},Midtown Center,${borough},Manhattan\n`,
          ),
        ),
      );
    expect(forest.predict(table("JFK Airport", "Queens"))[0]).toBeCloseTo(52, 0);
    const missing = forest.predict(table("", ""))[0] ?? 0;
    expect(missing).toBeGreaterThan(30);
    expect(missing).not.toBeCloseTo(forest.predict(table("JFK Airport", "Queens"))[0] ?? 0, 1);
  });
});
