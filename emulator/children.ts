import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { exitCodes, messageOf } from "../contract/errors.js";

/** How a child ended: its exit code, or 128 and the signal's number as a shell counts it. */
async function exitCodeOf(child: ChildProcess): Promise<number> {
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  if (code !== null) return code;
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** Short-lived commands: a small young generation costs them no time and saves some 30 MB at the peak. */
const nodeOptions = ["--max-semi-space-size=2"];

/** One of this program's own commands, on our terminal, as a child that ends when this process does, however that ends. */
export function spawnOwnCommand(words: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [...nodeOptions, process.argv[1] ?? "", ...words], {
    env: environment,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

/** Called at the start of every command: when the parent that holds the other end of the channel dies, so do we. */
export function dieWithParent(): void {
  if (!process.channel) return;
  process.channel.unref();
  process.on("disconnect", () => process.exit(exitCodes.interrupted));
}

/** A command that could not be started, with the exit code that a shell has for it: 127 for no such command, 126 for one that cannot be executed. */
export class NotStarted extends Error {
  override readonly name = "NotStarted";
  readonly exitCode: 126 | 127;

  constructor(command: string, cause: unknown) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: "there is no such command",
      EACCES: "it cannot be executed",
    };
    super(`The command '${command}' could not be started: ${reasons[String(code)] ?? messageOf(cause)}.`, { cause });
    this.exitCode = code === "ENOENT" ? 127 : 126;
  }
}

/** Any command of the user's, with the terminal as its own; resolves with its exit code, rejects with `NotStarted`. */
export async function runForeground(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const [command = "", ...rest] = words;
  if (command === "") throw new NotStarted(command, Object.assign(new Error("empty"), { code: "ENOENT" }));
  // npm and npx are scripts on Windows, which only a shell starts
  const child = spawn(command, rest, { env: environment, stdio: "inherit", shell: process.platform === "win32" });
  const started = once(child, "spawn").catch((error: unknown) => {
    throw new NotStarted(command, error);
  });
  const [, code] = await Promise.all([started, attended(child)]);
  return code;
}

/**
 * Stays until the child has ended and resolves with its exit code. Ctrl-C reaches the child from the terminal, which
 * decides what that means; SIGTERM comes to us alone and is passed on.
 */
export async function attended(child: ChildProcess): Promise<number> {
  const leaveToChild = () => {};
  const passOn = () => void child.kill("SIGTERM");
  process.on("SIGINT", leaveToChild);
  process.on("SIGTERM", passOn);
  try {
    return await exitCodeOf(child);
  } finally {
    process.off("SIGINT", leaveToChild);
    process.off("SIGTERM", passOn);
  }
}
