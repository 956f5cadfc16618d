import { type Command, Option } from "commander";
import { typedLine } from "../terminal/typedLine.js";
import type { CancelArguments } from "./cancel.js";
import type { CommandContext } from "./context.js";
import type { MonitorArguments } from "./monitor.js";
import { collect, count, duration, filled, filledEach, moment } from "./optionValues.js";
import type { OutputsArguments } from "./outputs.js";
import { deployedParametersHelp } from "./parametersHelp.js";
import { registerRetrain } from "./registerRetrain.js";
import type { RunsArguments } from "./runs.js";
import type { ScoresArguments } from "./scores.js";
import type { TriggerArguments } from "./trigger.js";

/** Adds the commands that work on a deployed stack or a workspace; each loads its code when it is called. */
export function registerRuntimeCommands(program: Command, context: CommandContext): void {
  const examples = (lines: readonly string[]) =>
    `\nExamples:\n${lines.map((line) => `  ${typedLine(line, context.environment)}\n`).join("")}`;
  const command = (name: string, summary: string) => withPlace(program.command(name).description(summary));

  withWatch(command("trigger", "start the pipeline and show the run until it ends"))
    .option("--pipeline <name>", "another pipeline of the workspace", filled)
    .option("--param <name=value>", "a parameter of the pipeline; repeat for more", collect)
    .option("--params-file <file>", "parameters as one JSON object; --param wins", filled)
    .option("--idempotency-key <key>", "a name for this start: calls with the same one start one run in all", filled)
    .addOption(
      new Option("--detach", "end as soon as the run is started").conflicts(["timeout", "onTimeout", "onInterrupt"]),
    )
    .addHelpText("after", () => `${deployedParametersHelp(context)}${examples(triggerExamples)}`)
    .action(async (options: TriggerArguments) => {
      const { triggerCommand } = await import("./trigger.js");
      context.exitWith(await triggerCommand(options, context));
    });

  withWatch(command("monitor", "show runs that were started before, until they have ended"))
    .argument("<run...>", "", filledEach)
    .addHelpText("after", examples(monitorExamples))
    .action(async (runs: string[], options: MonitorArguments) => {
      const { monitorCommand } = await import("./monitor.js");
      context.exitWith(await monitorCommand(runs, options, context));
    });

  command("runs", "list the workspace's runs, newest first")
    .option(
      "--status <status>",
      "Queued, InProgress, Succeeded, Failed, Canceling, Cancelled; repeat for more",
      collect,
    )
    .option("--pipeline <name>", "of this pipeline alone; repeat for more", filledEach)
    .option(
      "--since <when>",
      "last updated after: how long ago (2h, 7d) or a time (2024-05-01T08:00Z); default 7d",
      moment,
    )
    .option("--until <when>", "last updated before, written in the same way; default now", moment)
    .option("--top <number>", "at most so many, 0 for all; default 20", count)
    .addHelpText("after", examples(runsExamples))
    .action(async (options: RunsArguments) => {
      const { runsCommand } = await import("./runs.js");
      context.exitWith(await runsCommand(options, context));
    });

  command("cancel", "cancel a run, the runs that it has started, and its batch job")
    .argument("<run>", "", filled)
    .addHelpText("after", examples(["npm run cancel -- 6a1f…", "npm run -s cancel -- 6a1f… --json"]))
    .action(async (run: string, options: CancelArguments) => {
      const { cancelCommand } = await import("./cancel.js");
      context.exitWith(await cancelCommand(run, options, context));
    });

  command("scores", "download a run's scores: rows, first lines, distribution, error against the known fares")
    .argument("<run>", "", filled)
    .option("--csv <file>", "write the scores to a file as CSV: header, commas, the service's order of rows", filled)
    .option("--out <file>", "write the service's own file as it is: no header, one blank between values", filled)
    .addHelpText("after", examples(scoresExamples))
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

  registerRetrain(program, context);
}

/** The options that every command has. */
function withPlace(command: Command): Command {
  return command
    .addOption(
      new Option("--outputs <file>", "the stack's outputs as JSON; - reads standard input")
        .argParser(filled)
        .conflicts(["stack", "workspace"]),
    )
    .addOption(
      new Option("--stack <name>", "a Pulumi stack other than the selected one")
        .argParser(filled)
        .conflicts("workspace"),
    )
    .option(
      "--workspace <name>",
      "any Synapse workspace, whoever made it (AZURE_SUBSCRIPTION_ID narrows the search)",
      filled,
    )
    .option("--json", "JSON on standard output, talk on standard error (docs/json-output.md)")
    .option("--verbose", "show what was sent and answered where something failed, without secrets");
}

/** The options of the commands that watch. */
function withWatch(command: Command): Command {
  return command
    .option("--timeout <duration>", "stop watching after that time (90s, 10m, 2h): exit code 5", duration)
    .addOption(
      new Option("--on-timeout <what>", "what becomes of the run then").choices(["leave", "cancel"]).default("leave"),
    )
    .addOption(
      new Option("--on-interrupt <what>", "what Ctrl-C does to the run")
        .choices(["detach", "cancel"])
        .default("detach"),
    );
}

const triggerExamples = [
  "npm run trigger -- --param inputUri=<ARM id of a data asset's version>",
  "npm run -s trigger -- --json | tee run.jsonl",
  "npm run trigger -- --detach --idempotency-key nightly-2024-05-01",
  "npm run trigger -- --workspace <name> --pipeline <name> --params-file p.json",
  "npm run trigger -- --timeout 30m --on-timeout cancel --on-interrupt cancel",
];

const monitorExamples = [
  "npm run monitor -- 6a1f…    exit code as of the run (docs/exit-codes.md)",
  "npm run monitor -- 6a1f… 77c0… --timeout 1h",
];

const runsExamples = [
  "npm run runs",
  "npm run runs -- --status Failed --since 2d",
  "npm run -s runs -- --workspace <name> --pipeline <name> --top 0 --json",
];

const scoresExamples = [
  "npm run scores -- 6a1f…",
  "npm run scores -- 6a1f… --csv scores.csv",
  "npm run -s scores -- 6a1f… --json",
];
