import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { readTable } from "../contract/table.js";
import { tripFeatures } from "../contract/trips.js";
import { type ExampleRows, examplesOf } from "../emulator/services/machineLearning/forests/examples.js";
import { generateTrips, tripsAsCsv } from "../samples/generateTrips.js";
import { requireTool } from "../test/helpers/tools.js";
import { bundled } from "./bundled.js";
import type { Figure } from "./figure.js";
import { compared, interleaved } from "./interleaved.js";

const run = promisify(execFile);
const peer = path.join(import.meta.dirname, "trainingPeer.py");
const rows = 200_000;
const label = "fare";
const name = `training ${rows.toLocaleString("en-US")} rows x 6 features`;

/** What a process that has trained tells: the CPU time of the training alone, in milliseconds, and how many trees it made. */
export interface Training {
  readonly ms: number;
  readonly trees: number;
}

/** Boosted trees of the number features of 200,000 trips: the retraining service's code beside Python's ydf, each in a process of its own. */
export async function training(): Promise<Figure[]> {
  const python = requireTool("python", { args: ["-c", "import numpy, ydf"] });
  if (python === undefined) {
    process.stderr.write(`skipped: ${name} (there is no Python with ydf)\n`);
    return [];
  }
  const folder = mkdtempSync(path.join(tmpdir(), "synapse-batch-bench-training-"));
  try {
    const file = path.join(folder, "examples.json");
    writeFileSync(file, JSON.stringify(examples()));
    const built = await bundled("trainingProcess");
    const trees: number[] = [];
    const train = async (program: string, script: string): Promise<number> => {
      const { stdout } = await run(program, [script, file, label]);
      // YDF's own lines come first
      const made = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Training;
      trees.push(made.trees);
      return made.ms;
    };
    const works = [() => train(process.execPath, built), () => train(python, peer)];
    const [own = [], other = []] = await interleaved(works, 1);
    requireSame(trees);
    return [compared(name, own, "Python ydf on one thread", other)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function examples(): ExampleRows {
  const table = readTable(Buffer.from(tripsAsCsv(generateTrips({ seed: 7, count: rows }))));
  const { columns, labels } = examplesOf(table, { label, isHeldOut: () => false }).train;
  const numbers = tripFeatures.filter(({ kind }) => kind === "number");
  return { columns: Object.fromEntries(numbers.map((feature) => [feature.name, columns[feature.name] ?? []])), labels };
}

/** The comparison holds only where both have done the same work. */
function requireSame([own, other]: readonly number[]): void {
  if (own === undefined || own !== other) throw new Error(`one made ${own} trees, the other ${other}`);
}
