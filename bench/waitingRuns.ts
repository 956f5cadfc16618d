import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { bundled } from "./bundled.js";
import type { Figure } from "./figure.js";

const run = promisify(execFile);

/** The resident memory of a process in which 10,000 runs wait at once, built as the emulator is. */
export async function waitingRuns(): Promise<Figure[]> {
  const built = await bundled("waitingRunsProcess");
  const { stdout } = await run(process.execPath, [built]);
  const value = Math.round(Number(stdout) / 2 ** 20);
  return [{ name: "10,000 runs waiting at once", value, unit: "MB", peer: null, ratio: null }];
}
