import { readFileSync } from "node:fs";
import type { ExampleRows } from "../emulator/services/machineLearning/forests/examples.js";
import { trainForest } from "../emulator/services/machineLearning/forests/training.js";
import type { Training } from "./training.js";

/** Trains on the examples of a JSON file and prints a `Training`: the time holds the library's loading and the model's saving. */
const [file = "", label = ""] = process.argv.slice(2);
const examples = JSON.parse(readFileSync(file, "utf8")) as ExampleRows;
const begun = process.cpuUsage();
const forest = await trainForest(examples, { label, task: "regression" });
const { user, system } = process.cpuUsage(begun);
process.stdout.write(JSON.stringify({ ms: (user + system) / 1000, trees: forest.trees } satisfies Training));
process.exit();
