import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { statusOf } from "../emulator/ownership.js";
import { openStateFolder, type StateFolder } from "../emulator/stateFolder.js";

/** The executable as a script that node runs. */
export const launcher = path.resolve(import.meta.dirname, "../bin/synapse-batch.js");

/** An emulator as a user starts it: a process of its own, on an empty state folder that goes with it. */
export interface EmulatorProcess {
  readonly folder: StateFolder;
  close(): Promise<void>;
}

/** Starts one; resolves as soon as it answers. `prefix` is what stands before node: `taskset -c 0`. */
export async function startEmulatorProcess(prefix: readonly string[] = []): Promise<EmulatorProcess> {
  const home = mkdtempSync(path.join(tmpdir(), "synapse-batch-bench-"));
  const folder = openStateFolder(home);
  const [command = process.execPath, ...words] = [...prefix, process.execPath, launcher, "emulator"];
  const child = spawn(command, words, { env: { ...process.env, SYNAPSE_BATCH_HOME: home }, stdio: "ignore" });
  while (!(await statusOf(folder))) {
    if (child.exitCode !== null) throw new Error(`the emulator ended with exit code ${child.exitCode}`);
    await wait(5);
  }
  return {
    folder,
    async close() {
      child.kill("SIGTERM");
      await once(child, "close");
      rmSync(home, { recursive: true, force: true });
    },
  };
}
