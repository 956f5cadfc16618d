import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { joined } from "../../emulator/environment.js";
import type { ChildResult } from "./childProcess.js";

/** The executable as a script that node runs. */
export const cliFile = path.resolve(import.meta.dirname, "../../bin/synapse-batch.js");

/** Runs `synapse-batch <words…>` to its end in a folder, with this process's environment less the user's own Azure. */
export async function runCli(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  folder = process.cwd(),
): Promise<ChildResult> {
  const child = spawn(process.execPath, [cliFile, ...words], {
    env: joined(process.env, environment),
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  try {
    onTestFinished(() => end(child.pid));
  } catch {
    // in a hook, which has no test to end with: vitest's own time limit ends the worker
  }
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code, stdout, stderr };
}

function end(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // the whole group has ended
  }
}

/** The processes, other than this one, whose environment or command line names `mark`; Linux only. */
export function processesNaming(mark: string): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      const files = [`/proc/${pid}/environ`, `/proc/${pid}/cmdline`];
      return files.some((file) => readFileSync(file, "latin1").includes(mark));
    } catch {
      return false;
    }
  });
}
