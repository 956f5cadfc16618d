import { type Command, InvalidArgumentError, Option } from "commander";
import type { Clock } from "../../contract/clock.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { randomIds } from "../../contract/ids.js";
import type { CommandContext } from "./context.js";
import type { RunOptions } from "./runPipeline.js";

const example = "npm run -s emulator -- evaluate \"@concat('a', string(add(1, 2)))\"";

/** Adds the commands that use the pipeline engine alone: no service is started, nothing is kept. */
export function registerEngineCommands(emulator: Command, context: CommandContext, clock: Clock): void {
  emulator
    .command("evaluate")
    .description("evaluate a pipeline expression and print its value as JSON")
    .argument("[expression]", "as a definition has it: @expression, or text with @{…} in it")
    .option("--context <file>", "JSON with parameters, variables, activities, item, now…")
    .option("--cases <file>", "evaluate every case of a file and print what differs")
    .addHelpText("after", `\nExample:\n  ${example}`)
    .action(async (expression: string | undefined, options: { context?: string; cases?: string }) => {
      const { evaluateCases, evaluateCommand } = await import("./evaluate.js");
      const world = { ...context, clock, ids: randomIds };
      if (options.cases !== undefined) return context.exit(await evaluateCases(options.cases, world));
      if (expression === undefined) {
        throw new ProgramError(exitCodes.usage, "An expression is missing.", {
          cure: `Give one in quotes (${example}), or a file of cases with --cases.`,
        });
      }
      const contextFile = options.context === undefined ? {} : { contextFile: options.context };
      await evaluateCommand(expression, { ...world, ...contextFile });
    });
  emulator
    .command("run")
    .description("run a pipeline of a Synapse or Data Factory git folder, against recorded or real HTTP")
    .argument("<file or folder>")
    .option("--pipeline <name>", "which of the folder's pipelines")
    .option("--trigger <name>", "start it as this trigger does, with the trigger's parameters")
    .option("--param <name=value>", "set a parameter; may be repeated", collect, [])
    .option("--params-file <file>", "JSON object of parameters")
    .addOption(new Option("--http <stub.json>", "answer requests by this file").conflicts("live"))
    .option("--live", "send requests for real, with your own identity")
    .option("--record <stub.json>", "write the answers as a file for --http")
    .addOption(new Option("--clock <kind>", "virtual: no wait takes time").choices(["real", "virtual"]).default("real"))
    .option("--time-scale <n>", "run the clock this many times as fast", scale, 1)
    .option("--json", "print {run, activityRuns, variables, requests} as JSON")
    .addHelpText(
      "after",
      `
Example:
  npm run -s emulator -- run samples/pipelines --pipeline nightly \\
    --http samples/pipelines/stub.json --clock virtual`,
    )
    .action(async (place: string, options: RunOptions) => {
      const { runPipelineCommand } = await import("./runPipeline.js");
      context.exit(await runPipelineCommand(place, options, { ...context, wallClock: clock }));
    });
}

const collect = (value: string, previous: readonly string[]) => [...previous, value];

function scale(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("Not a positive number.");
  return value;
}
