import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { joined } from "../../emulator/environment.js";
import { cliFile } from "../helpers/cli.js";
import { testStateFolder } from "../helpers/testEmulator.js";

/** Presses Ctrl-C, which the terminal sends to all that runs in it, once standard error has shown the mark. */
async function interruptedAt(mark: string, words: readonly string[], home: string) {
  const child: ChildProcess = spawn(process.execPath, [cliFile, ...words], {
    env: joined(process.env, { SYNAPSE_BATCH_HOME: home }),
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const { pid, stderr } = child;
  if (pid === undefined || stderr === null) throw new Error("the command was not started");
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-pid, "SIGKILL");
  });
  let shown = "";
  let isPressed = false;
  stderr.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
    if (isPressed || !shown.includes(mark)) return;
    isPressed = true;
    process.kill(-pid, "SIGINT");
  });
  const [said, [code]] = await Promise.all([text(stderr), once(child, "close")]);
  return { code: Number(code), said };
}

describe("Ctrl-C", () => {
  const folder = testStateFolder().path;

  it.each([
    ["as its deployment begins", "$ npm run emulator -- deploy"],
    ["while it deploys", "  created  code-version"],
  ])(
    "in npm start %s says once that what is done stays and how it goes on",
    async (_when, mark) => {
      // a folder of its own: on one that is deployed nothing is created
      const { code, said } = await interruptedAt(mark, ["start", "--offline"], testStateFolder().path);
      expect(code, said).toBe(130);
      expect(said.match(/interrupted/g), said).toHaveLength(1);
      expect(said).toContain("interrupted: what is done stays, and the next npm start goes on from there\n");
    },
    30_000,
  );

  it("in npm run emulator says where the state is kept and how to go on", async () => {
    const { code, said } = await interruptedAt("end it with Ctrl-C", ["emulator", "--offline"], folder);
    expect(code).toBe(0);
    expect(said).toContain(`its state is kept in ${folder}: npm run emulator goes on from there\n`);
  });

  it("in a deployment of its own says that what is done stays", async () => {
    const { code, said } = await interruptedAt("  created  code-version", ["emulator", "deploy"], path.join(folder));
    expect(code, said).toBe(130);
    expect(said).toContain("interrupted: what is done stays, and the next time it goes on from there\n");
  });
});
