import { randomUUID } from "node:crypto";
import type { Clock } from "../contract/clock.js";
import { exitCodes, ProgramError } from "../contract/errors.js";
import { attended, spawnOwnCommand } from "./children.js";
import type { CommandContext } from "./commands/context.js";
import { sayTime } from "./commands/emulatedTime.js";
import { sayStopped, untilEnded } from "./commands/foreground.js";
import { reportUnfinishedRuns, runIdOf } from "./commands/runRecords.js";
import { takeStackTurn, withinTurn } from "./commands/stackTurn.js";
import { nextLines, typedInside } from "./commands/startLines.js";
import { joinedOnce } from "./environment.js";
import { type Joined, joinOrStart, statusOf } from "./ownership.js";
import type { PrincipalName } from "./platform/subscription.js";
import { openStateFolder, type StateFolder } from "./stateFolder.js";
import { checkTripFile } from "./tripFile.js";

export interface StartOptions extends CommandContext {
  /** A CSV of the user's to score instead of the sample. */
  readonly data?: string;
  readonly keep?: boolean;
  readonly offline?: boolean;
  readonly timeScale?: number;
  readonly home: string;
  readonly clock: Clock;
}

/**
 * `npm start`: the emulator, then the same commands that a person types on Azure, each as a process of its own that knows
 * nothing but its environment: deploy as deployer, trigger as the trigger application, scores as operator.
 */
export async function start(options: StartOptions): Promise<number> {
  const { data, log, signal } = options;
  const input = data === undefined ? undefined : checkTripFile(data);
  const code = await inTurn(openStateFolder(options.home), input, options).catch((error: unknown) => {
    if (error === signal.reason) return exitCodes.interrupted;
    throw error;
  });
  if (code === exitCodes.interrupted) log("interrupted: what is done stays, and the next npm start goes on from there");
  return code;
}

/** Keeps the stack to itself until the scores have been shown: another deployment would change what is scored. */
async function inTurn(folder: StateFolder, input: string | undefined, options: StartOptions): Promise<number> {
  const { log, clock } = options;
  const turn = await takeStackTurn(folder, "npm start", options);
  try {
    const began = clock.now().getTime();
    const place = await joinOrStart({ ...options, folder });
    try {
      const seconds = ((clock.now().getTime() - began) / 1000).toFixed(1);
      log(`emulator  ${place.own ? "started" : "joined"} at ${place.proxyUrl} (${seconds} s), state in ${folder.path}`);
      sayTime(await statusOf(folder), log);
      const code = await deployAndScore(place, folder, input, options);
      if (code !== exitCodes.succeeded || !options.keep) return code;
      turn.release();
      log(`the emulator goes on at ${place.proxyUrl} until Ctrl-C`);
      await untilEnded();
      if (place.own) sayStopped(folder, log);
      return code;
    } finally {
      // those who wait for their turn may have joined already, and leaving waits for them
      turn.release();
      await place.leave();
      if (place.own) reportUnfinishedRuns(folder, log);
    }
  } finally {
    turn.release();
  }
}

async function deployAndScore(
  place: Joined,
  folder: StateFolder,
  input: string | undefined,
  options: StartOptions,
): Promise<number> {
  const correlationId = randomUUID();
  for (const [principal, words] of [
    ["deployer", ["emulator", "deploy", ...(input ? ["--input", input] : [])]],
    ["trigger", ["trigger", "--idempotency-key", correlationId]],
    ["operator", ["outputs"]],
  ] as const) {
    options.signal.throwIfAborted();
    const code = await run(place, options, principal, words);
    if (code !== exitCodes.succeeded) return code;
  }
  options.signal.throwIfAborted();
  const runId = runIdOf(folder, correlationId);
  const code = await run(place, options, "operator", ["scores", runId]);
  if (code !== exitCodes.succeeded) return code;
  for (const line of nextLines(runId, place.own && !options.keep)) options.log(line);
  return code;
}

/** Runs one command as a principal, on our own terminal; resolves with its exit code. */
async function run(
  place: Joined,
  options: StartOptions,
  principal: PrincipalName,
  words: readonly string[],
): Promise<number> {
  options.log(`\n$ ${typedInside(principal, words)}`);
  const environment = { ...joinedOnce(options.environment, place.environmentFor(principal)), ...withinTurn };
  const code = await attended(spawnOwnCommand(words, environment));
  if (code > exitCodes.unknown && code !== exitCodes.interrupted) {
    throw new ProgramError(exitCodes.failed, `synapse-batch ${words[0]} was ended from outside (exit code ${code}).`, {
      cure: "Start again: what was done stays, and the rest goes on from there.",
    });
  }
  return code;
}
