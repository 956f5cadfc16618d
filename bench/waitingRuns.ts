import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { Figure } from "./figure.js";

const run = promisify(execFile);
const built = path.resolve(import.meta.dirname, "../dist/bench/waitingRunsProcess.js");

/** The resident memory of a process in which 10,000 runs wait at once, built as the emulator is. */
export async function waitingRuns(): Promise<Figure[]> {
  await build({
    entryPoints: [path.join(import.meta.dirname, "waitingRunsProcess.ts")],
    outfile: built,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
  });
  const { stdout } = await run(process.execPath, [built]);
  const value = Math.round(Number(stdout) / 2 ** 20);
  return [{ name: "10,000 runs waiting at once", value, unit: "MB", peer: null, ratio: null }];
}
