import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { joined } from "../../emulator/environment.js";
import { toolsPath } from "./tools.js";

export interface ChildResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program that has joined an emulator by its environment alone, to its end; it dies with the test. */
export async function runJoined(
  file: string,
  args: readonly string[],
  options: { readonly environment: Readonly<Record<string, string>>; readonly folder?: string },
): Promise<ChildResult> {
  const child = spawn(file, args, {
    env: { ...joined(process.env, options.environment), PATH: toolsPath() },
    cwd: options.folder,
    stdio: ["ignore", "pipe", "pipe"],
    // a group of its own, so that what it starts dies with it
    detached: true,
  });
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      process.kill(-child.pid, "SIGKILL");
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code, stdout, stderr };
}
