import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";

const script = path.resolve(import.meta.dirname, "../helpers/interruptible.ts");

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
});
