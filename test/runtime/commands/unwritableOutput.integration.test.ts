import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { sampleOutputs } from "../helpers/sampleOutputs.js";
import { type SynapseServer, startSynapseServer } from "../helpers/synapseServer.js";

const script = path.resolve(import.meta.dirname, "../helpers/typed.ts");

/** Types a command whose standard output or standard error is a device that is always full; resolves with what the other one got. */
async function typeWithFull(full: "stdout" | "stderr", server: SynapseServer, ...words: string[]) {
  const directory = await mkdtemp(path.join(os.tmpdir(), "full-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const outputs = path.join(directory, "outputs.json");
  await writeFile(outputs, JSON.stringify(sampleOutputs(server.url)));
  const device = openSync("/dev/full", "w");
  onTestFinished(() => closeSync(device));
  const child = spawn(process.execPath, ["--import", "tsx", script, ...words], {
    env: { ...process.env, STACK_OUTPUTS: outputs, NO_PROXY: "127.0.0.1" },
    stdio: ["ignore", full === "stdout" ? device : "pipe", full === "stderr" ? device : "pipe"],
  });
  const other = full === "stdout" ? child.stderr : child.stdout;
  const [told, [code]] = await Promise.all([other ? text(other) : "", once(child, "exit")]);
  return { told, code };
}

describe.runIf(process.platform === "linux")("a command whose output cannot be written", () => {
  it.each([
    ["trigger", "--detach"],
    ["trigger", "--json"],
  ])("tells the run that it has started on the other stream, with code 6: %s %s", async (...words) => {
    const server = await startSynapseServer({ steps: [{ status: "InProgress" }] });
    const { told, code } = await typeWithFull("stdout", server, ...words);
    expect(code).toBe(6);
    expect(server.runs).toHaveLength(1);
    expect(told).toBe(
      "error: run run-1 was started, but it cannot be watched: standard output cannot be written: ENOSPC: no space left on device, write\n" +
        "how to solve: make room where it goes to, or send it elsewhere\nthen come back with: npm run monitor -- run-1\n",
    );
  });

  it("counts as interrupted: --on-interrupt cancel cancels the run", async () => {
    const server = await startSynapseServer({ steps: [{ status: "InProgress" }] });
    const { told, code } = await typeWithFull("stdout", server, "trigger", "--on-interrupt", "cancel");
    expect([code, server.runs[0]?.isCancelled]).toEqual([6, true]);
    expect(told).toContain("run run-1 was started");
  });

  it.each(["outputs", "outputs --json", "--help"])("ends with code 3 where nothing was started: %s", async (typed) => {
    const { told, code } = await typeWithFull("stdout", await startSynapseServer(), ...typed.split(" "));
    expect(code).toBe(3);
    expect(told).toMatch(/^error: standard output cannot be written: ENOSPC: .*\nhow to solve: make room .*\n$/);
  });

  it("says on standard output what standard error does not take", async () => {
    const server = await startSynapseServer();
    const { told, code } = await typeWithFull("stderr", server, "trigger", "--param", "nothing=1");
    expect([code, server.runs]).toEqual([2, []]);
    expect(told).toContain("error: a parameter is wrong, nothing was started:\n");
  });
});
