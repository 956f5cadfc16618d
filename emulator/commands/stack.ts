import type { Clock } from "../../contract/clock.js";
import { attended } from "../children.js";
import type { DeployOptions } from "../deploy/deploy.js";
import type { Changes, DeployEvent } from "../deploy/deployEvent.js";
import { outputsFile } from "../environment.js";
import type { StartSettings } from "../ownership.js";
import { openStateFolder, type StateFolder } from "../stateFolder.js";
import type { CommandContext } from "./context.js";
import { isWaiting, startEarly } from "./earlyChild.js";

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

/** What a command does with the stack; resolves with its exit code. */
export type StackWork = (joined: JoinedStack) => Promise<number>;

/**
 * Runs a command's work on the stack in a process that has joined the emulator: the program's dynamic resources know nothing
 * but their process's environment, so that a process which has not joined starts one that has, with `words` as its command.
 * `load` imports what the work needs and returns the work: the child does so while this process starts the emulator.
 */
export async function onStack(
  options: StackCommandOptions,
  words: readonly string[],
  load: () => Promise<StackWork>,
): Promise<number> {
  const { input, environment, signal } = options;
  // a child that waits has a parent that checked it
  if (input !== undefined && !isWaiting(environment)) (await import("../tripFile.js")).checkTripFile(input);
  const folder = openStateFolder(options.home);
  if (environment["STACK_OUTPUTS"] === outputsFile(folder.path) || isWaiting(environment)) {
    const { workJoined } = await import("./joinedStack.js");
    return workJoined(folder, options, load);
  }
  const command = ["emulator", ...words, ...(input === undefined ? [] : ["--input", input])];
  const child = startEarly(command, { environment, authority: folder.files.authority });
  try {
    const { joinOrStart } = await import("../ownership.js");
    const place = await joinOrStart({ ...options, folder });
    try {
      signal.throwIfAborted();
      return await attended(child.join(place.environmentFor("deployer")));
    } finally {
      await place.leave();
    }
  } finally {
    child.abandon();
  }
}

/** Says each thing that is done, and at the first that is forgotten what that means. */
export function sayEach(options: Pick<CommandContext, "log" | "columns">): (event: DeployEvent) => void {
  let isExplained = false;
  return (event) => {
    say(event, options);
    if (event.kind !== "forgotten" || isExplained) return;
    isExplained = true;
    options.log("  (forgotten: it went with the resource that it was in, or is left to whoever keeps it)");
  };
}

/** One line for each thing that was done; a long name is cut so that the line fits the terminal. */
export function say(event: DeployEvent, { log, columns }: Pick<CommandContext, "log" | "columns">): void {
  if (event.kind === "started" || event.kind === "unchanged") return;
  const before = `  ${event.kind.padEnd(8)} `;
  const after = `  ${event.type.replace(/^.*:/, "")}  ${seconds(event.milliseconds)}`;
  const room = Math.max(8, (columns ?? Number.POSITIVE_INFINITY) - before.length - after.length);
  log(`${before}${event.name.length > room ? `${event.name.slice(0, room - 1)}…` : event.name}${after}`);
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
