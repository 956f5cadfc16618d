import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { statusOf } from "../emulator/ownership.js";
import { openStateFolder } from "../emulator/stateFolder.js";
import type { Figure } from "./figure.js";

const root = path.resolve(import.meta.dirname, "..");

/** From node's start to the emulator's first answer, on an empty state folder. */
export async function answering(): Promise<Figure[]> {
  const home = mkdtempSync(path.join(tmpdir(), "synapse-batch-bench-"));
  const folder = openStateFolder(home);
  const started = performance.now();
  const child = spawn(process.execPath, [path.join(root, "bin/synapse-batch.js"), "emulator"], {
    env: { ...process.env, SYNAPSE_BATCH_HOME: home },
    stdio: "ignore",
  });
  while (!(await statusOf(folder))) await wait(5);
  const elapsed = performance.now() - started;
  child.kill("SIGTERM");
  await once(child, "close");
  rmSync(home, { recursive: true, force: true });
  return [{ name: "emulator answers", value: Math.round(elapsed), unit: "ms", peer: null, ratio: null }];
}
