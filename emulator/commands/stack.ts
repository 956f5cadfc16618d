import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Clock } from "../../contract/clock.js";
import { exitCodes } from "../../contract/errors.js";
import { attended, spawnOwnCommand } from "../children.js";
import type { DeployOptions } from "../deploy/deploy.js";
import type { Changes, DeployEvent } from "../deploy/deployEvent.js";
import { joined, outputsFile } from "../environment.js";
import { projectRoot } from "../home.js";
import { joinOrStart, type StartSettings } from "../ownership.js";
import type { Store } from "../platform/store.js";
import { openStateFolder, type StateFolder } from "../stateFolder.js";
import { checkTripFile } from "../tripFile.js";
import type { CommandContext } from "./context.js";
import { promotedDeployment } from "./promotedDeployment.js";
import { principalSettings, scoringClientSecret } from "./settings.js";

/** What the commands that deploy, preview and destroy have in common. */
export interface StackCommandOptions extends CommandContext, StartSettings {
  /** The CSV to upload as the pipeline's input, instead of the sample. */
  readonly input?: string;
  readonly home: string;
  readonly clock: Clock;
}

/** The stack in a process that has joined the emulator. */
export interface JoinedStack {
  readonly folder: StateFolder;
  readonly settings: Omit<DeployOptions, "program" | "onEvent">;
}

/** The stack that is deployed here: its settings are in Pulumi.local.yaml. */
const stack = "local";

/**
 * Runs `work` on the stack in a process that has joined the emulator: the program's dynamic resources know nothing but
 * their process's environment, so that a process which has not joined starts one that has, with `words` as its command.
 */
export async function onStack(
  options: StackCommandOptions,
  words: readonly string[],
  work: (joined: JoinedStack) => Promise<number>,
): Promise<number> {
  if (options.input !== undefined) checkTripFile(options.input);
  const folder = openStateFolder(options.home);
  if (options.environment["STACK_OUTPUTS"] === outputsFile(folder.path)) return joinedWork(folder, options, work);
  const place = await joinOrStart({ ...options, folder });
  try {
    const environment = joined(options.environment, place.environmentFor("deployer"));
    const input = options.input === undefined ? [] : ["--input", options.input];
    return await attended(spawnOwnCommand(["emulator", ...words, ...input], environment));
  } finally {
    await place.leave();
  }
}

async function joinedWork(
  folder: StateFolder,
  options: StackCommandOptions,
  work: (joined: JoinedStack) => Promise<number>,
): Promise<number> {
  const { readStackConfiguration } = await import("../deploy/stackConfiguration.js");
  options.signal.addEventListener("abort", () => {
    options.log("interrupted: what is done stays, and the next time it goes on from there");
    process.exit(exitCodes.interrupted);
  });
  const store = folder.openStore();
  try {
    const root = projectRoot();
    const input = options.input === undefined ? {} : { inputFile: path.resolve(options.input) };
    // paths in the configuration are relative to the project, as they are under `pulumi up`
    process.chdir(root);
    const { environment, clock } = options;
    const configuration = readStackConfiguration(root, stack, { ...givenByTheDirectory(store), ...input });
    return await work({ folder, settings: { ...configuration, stack, store, environment, clock } });
  } finally {
    store.close();
  }
}

/** What a user of Azure puts into the stack's settings: after making the two applications, and after a promotion. */
function givenByTheDirectory(store: Store): Record<string, string> {
  const promoted = promotedDeployment(store);
  return {
    ...(promoted === undefined ? {} : { defaultDeployment: promoted }),
    ...principalSettings,
    operators: JSON.stringify(principalSettings.operators),
    scoringClientSecret: scoringClientSecret(store),
  };
}

/** The program as built from infra/: modules that stay apart, because Pulumi serializes dynamic providers from them. */
export async function loadProgram(): Promise<() => Promise<object>> {
  const url = pathToFileURL(path.join(projectRoot(), "dist", "program", "infra", "index.js")).href;
  const module = (await import(url)) as { default: () => Promise<object> };
  return module.default;
}

/** One line for each thing that was done. */
export function say(event: DeployEvent, log: (line: string) => void): void {
  if (event.kind === "started" || event.kind === "unchanged") return;
  log(`  ${event.kind.padEnd(8)} ${event.name}  ${event.type.replace(/^.*:/, "")}  ${seconds(event.milliseconds)}`);
}

/** `3 created, 44 unchanged`; empty when there is nothing at all. */
export function countsOf(changes: Readonly<Changes>): string {
  return Object.entries(changes)
    .flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []))
    .join(", ");
}

/** Whether a deployment left everything as it was. */
export function isNothing({ created, updated, deleted }: Readonly<Changes>): boolean {
  return created + updated + deleted === 0;
}

/** Seconds as a person reads them. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
