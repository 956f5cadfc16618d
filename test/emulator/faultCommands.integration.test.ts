import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../contract/clock.js";
import { registerEmulatorCommands } from "../../emulator/commands/register.js";
import { type Joined, startOwn } from "../../emulator/ownership.js";
import { testStateFolder } from "../helpers/testEmulator.js";

const folder = testStateFolder();
let emulator: Joined | undefined;

beforeAll(async () => {
  const clock = systemClock({ keepAlive: false });
  emulator = await startOwn({ folder, clock, environment: {}, offline: true, log: () => {} });
});

afterAll(() => emulator?.abandon());

/** Types `emulator fault …`; resolves with the lines of data, rejects as the command does. */
async function type(...words: string[]): Promise<string[]> {
  return typeOn(folder.path, ...words);
}

async function typeOn(home: string, ...words: string[]): Promise<string[]> {
  const lines: string[] = [];
  const program = new Command("synapse-batch")
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  registerEmulatorCommands(program, {
    environment: { SYNAPSE_BATCH_HOME: home },
    log: () => {},
    print: (line) => void lines.push(line),
    exit: () => {},
    signal: new AbortController().signal,
  });
  await program.parseAsync(["emulator", "fault", ...words], { from: "user" });
  return lines;
}

describe("emulator fault", () => {
  it("adds faults to the running emulator, lists them with their counts, and clears one or all", async () => {
    expect(await type("list")).toEqual(["no faults"]);
    const where = ["--host", "*.vault.azure.net", "--path", "/secrets/*", "--method", "GET"];
    expect(
      await type("add", "throttle", ...where, "--retry-after", "5", "--probability", "0.2", "--seed", "7"),
    ).toEqual([
      "fault 1 added: throttle --host *.vault.azure.net --path /secrets/* --method GET --probability 0.2 --seed 7 --retry-after 5",
    ]);
    expect(await type("add", "latency", "--delay", "250", "--after", "--count", "3")).toEqual([
      "fault 2 added: latency --count 3 --delay 250 --after",
    ]);
    expect((await type("list")).map((line) => line.split(/ {2,}/))).toEqual([
      ["number", "fault", "requests", "struck", "carried out"],
      ["1", "throttle", expect.stringContaining("--host *.vault.azure.net"), "0", "0"],
      ["2", "latency", "--count 3 --delay 250 --after", "0", "0"],
    ]);
    expect(JSON.parse((await type("list", "--json"))[0] ?? "")).toMatchObject([
      { id: 1, rule: { kind: "throttle", retryAfterSeconds: 5 }, applied: 0, effects: 0 },
      { id: 2, rule: { kind: "latency", delayMs: 250 } },
    ]);
    expect(await type("clear", "1")).toEqual(["1 fault cleared"]);
    expect((await type("list")).slice(1)).toEqual([expect.stringMatching(/^2 +latency /)]);
    expect(await type("clear")).toEqual(["1 fault cleared"]);
    expect(await type("clear")).toEqual(["0 faults cleared"]);
  });

  it.each([
    [
      ["add", "explosion"],
      /Allowed choices are throttle, unavailable, error, latency, reset, half-body, expired-token/,
    ],
    [["add", "latency"], /^A fault of the kind latency needs --delay\.$/],
    [["add", "reset", "--retry-after", "5"], /^A fault of the kind reset has no --retry-after\.$/],
    [["add", "reset", "--probability", "2"], /^--probability must be 1 or less\.$/],
    [["add", "reset", "--probability", "0"], /^--probability must be more than 0\.$/],
    [["add", "reset", "--count", "0"], /^--count must be 1 or more\.$/],
    [["add", "reset", "--host", ""], /^--host is empty\.$/],
    [["add", "reset", "--count", "many"], /Not a whole number/],
    [["clear", "17"], /There is no fault 17/],
  ])("%j is a wrong call that says why", async (words, reason) => {
    await expect(type(...words)).rejects.toThrow(reason);
    expect(await type("list")).toEqual(["no faults"]);
  });

  it("clear of one that there is not tells where those are that there are", async () => {
    await expect(type("clear", "99")).rejects.toMatchObject({ cure: expect.stringContaining("fault list") });
  });

  it("says that no emulator runs, and how to start one", async () => {
    await expect(typeOn(testStateFolder().path, "list")).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("No emulator runs on the state folder"),
      cure: "Start one: npm run emulator",
    });
  });
});
