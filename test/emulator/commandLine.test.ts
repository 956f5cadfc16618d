import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { registerEmulatorCommands } from "../../emulator/commands/register.js";
import { say } from "../../emulator/commands/stack.js";
import { sayTimeScale } from "../../emulator/commands/timeScale.js";

/** Types `emulator …`; rejects as the command does. */
async function type(...words: string[]): Promise<void> {
  const program = new Command("synapse-batch").enablePositionalOptions().exitOverride();
  registerEmulatorCommands(program, {
    environment: {},
    log: () => {},
    print: () => {},
    exit: () => {},
    signal: new AbortController().signal,
  });
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
  for (const scale of [undefined, 1, 60]) sayTimeScale(scale, (line) => void lines.push(line));
  expect(lines).toEqual([expect.stringMatching(/60 times as fast .*docs\/time\.md/)]);
});
