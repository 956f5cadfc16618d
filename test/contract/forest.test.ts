import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { BinaryWriter } from "google-protobuf";
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

interface Zip {
  file(name: string, content: Uint8Array): void;
  generateAsync(options: { type: "uint8array" }): Promise<Uint8Array>;
}

function createZip(): Zip {
  const library: { new (): Zip } = createRequire(createRequire(import.meta.url).resolve("ydf-inference"))("jszip");
  return new library();
}

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

  it("has no dictionary for a column whose names are numbers already", async () => {
    const zipOf = (...columns: readonly (readonly [name: string, isNumbered: boolean])[]) => {
      const specification = new BinaryWriter();
      for (const [name, isNumbered] of columns) {
        specification.writeMessage(1, name, () => {
          specification.writeString(2, name);
          specification.writeMessage(6, name, () => {
            specification.writeBool(5, isNumbered);
            specification.writeMessage(7, name, () => {
              specification.writeString(1, "7");
              specification.writeMessage(2, name, () => specification.writeInt64(1, 1));
            });
          });
        });
      }
      const zip = createZip();
      zip.file("data_spec.pb", specification.getResultBuffer());
      return zip.generateAsync({ type: "uint8array" });
    };
    const dictionaries = await dictionariesOf(await zipOf(["named", false], ["numbered", true]));
    expect([...dictionaries]).toEqual([["named", new Map([["7", 1]])]]);
  });

  it("that is none is refused", async () => {
    await expect(loadForest(Buffer.from("PK"))).rejects.toThrow("The model file is not a zip of a YDF model.");
  });
});
