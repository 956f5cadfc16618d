import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { requireTool } from "../../helpers/tools.js";

const script = path.resolve(import.meta.dirname, "../helpers/interruptible.ts");

const terminalSize = path.resolve(import.meta.dirname, "../helpers/terminalSize.ts");
/** util-linux's: runs a command in a terminal of its own. */
const inTerminal = requireTool("script", { args: ["-qec", "true", "/dev/null"] });

async function talking(): Promise<ChildProcessByStdio<null, Readable, Readable>> {
  const child = spawn(process.execPath, ["--import", "tsx", script], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

describe("a command of the running process", () => {
  it("takes a Ctrl-C that npm passes on for the one that the terminal has sent", async () => {
    const child = await talking();
    child.stdout.resume();
    child.kill("SIGINT");
    const again = setInterval(() => child.kill("SIGINT"), 10);
    child.stderr.once("data", () => clearInterval(again));
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    expect([said, code]).toEqual(["goodbye\n", 7]);
  });

  it("ends in order when the reader of its output goes away", async () => {
    const child = await talking();
    child.stdout.destroy();
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    expect([said, code]).toEqual(["goodbye\n", 7]);
  });

  it.skipIf(inTerminal === undefined).each([
    ["rows 0 cols 0", "terminal of 80x24"],
    ["rows 40 cols 100", "terminal of 100x40"],
  ])("takes a terminal that tells no size for one of 80x24: %s", async (size, told) => {
    const command = `stty ${size}; ${process.execPath} --import tsx ${terminalSize}`;
    const child = spawn(inTerminal ?? "", ["-qec", command, "/dev/null"], { stdio: ["ignore", "pipe", "ignore"] });
    expect((await text(child.stdout)).trim()).toBe(told);
  });
});
