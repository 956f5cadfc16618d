import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { loadForest } from "../contract/forest.js";
import { readTable } from "../contract/table.js";
import { prepareFeatures } from "../contract/tripFeatures.js";
import { knownFareColumn } from "../contract/trips.js";
import { examplesOf } from "../emulator/services/machineLearning/forests/examples.js";
import { trainForest } from "../emulator/services/machineLearning/forests/training.js";
import { errorOf } from "./errorOf.js";
import { generateTrips, tripsAsCsv } from "./generateTrips.js";
import { sampleParts } from "./sampleParts.js";

// Writes the sample data and the model: `npx tsx samples/makeSamples.ts`. It makes the same data and the same trees each time.
const folder = import.meta.dirname;
const table = readTable(Buffer.from(tripsAsCsv(generateTrips(sampleParts.train))));
const { train, label, task } = examplesOf(table, { label: knownFareColumn, isHeldOut: () => false });
const scoreCsv = tripsAsCsv(generateTrips(sampleParts.score));
const { model } = await trainForest(train, { label, task });
mkdirSync(path.join(folder, "example-data"), { recursive: true });
mkdirSync(path.join(folder, "model"), { recursive: true });
writeFileSync(path.join(folder, "example-data", "taxibatch.csv"), scoreCsv);
writeFileSync(path.join(folder, "model", "fare.zip"), model);

const score = readTable(Buffer.from(scoreCsv));
const forest = await loadForest(model);
const known = score.rows.map((row) => Number(row[score.header.indexOf(knownFareColumn)]));
const { rmse, mae } = errorOf(known, forest.predict(prepareFeatures(score)));
console.log(
  `trained on ${train.labels.length} trips; on the other ${score.rows.length}: RMSE ${rmse.toFixed(2)}, MAE ${mae.toFixed(2)} US dollars`,
);
