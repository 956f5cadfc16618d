import { type Command, InvalidArgumentError, Option } from "commander";
import { systemClock } from "../../contract/clock.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { nearestName } from "../../contract/nearestName.js";
import { stateHome } from "../home.js";
import type { StartSettings } from "../ownership.js";
import type { PrincipalName } from "../platform/subscription.js";
import type { StartOptions } from "../start.js";
import type { CommandContext } from "./context.js";
import type { Shell } from "./env.js";
import { registerEngineCommands } from "./registerEngine.js";
import { registerFaultCommands } from "./registerFaults.js";

const offlineHelp = "refuse hosts that are not emulated instead of passing them on";
const inputHelp = "the file to score, instead of the sample";
const timeScaleHelp = "let the emulator's time run so many times as fast as a watch: with 60 an hour takes a minute";
const identities: readonly PrincipalName[] = ["deployer", "trigger", "operator"];
const shellNames: readonly Shell[] = ["sh", "fish", "powershell"];

const emulatorHelp = `
Examples:
  npm run emulator
  npm run emulator -- --offline --time-scale 60

State is kept in .synapse-batch/, or the folder that SYNAPSE_BATCH_HOME names.`;

/** Adds `start` and `emulator …` to the program; what they need is loaded only when they run. */
export function registerEmulatorCommands(program: Command, context: CommandContext): void {
  const home = () => stateHome(context.environment);
  const clock = systemClock();
  program
    .command("start")
    .description("stand everything up on this machine, run the pipeline once, show the scores, and end")
    .argument("[file]")
    .option("--data <csv>", "score this file instead of the sample")
    .option("--keep", "leave the emulator running until Ctrl-C, so that other terminals can join it")
    .option("--offline", offlineHelp)
    .option("--time-scale <n>", timeScaleHelp, timeScale)
    .addHelpText("after", "\nExample:\n  npm start -- --data my-trips.csv")
    .action(
      async (file: string | undefined, options: Pick<StartOptions, "data" | "keep" | "offline" | "timeScale">) => {
        if (file !== undefined) throw forgottenDashes(file);
        const { start } = await import("../start.js");
        context.exit(await start({ ...options, home: home(), clock, ...context }));
      },
    );

  const emulator = program
    .command("emulator")
    .description("Azure on this machine; without a command below: run it in the foreground until Ctrl-C")
    .option("--port <number>", "listen on this loopback port", port)
    .option("--offline", offlineHelp)
    .option("--propagation <seconds>", "let roles and address rules take effect so long after they were made", seconds)
    .option("--time-scale <n>", timeScaleHelp, timeScale)
    // a word too many is a command that there is not
    .allowExcessArguments()
    .addHelpText("after", emulatorHelp)
    // its commands inherit this; their own options are others
    .configureOutput({
      outputError: (text, write) => {
        write(text);
        const name = /unknown option '(--[\w-]+)/.exec(text)?.[1];
        const known = emulator.options.find(({ long }) => long === name);
        if (known) write(`how to solve: it goes before the command: npm run emulator -- ${known.flags} <command> …\n`);
      },
    })
    .action(async (_options: object, { args: [unknown] }: Command) => {
      if (unknown !== undefined) throw unknownCommand(unknown, emulator);
      const { runInForeground } = await import("./foreground.js");
      context.exit(await runInForeground({ ...context, ...settings(), home: home(), clock }));
    });
  const asOption = () =>
    new Option("--as <principal>", "act as this principal").choices(identities).default("deployer");
  const settings = (): StartSettings => {
    const { propagation = 0, ...others } = emulator.opts<
      Omit<StartSettings, "propagationMs"> & { propagation?: number }
    >();
    return { ...others, propagationMs: propagation * 1_000 };
  };

  emulator
    .command("exec")
    .description("run a command inside the emulator, starting one when none runs; the exit code is the command's")
    .addOption(asOption())
    .argument("<command...>")
    .passThroughOptions()
    .addHelpText("after", "\nExample:\n  npm run emulator -- exec npm run trigger")
    .action(async (words: string[], options: { as: PrincipalName }) => {
      const { execCommand } = await import("./exec.js");
      context.exit(await execCommand(words, { ...context, ...options, ...settings(), home: home(), clock }));
    });
  emulator
    .command("env")
    .description("print the lines by which a shell joins the running emulator")
    .addOption(asOption())
    .addOption(new Option("--shell <shell>", "the shell's language").choices(shellNames).default("sh"))
    .addHelpText("after", '\nExample:\n  eval "$(npm run -s emulator -- env)"')
    .action(async (options: { as: PrincipalName; shell: Shell }) => {
      const { environmentLines } = await import("./env.js");
      const lines = await environmentLines({ ...options, home: home(), environment: context.environment });
      for (const line of lines) context.print(line);
    });
  emulator
    .command("deploy")
    .description("bring the emulator to what the Pulumi program says: what has left the program is deleted there, too")
    .option("--input <csv>", inputHelp)
    .addHelpText("after", "\nExample:\n  npm run emulator -- deploy --input my-trips.csv")
    .action(async (options: { input?: string }) => {
      const { deployCommand } = await import("./deploy.js");
      context.exit(await deployCommand({ ...context, ...options, ...settings(), home: home(), clock }));
    });
  emulator
    .command("preview")
    .description("show what deploy would do now, field by field, and do nothing")
    .option("--input <csv>", inputHelp)
    .option("--json", "write it as one JSON document")
    .addHelpText("after", "\nExample:\n  npm run -s emulator -- preview --json")
    .action(async (options: { input?: string; json?: boolean }) => {
      const { previewCommand } = await import("./preview.js");
      context.exit(await previewCommand({ ...context, ...options, ...settings(), home: home(), clock }));
    });
  emulator
    .command("destroy")
    .description("delete everything that deploy made, with what was stored and run in it")
    .addHelpText("after", "\nExample:\n  npm run emulator -- destroy")
    .action(async () => {
      const { destroyCommand } = await import("./destroy.js");
      context.exit(await destroyCommand({ ...context, ...settings(), home: home(), clock }));
    });
  emulator
    .command("settings")
    .description("print the lines that give a stack of the Pulumi command line the settings that deploy gives its own")
    .option("--secret", "print the value of scoringClientSecret, and nothing else")
    .addHelpText(
      "after",
      '\nExample, in a shell inside (npm run emulator -- exec sh):\n  eval "$(npm run -s emulator -- settings)"',
    )
    .action(async (options: { secret?: boolean }) => {
      const { showSettings } = await import("./settings.js");
      showSettings(home(), options, context.print);
    });
  registerEngineCommands(emulator, context, clock);
  registerFaultCommands(emulator, context, home);
  emulator
    .command("status")
    .description("say whether an emulator runs on the state folder")
    .addHelpText("after", "\nExample:\n  npm run emulator -- status")
    .action(async () => {
      const { showStatus } = await import("./status.js");
      await showStatus(home(), context);
    });
  emulator
    .command("reset")
    .description("delete the emulator's state: everything that was deployed, stored and run")
    .addHelpText("after", "\nExample:\n  npm run emulator -- reset")
    .action(async () => {
      const { reset } = await import("./status.js");
      reset(home(), context);
    });
}

function unknownCommand(word: string, { commands }: Command): ProgramError {
  const names = commands.map((command) => command.name());
  const nearest = nearestName(word, names);
  return new ProgramError(exitCodes.usage, `There is no command 'emulator ${word}'.`, {
    cure: nearest === undefined ? `There are: ${names.join(", ")}.` : `Did you mean npm run emulator -- ${nearest}?`,
  });
}

function forgottenDashes(file: string): ProgramError {
  return new ProgramError(exitCodes.usage, `npm has kept an option for itself: ${file} alone says nothing.`, {
    cure: `Type two dashes before the options: npm start -- --data ${file}`,
  });
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError("Not a port number.");
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (text === "" || !Number.isFinite(value) || value < 0) throw new InvalidArgumentError("Not a number of seconds.");
  return value;
}

/** With more, a token of an hour would end before a client has used it. */
const highestTimeScale = 600;

function timeScale(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 1 || value > highestTimeScale) {
    throw new InvalidArgumentError(`Not a number from 1 to ${highestTimeScale}.`);
  }
  return value;
}
