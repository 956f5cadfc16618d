import { type Command, Option } from "commander";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { typedLine } from "../terminal/typedLine.js";
import type { CommandContext } from "./context.js";
import { duration } from "./optionValues.js";
import type { RetrainArguments } from "./retrain.js";

type Options = Omit<RetrainArguments, "data"> & { readonly data?: string; readonly rollback?: boolean };

const examples = [
  "npm run retrain -- --data trips.csv --label fare",
  "npm run retrain -- --data trips.csv --label fare --promote",
  "npm run retrain -- --rollback",
];

/** Adds `retrain`, which loads its code when it is called. */
export function registerRetrain(program: Command, context: CommandContext): void {
  program
    .command("retrain")
    .description(
      "train a model on a CSV through the Batch Execution Service, compare it with the present one, promote it",
    )
    .option("--data <csv>", "the file to learn from")
    .option("--label <column>", "what is to be learnt (default: the last column)")
    .addOption(
      new Option("--task <kind>", "what the label is (default: by its values)").choices([
        "regression",
        "classification",
      ]),
    )
    .option("--model <zip>", "compare and promote this model, which was trained elsewhere, instead of training one")
    .option("--promote", "let the new model score from now on, unless it is worse")
    .option("--force", "promote it even if it is worse")
    .addOption(
      new Option("--rollback", "let the model score again that did before the last promotion").conflicts([
        "data",
        "promote",
      ]),
    )
    .option("--endpoint <url>", "the service (default: BES_ENDPOINT, or the stack's setting besEndpoint)")
    .option("--api-key <key>", "the service's key (default: BES_API_KEY, which other users of the machine cannot see)")
    .option("--storage <connection string>", "the account for the job's blobs (default: BES_STORAGE_CONNECTION_STRING)")
    .option("--container <name>", "the container for the job's blobs", "retrain")
    .option("--out <folder>", "where the job's record, model and evaluation are kept (default: retrain/<data>-<hash>)")
    .option("--again", "train although a model of this file is there")
    .option("--timeout <duration>", "stop waiting after that time (90s, 10m, 2h); the job goes on", duration)
    .option("--delete-on-interrupt", "Ctrl-C deletes the job instead of leaving it")
    .addOption(new Option("--outputs <file>", "the stack's outputs as JSON; - reads standard input").conflicts("stack"))
    .option("--stack <name>", "a Pulumi stack other than the selected one")
    .option("--json", "JSON on standard output, talk on standard error (docs/json-output.md)")
    .addHelpText(
      "after",
      `\nExamples:\n${examples.map((line) => `  ${typedLine(line, context.environment)}\n`).join("")}\nMore: docs/retraining.md\n`,
    )
    .action(async ({ rollback, data, ...options }: Options) => {
      if (rollback) {
        const { rollbackCommand } = await import("./promoteModel.js");
        context.exitWith(await rollbackCommand(options, context));
        return;
      }
      if (data === undefined) {
        throw new ProgramError(exitCodes.usage, "there is nothing to learn from", {
          cure: "name a file: --data <csv>",
        });
      }
      const { retrainCommand } = await import("./retrain.js");
      context.exitWith(await retrainCommand({ data, ...options }, context));
    });
}
