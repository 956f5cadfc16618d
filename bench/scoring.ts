import { execFile } from "node:child_process";
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { type Figure, median } from "./figure.js";

const run = promisify(execFile);
const folder = path.resolve(import.meta.dirname, "../dist/bench/scoring");
const built = (name: string) => path.join(folder, `${name}.js`);
const runs = 3;
const [million, tenMillion] = [1_000_000, 10_000_000];
const twoCores = ["taskset", "-c", "0,1"] as const;

/** One whole process that scored a file: what it took, and its largest resident memory. */
interface Scoring {
  readonly rowsPerSecond: number;
  readonly peakBytes: number;
}

/**
 * Files of 1 and 10 million trips scored by a model of 300 trees on two cores, from CSV to CSV, with the loading of the
 * program and of the model. None where there are no two cores.
 */
export async function scoring(): Promise<Figure[]> {
  if (availableParallelism() < 2) {
    process.stderr.write("skipped: scoring from CSV to CSV (needs two cores)\n");
    return [];
  }
  const files = mkdtempSync(path.join(tmpdir(), "synapse-batch-bench-"));
  try {
    await bundle();
    await run(process.execPath, [built("scoringFiles"), files, String(million), String(tenMillion)]);
    const few: Scoring[] = [];
    for (let round = 0; round < runs; round += 1) few.push(await score(files, million));
    const many = await score(files, tenMillion);
    const rates = few.map(({ rowsPerSecond }) => rowsPerSecond);
    const peaks = few.map(({ peakBytes }) => megabytes(peakBytes));
    const peer = { peer: null, ratio: null } as const;
    return [
      {
        ...{ name: "scoring CSV to CSV, 300 trees, two cores", value: median(rates), unit: "rows/s", ...peer },
        samples: rates,
      },
      {
        ...{ name: "peak memory of scoring 1 million rows", value: median(peaks), unit: "MB", ...peer },
        samples: peaks,
      },
      { name: "peak memory of scoring 10 million rows", value: megabytes(many.peakBytes), unit: "MB", ...peer },
      { name: "scoring of these 10 million", value: many.rowsPerSecond, unit: "rows/s", ...peer },
    ];
  } finally {
    rmSync(files, { recursive: true, force: true });
  }
}

async function bundle(): Promise<void> {
  const root = path.resolve(import.meta.dirname, "..");
  await build({
    entryPoints: {
      scoringFiles: path.join(import.meta.dirname, "scoringFiles.ts"),
      scoringProcess: path.join(import.meta.dirname, "scoringProcess.ts"),
      scoringWorker: path.join(root, "emulator/services/machineLearning/forests/scoringWorker.ts"),
    },
    outdir: folder,
    bundle: true,
    external: ["ydf-inference", "ydf-training"],
    platform: "node",
    format: "esm",
    target: "node20",
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
  });
}

async function score(files: string, rows: number): Promise<Scoring> {
  const [input, output] = [path.join(files, `${rows}.csv`), path.join(files, "predictions.csv")];
  const words = [built("scoringProcess"), built("scoringWorker"), path.join(files, "model.zip"), input, output];
  const [taskset, ...cores] = twoCores;
  const begun = performance.now();
  const { stdout } = await run(taskset, [...cores, process.execPath, ...words]);
  const seconds = (performance.now() - begun) / 1000;
  const scored = await linesOf(output);
  if (scored !== rows) throw new Error(`${scored} of ${rows} rows were scored`);
  return { rowsPerSecond: Math.round(rows / seconds), peakBytes: Number(stdout) };
}

async function linesOf(file: string): Promise<number> {
  let lines = 0;
  for await (const piece of createReadStream(file))
    lines += Buffer.from(piece).toString("latin1").split("\n").length - 1;
  return lines;
}

const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
