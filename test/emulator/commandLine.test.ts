import { existsSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import type { CommandContext } from "../../emulator/commands/context.js";
import { aheadOf, sayTime } from "../../emulator/commands/emulatedTime.js";
import { registerEmulatorCommands } from "../../emulator/commands/register.js";
import { say, sayEach } from "../../emulator/commands/stack.js";
import { reset } from "../../emulator/commands/status.js";
import { runProgram } from "../../runtime/commands/runProgram.js";
import { testContext } from "../runtime/helpers/commandContext.js";

function quiet(log: (line: string) => void = () => {}): CommandContext {
  return { environment: {}, log, print: () => {}, exit: () => {}, signal: new AbortController().signal };
}

/** Types `emulator …`; rejects as the command does. */
async function type(...words: string[]): Promise<void> {
  const program = new Command("synapse-batch").enablePositionalOptions().exitOverride();
  registerEmulatorCommands(program, quiet());
  await program.parseAsync(["emulator", ...words], { from: "user" });
}

describe("emulator with a word that is no command of it", () => {
  it("is a wrong call that names the nearest command", async () => {
    await expect(type("deplyo")).rejects.toMatchObject({
      exitCode: 2,
      message: "There is no command 'emulator deplyo'.",
      cure: "Did you mean npm run emulator -- deploy?",
    });
  });

  it("names all where none is near", async () => {
    await expect(type("--port", "0", "wxyz")).rejects.toMatchObject({
      exitCode: 2,
      cure: expect.stringMatching(/^There are: exec, env, .*status, reset\.$/),
    });
  });
});

describe("an option of emulator after the command", () => {
  it.each(["exec", "deploy", "status"])("%s --time-scale 60 is told to go before it", async (command) => {
    const { context, recorded } = testContext();
    const program = new Command("synapse-batch").enablePositionalOptions();
    registerEmulatorCommands(program, quiet());
    await runProgram(program, ["emulator", command, "--time-scale", "60", "true"], context);
    expect(recorded.exitCode).toBe(2);
    expect(recorded.err).toContain("it goes before the command: npm run emulator -- --time-scale <n> <command>");
  });

  it("is not spoken of where no such option is", async () => {
    const { context, recorded } = testContext();
    const program = new Command("synapse-batch").enablePositionalOptions();
    registerEmulatorCommands(program, quiet());
    await runProgram(program, ["emulator", "exec", "--speed", "60", "true"], context);
    expect(recorded.err).not.toContain("goes before");
  });
});

it("reset of a folder that never was says that there was nothing, and makes none", () => {
  const home = mkdtempSync(path.join(tmpdir(), "synapse-batch-test-"));
  rmdirSync(home);
  const lines: string[] = [];
  reset(
    home,
    quiet((line) => void lines.push(line)),
  );
  expect(lines).toEqual([`there was nothing to delete: no folder ${home}`]);
  expect(existsSync(home)).toBe(false);
});

it("what is forgotten is explained once", () => {
  const lines: string[] = [];
  const tell = sayEach({ log: (line) => void lines.push(line) });
  for (const kind of ["deleted", "forgotten", "forgotten"] as const) {
    tell({ kind, type: "a:b:Vault", name: "v", urn: "", milliseconds: 0 });
  }
  expect(lines.filter((line) => line.includes("went with the resource"))).toHaveLength(1);
  expect(lines).toHaveLength(4);
});

describe("a line of a deployment", () => {
  const event = {
    kind: "created",
    type: "azure-native:authorization:RoleAssignment",
    name: "operators a3b5a2c4-94f1-4c5e-8a3f-0d8d1c9b7e04, Reader, resource group",
    urn: "",
    milliseconds: 40,
  } as const;
  const lineOn = (columns?: number) => {
    const lines: string[] = [];
    say(event, { log: (line) => void lines.push(line), columns });
    return lines.join("\n");
  };

  it("is one line of the terminal: of a long name the end is cut", () => {
    expect(lineOn(80)).toHaveLength(80);
    expect(lineOn(80)).toMatch(/^ {2}created {2}operators a3b5.*… {2}RoleAssignment {2}0\.0 s$/);
    expect(lineOn(120)).toContain(event.name);
  });

  it("is whole where no terminal takes it", () => {
    expect(lineOn()).toContain(event.name);
  });
});

it("that the emulator's time is faster is said, with where durations are explained; else nothing", () => {
  const lines: string[] = [];
  for (const timeScale of [1, 60]) sayTime({ timeScale, aheadSeconds: 0 }, (line) => void lines.push(line));
  expect(lines).toEqual([expect.stringMatching(/60 times as fast .*docs\/time\.md/)]);
});

it("that the emulator's clock is more than a minute ahead is said, once and in round figures", () => {
  const lines: string[] = [];
  for (const aheadSeconds of [60, 480]) sayTime({ timeScale: 1, aheadSeconds }, (line) => void lines.push(line));
  expect(lines).toEqual([expect.stringContaining("its clock is 8 min ahead")]);
  expect([0, 60, 61, 480, 10_800, 432_000].map((aheadSeconds) => aheadOf({ aheadSeconds }))).toEqual([
    undefined,
    undefined,
    "1 min",
    "8 min",
    "3 h",
    "5 days",
  ]);
});
