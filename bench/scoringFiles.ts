import { appendFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readTable } from "../contract/table.js";
import { knownFareColumn } from "../contract/trips.js";
import { examplesOf, type TrainingColumns } from "../emulator/services/machineLearning/forests/examples.js";
import { trainForest } from "../emulator/services/machineLearning/forests/training.js";
import { generateTrips, tripsAsCsv } from "../samples/generateTrips.js";

const trees = 300;
const trainedRows = 20_000;
const generatedRows = 200_000;

/** US dollars a unit; names count 0 to 1. */
const weights: Readonly<Record<string, number>> = {
  ...{ trip_minutes: 0.5, distance: 2, passengers: 0.2, pickup_hour: 0.1, pickup_weekday: 0.3 },
  ...{ pickup_zone: 4, dropoff_zone: 4 },
};

/**
 * Writes a model of 300 trees (`model.zip`) and files of so many trips (`<rows>.csv`) into a folder, which is the first
 * word of the command line; the numbers are the others. The trips repeat after 200,000.
 */
const [, , folder = "", ...sizes] = process.argv;
const examples = examplesOf(readTable(Buffer.from(tripsAsCsv(generateTrips({ seed: 8, count: trainedRows })))), {
  label: knownFareColumn,
  isHeldOut: () => false,
});
const { columns } = examples.train;
const forest = await trainForest(
  { columns, labels: Array.from({ length: trainedRows }, (_, row) => smoothFare(columns, row)) },
  { label: knownFareColumn, task: "regression" },
);
if (forest.trees !== trees) throw new Error(`the model has ${forest.trees} trees where ${trees} are to be measured`);
const unused = forest.importance.filter(({ share }) => share === 0);
if (unused.length > 0) throw new Error(`no tree uses ${unused.map(({ feature }) => feature).join(", ")}`);
writeFileSync(path.join(folder, "model.zip"), forest.model);

const csv = tripsAsCsv(generateTrips({ seed: 7, count: generatedRows }));
const begin = csv.indexOf("\n") + 1;
for (const size of sizes) {
  const file = path.join(folder, `${size}.csv`);
  writeFileSync(file, csv.slice(0, begin));
  for (let rows = 0; rows < Number(size); rows += generatedRows) appendFileSync(file, csv.slice(begin));
}

/** A fare without chance, which every further tree comes nearer to: the training then does not stop before its last. */
function smoothFare(columns: TrainingColumns, row: number): number {
  let fare = 2.5;
  for (const [name, values] of Object.entries(columns)) {
    const value = values[row];
    const number = typeof value === "number" ? value : shareOf(String(value ?? ""));
    fare += (weights[name] ?? 1) * (Number.isNaN(number) ? 0 : number);
  }
  return fare;
}

function shareOf(name: string): number {
  return ([...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0) % 1009) / 1009;
}
