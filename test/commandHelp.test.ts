import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { registerEmulatorCommands } from "../emulator/commands/register.js";
import { registerRuntimeCommands } from "../runtime/commands/register.js";
import { runProgram } from "../runtime/commands/runProgram.js";
import { columnsOf } from "../runtime/terminal/text.js";
import { testContext } from "./runtime/helpers/commandContext.js";

function wholeProgram(columns: number) {
  const { context, recorded } = testContext({ columns });
  const program = new Command("synapse-batch").enablePositionalOptions();
  registerRuntimeCommands(program, context);
  const { environment, signal } = context;
  const print = (line: string) => void context.stdout.write(`${line}\n`);
  registerEmulatorCommands(program, { environment, signal, columns, log: print, print, exit: context.exitWith });
  return { program, context, recorded };
}

/** The words of every command, and of those below it. */
function commandsOf(command: Command): string[][] {
  return command.commands.flatMap((inner) => [
    [inner.name()],
    ...commandsOf(inner).map((words) => [inner.name(), ...words]),
  ]);
}

const commands = commandsOf(wholeProgram(80).program).map((words) => [words.join(" "), words] as const);

/** The lines under `Example:` or `Examples:`, as they are typed. */
function examplesIn(help: string): string[] {
  const [, block = ""] = /\nExamples?(?:, [^\n]*)?:\n((?: {2}[^\n]*(?:\n|$))*)/.exec(help) ?? [];
  return block.split("\n").flatMap((line) => line.trim() || []);
}

/** What is typed to call a command. */
function typedAs([first = "", ...inner]: readonly string[]): RegExp {
  const npm = first === "start" ? "npm start" : `npm run (?:-s )?${first}`;
  return new RegExp(`\\b${[npm, ...inner].join(" (?:-- )?")}\\b`);
}

describe("--help", () => {
  it.each([["", []] as const, ...commands])(
    "of `%s` fits a terminal of 80 columns, examples too",
    async (_name, words) => {
      const { program, context, recorded } = wholeProgram(80);
      await runProgram(program, [...words, "--help"], context);
      expect(recorded.exitCode).toBe(0);
      expect(recorded.out).toContain("Usage: ");
      expect(recorded.out.split("\n").filter((line) => columnsOf(line) > 80)).toEqual([]);
    },
  );

  it.each(commands)("of `%s` has an example that calls it", async (_name, words) => {
    const { program, context, recorded } = wholeProgram(80);
    await runProgram(program, [...words, "--help"], context);
    expect(examplesIn(recorded.out)).toContainEqual(expect.stringMatching(typedAs(words)));
  });
});
