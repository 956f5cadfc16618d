import { type Command, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../terminal/duration.js";
import { typedLine } from "../terminal/typedLine.js";
import type { CommandContext } from "./context.js";
import type { MonitorArguments } from "./monitor.js";
import type { OutputsArguments } from "./outputs.js";
import { deployedParametersHelp } from "./parametersHelp.js";
import type { ScoresArguments } from "./scores.js";
import type { TriggerArguments } from "./trigger.js";

/** Adds the commands that work on a deployed stack; each loads its code when it is called. */
export function registerRuntimeCommands(program: Command, context: CommandContext): void {
  const examples = (lines: readonly string[]) =>
    `\nExamples:\n${lines.map((line) => `  ${typedLine(line, context.environment)}\n`).join("")}`;
  const command = (name: string, summary: string) =>
    program
      .command(name)
      .description(summary)
      .addOption(
        new Option("--outputs <file>", "the stack's outputs as JSON; - reads standard input").conflicts("stack"),
      )
      .option("--stack <name>", "a Pulumi stack other than the selected one")
      .option("--json", "JSON on standard output, talk on standard error (docs/json-output.md)");

  command("trigger", "start the pipeline and show the run until it ends")
    .option("--param <name=value>", "a parameter of the pipeline; repeat for more", collect)
    .option("--params-file <file>", "parameters as one JSON object; --param wins")
    .option("--correlation-id <id>", "a second call with the same id finds the run instead of starting another", filled)
    .option("--detach", "end as soon as the run is started")
    .option("--timeout <duration>", "stop watching after that time (90s, 10m, 2h); the run goes on", duration)
    .addHelpText("after", () => `${deployedParametersHelp(context)}${examples(triggerExamples)}`)
    .action(async (options: TriggerArguments) => {
      const { triggerCommand } = await import("./trigger.js");
      context.exitWith(await triggerCommand(options, context));
    });

  command("monitor <run>", "show a run that was started before, until it ends")
    .option("--timeout <duration>", "stop watching after that time (90s, 10m, 2h); the run goes on", duration)
    .addHelpText("after", examples(["npm run monitor -- 6a1f…    exit code as of the run (docs/exit-codes.md)"]))
    .action(async (run: string, options: MonitorArguments) => {
      const { monitorCommand } = await import("./monitor.js");
      context.exitWith(await monitorCommand(run, options, context));
    });

  command("scores <run>", "download a run's scores: rows, first lines, error against the known fares")
    .addHelpText("after", examples(["npm run scores -- 6a1f…", "npm run -s scores -- 6a1f… --json"]))
    .action(async (run: string, options: ScoresArguments) => {
      const { scoresCommand } = await import("./scores.js");
      context.exitWith(await scoresCommand(run, options, context));
    });

  command("outputs", "what is deployed: names, addresses, the pipeline's parameters")
    .addHelpText("after", examples(["npm run outputs", "npm run -s outputs -- --json > outputs.json"]))
    .action(async (options: OutputsArguments) => {
      const { outputsCommand } = await import("./outputs.js");
      context.exitWith(await outputsCommand(options, context));
    });
}

const triggerExamples = [
  "npm run trigger -- --param inputUri=<ARM id of a data asset's version>",
  "npm run -s trigger -- --json | tee run.jsonl",
  "npm run trigger -- --detach --correlation-id nightly-2024-05-01",
];

function collect(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}

function filled(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty: is a variable not set?");
  return text;
}

function duration(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw new InvalidArgumentError("Write it like 90s, 10m or 2h.");
  return milliseconds;
}
