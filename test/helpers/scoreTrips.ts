import type { Forest } from "../../contract/forest.js";
import { TableCutter } from "../../contract/tableChunks.js";
import { scoreChunk } from "../../emulator/services/machineLearning/forests/predictions.js";

/** The rows that a job writes for a whole CSV file of trips. */
export function scoreTrips(forest: Forest, input: Uint8Array): Uint8Array {
  const cutter = new TableCutter();
  return Buffer.concat([...cutter.push(input), ...cutter.end()].map((chunk) => scoreChunk(forest, chunk)));
}
