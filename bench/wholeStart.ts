import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Figure } from "./figure.js";
import { peakResidentBytes } from "./processTree.js";

/** `npm start` on an empty state folder: time to its end, and the peak of the process tree without npm and its shell. */
export async function wholeStart(): Promise<Figure[]> {
  const home = mkdtempSync(path.join(tmpdir(), "synapse-batch-bench-"));
  const started = performance.now();
  const child = spawn("npm", ["start"], {
    env: { ...process.env, SYNAPSE_BATCH_HOME: home },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const { peak, result } = await peakResidentBytes(
    child.pid ?? 0,
    once(child, "close"),
    (commandLine) => !/^(npm|sh -c|\S*\/?sh -c)/.test(commandLine),
  );
  const elapsed = performance.now() - started;
  rmSync(home, { recursive: true, force: true });
  if (result[0] !== 0) throw new Error(`npm start ended with exit code ${result[0]}`);
  return [
    { name: "npm start, empty state", value: Math.round(elapsed), unit: "ms", peer: null, ratio: null },
    { name: "npm start, peak resident", value: Math.round(peak / 1e6), unit: "MB", peer: null, ratio: null },
  ];
}
