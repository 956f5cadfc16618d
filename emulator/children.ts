import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { exitCodes, ProgramError } from "../contract/errors.js";

/** How a child ended: its exit code, or 128 and the signal's number as a shell counts it. */
export async function exitCodeOf(child: ChildProcess): Promise<number> {
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  if (code !== null) return code;
  return signal === "SIGINT" ? exitCodes.interrupted : signal === "SIGTERM" ? 143 : 137;
}

/** One of this program's own commands as a child that ends when this process does, however that ends. */
export function spawnOwnCommand(words: readonly string[], options: SpawnOptions): ChildProcess {
  const stdio = Array.isArray(options.stdio) ? options.stdio : (["ignore", "inherit", "inherit"] as const);
  return spawn(process.execPath, [process.argv[1] ?? "", ...words], { ...options, stdio: [...stdio, "ipc"] });
}

/** Called at the start of every command: when the parent that holds the other end of the channel dies, so do we. */
export function dieWithParent(): void {
  if (!process.channel) return;
  process.channel.unref();
  process.on("disconnect", () => process.exit(exitCodes.interrupted));
}

/** Any command of the user's, with the terminal as its own. */
export async function runForeground(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const [command = "", ...rest] = words;
  // npm and npx are scripts on Windows, which only a shell starts
  const child = spawn(command, rest, { env: environment, stdio: "inherit", shell: process.platform === "win32" });
  // the terminal sends Ctrl-C to the child as well: it decides what that means, and we wait for it
  const pass = (signal: NodeJS.Signals) => void child.kill(signal);
  const ignore = () => {};
  process.on("SIGINT", ignore);
  process.on("SIGTERM", pass);
  try {
    const [, code] = await Promise.all([once(child, "spawn"), exitCodeOf(child)]);
    return code;
  } catch (error) {
    throw new ProgramError(exitCodes.usage, `The command ${command} could not be started: ${String(error)}`, {
      cause: error,
    });
  } finally {
    process.off("SIGINT", ignore);
    process.off("SIGTERM", pass);
  }
}
