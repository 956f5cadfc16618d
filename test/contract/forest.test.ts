import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import loadYdf from "ydf-inference";
import { type Forest, loadForest } from "../../contract/forest.js";
import { dictionariesOf } from "../../contract/forestDictionaries.js";
import { readTable } from "../../contract/table.js";
import { prepareFeatures } from "../../contract/tripFeatures.js";

const samples = path.resolve(import.meta.dirname, "../../samples");
const model = readFileSync(path.join(samples, "model/fare.zip"));
const { header, rows } = readTable(readFileSync(path.join(samples, "example-data/taxibatch.csv")));
const features = prepareFeatures({ header, rows: rows.slice(0, 200) });

describe("a model", () => {
  it("predicts with its own numbers for names exactly what YDF predicts with the names", async () => {
    const odd = ["Nowhere", "<OOD>", "", "Plaza de las Américas", null];
    const columns = {
      ...features,
      pickup_zone: features.pickup_zone.map((zone, row) => (row % 9 > 0 ? zone : odd[(row / 9) % 5])),
    };
    const forest: Forest = await loadForest(model);
    const ydf = await loadYdf({ print: () => {}, printErr: () => {} });
    const byNames = await ydf.loadModelFromZipBlob(model);
    expect(forest.predict(columns as typeof features)).toEqual(byNames.predict(columns as typeof features));
  });

  it("has a dictionary for each column of names, and none for numbers", async () => {
    const dictionaries = await dictionariesOf(model);
    expect([...dictionaries.keys()].sort()).toEqual([
      ...["color", "dropoff_borough", "dropoff_zone", "pickup_borough", "pickup_zone"],
    ]);
    expect(dictionaries.get("color")?.get("yellow")).toBeGreaterThan(0);
  });

  it("that is none is refused", async () => {
    await expect(loadForest(Buffer.from("PK"))).rejects.toThrow("The model file is not a zip of a YDF model.");
  });
});
