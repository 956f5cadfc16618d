import { type Command, InvalidArgumentError, Option } from "commander";
import { systemClock } from "../../contract/clock.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { stateHome } from "../home.js";
import type { PrincipalName } from "../platform/subscription.js";
import type { CommandContext } from "./context.js";
import type { Shell } from "./env.js";

const offlineHelp = "refuse hosts that are not emulated instead of passing them on";
const identities: readonly PrincipalName[] = ["deployer", "trigger", "operator"];
const shellNames: readonly Shell[] = ["sh", "fish", "powershell"];

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
    .addHelpText("after", "\nExample:\n  npm start -- --data my-trips.csv")
    .action(async (file: string | undefined, options: { data?: string; keep?: boolean; offline?: boolean }) => {
      if (file !== undefined) throw forgottenDashes(file);
      const { start } = await import("../start.js");
      context.exit(await start({ ...options, home: home(), clock, ...context }));
    });

  const emulator = program
    .command("emulator")
    .description("Azure on this machine; without a command below: run it in the foreground until Ctrl-C")
    .option("--port <number>", "listen on this loopback port", port)
    .option("--offline", offlineHelp)
    .addHelpText("after", "\nState is kept in .synapse-batch/, or in the folder that SYNAPSE_BATCH_HOME names.")
    .action(async (options: { port?: number; offline?: boolean }) => {
      const { runInForeground } = await import("./foreground.js");
      context.exit(await runInForeground({ ...context, ...options, home: home(), clock }));
    });
  const asOption = () =>
    new Option("--as <principal>", "act as this principal").choices(identities).default("deployer");
  const settings = () => emulator.opts<{ port?: number; offline?: boolean }>();

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
    .description("deploy the Pulumi program into the emulator; what is there already stays as it is")
    .option("--input <csv>", "the file to score, instead of the sample")
    .action(async (options: { input?: string }) => {
      const { deployCommand } = await import("./deploy.js");
      context.exit(await deployCommand({ ...context, ...options, ...settings(), home: home(), clock }));
    });
  emulator
    .command("status")
    .description("say whether an emulator runs on the state folder")
    .action(async () => {
      const { showStatus } = await import("./status.js");
      await showStatus(home(), context);
    });
  emulator
    .command("reset")
    .description("delete the emulator's state: everything that was deployed, stored and run")
    .action(async () => {
      const { reset } = await import("./status.js");
      reset(home(), context);
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
