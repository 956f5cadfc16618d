import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { takeStackTurn, withinTurn } from "../../emulator/commands/stackTurn.js";
import { ManualClock } from "../helpers/manualClock.js";
import { testStateFolder } from "../helpers/testEmulator.js";

function terminal(environment: NodeJS.ProcessEnv = {}) {
  const lines: string[] = [];
  const interruption = new AbortController();
  const clock = new ManualClock();
  const log = (line: string) => void lines.push(line);
  return { lines, interruption, clock, options: { environment, log, clock, signal: interruption.signal } };
}

describe("the turn to change a stack", () => {
  it("is one command's at a time; the next says once who has it, and takes it when that is released", async () => {
    const folder = testStateFolder();
    const first = await takeStackTurn(folder, "npm start", terminal().options);
    const { lines, clock, options } = terminal();
    const second = takeStackTurn(folder, "emulator deploy", options);
    for (let looks = 0; looks < 5; looks += 1) await clock.advance(100);
    expect(lines).toEqual([
      `waiting: npm start (process ${process.pid}) is at work on the state folder ${folder.path}; Ctrl-C gives up`,
    ]);
    first.release();
    await clock.advance(100);
    (await second).release();
    expect(lines).toHaveLength(1);
    expect(readdirSync(folder.path)).not.toContain("stack.json");
  });

  it("released twice is released once: it is the next one's then", async () => {
    const folder = testStateFolder();
    const first = await takeStackTurn(folder, "npm start", terminal().options);
    first.release();
    const second = await takeStackTurn(folder, "npm start", terminal().options);
    first.release();
    expect(folder.claimStack()).toBeUndefined();
    expect(readdirSync(folder.path)).toContain("stack.json");
    second.release();
  });

  it("of a process that was killed is free: what it has left is a note that nobody reads", async () => {
    const folder = testStateFolder();
    writeFileSync(path.join(folder.path, "stack.json"), '{"command":"npm start","pid":1}');
    const { lines, options } = terminal();
    (await takeStackTurn(folder, "npm start", options)).release();
    expect(lines).toEqual([]);
  });

  it("is waited for until Ctrl-C", async () => {
    const folder = testStateFolder();
    const first = await takeStackTurn(folder, "npm start", terminal().options);
    const { interruption, options } = terminal();
    const second = takeStackTurn(folder, "npm start", options);
    interruption.abort(new Error("interrupted"));
    await expect(second).rejects.toThrow("interrupted");
    first.release();
  });

  it("is shared with the commands that its holder calls", async () => {
    const folder = testStateFolder();
    const first = await takeStackTurn(folder, "npm start", terminal().options);
    const inside = terminal(withinTurn);
    (await takeStackTurn(folder, "emulator deploy", inside.options)).release();
    expect(inside.lines).toEqual([]);
    expect(folder.claimStack()).toBeUndefined();
    first.release();
  });
});
