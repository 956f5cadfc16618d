import { randomUUID } from "node:crypto";
import type { Clock } from "../contract/clock.js";
import { exitCodes, ProgramError } from "../contract/errors.js";
import { attended, spawnOwnCommand } from "./children.js";
import type { CommandContext } from "./commands/context.js";
import { untilEnded } from "./commands/foreground.js";
import { reportUnfinishedRuns, runIdOf } from "./commands/runRecords.js";
import { sayTimeScale } from "./commands/timeScale.js";
import { joinedOnce } from "./environment.js";
import { type Joined, joinOrStart } from "./ownership.js";
import type { PrincipalName } from "./platform/subscription.js";
import { openStateFolder } from "./stateFolder.js";
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
  const { log, clock } = options;
  const input = options.data === undefined ? undefined : checkTripFile(options.data);
  const folder = openStateFolder(options.home);
  const began = clock.now().getTime();
  const place = await joinOrStart({ ...options, folder });
  try {
    const seconds = ((clock.now().getTime() - began) / 1000).toFixed(1);
    log(`emulator  ${place.own ? "started" : "joined"} at ${place.proxyUrl} (${seconds} s), state in ${folder.path}`);
    sayTimeScale(options.timeScale, log);
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
    const runId = runIdOf(folder, correlationId);
    const scored = await run(place, options, "operator", ["scores", runId]);
    if (scored !== exitCodes.succeeded) return scored;
    sayNext(log, runId);
    if (options.keep) {
      log(`the emulator goes on at ${place.proxyUrl} until Ctrl-C`);
      await untilEnded();
    }
    return exitCodes.succeeded;
  } finally {
    await place.leave();
    if (place.own) reportUnfinishedRuns(folder, log);
  }
}

/** Runs one command as a principal, on our own terminal; resolves with its exit code. */
async function run(
  place: Joined,
  options: StartOptions,
  principal: PrincipalName,
  words: readonly string[],
): Promise<number> {
  options.log(`\n$ synapse-batch ${words.join(" ")}    (as ${principal})`);
  const environment = joinedOnce(options.environment, place.environmentFor(principal));
  const code = await attended(spawnOwnCommand(words, environment));
  if (code > exitCodes.unknown && code !== exitCodes.interrupted) {
    throw new ProgramError(exitCodes.failed, `synapse-batch ${words[0]} was ended from outside (exit code ${code}).`, {
      cure: "Start again: what was done stays, and the rest goes on from there.",
    });
  }
  return code;
}

function sayNext(log: (line: string) => void, runId: string): void {
  log("\nnext:");
  for (const [meaning, line] of [
    ["run the pipeline again", "npm run emulator -- exec npm run trigger"],
    ["show these scores again", `npm run emulator -- exec npm run scores -- ${runId}`],
    ["score a file of yours", "npm start -- --data <csv>"],
    ["keep Azure running here", "npm run emulator"],
    ["forget everything", "npm run emulator -- reset"],
  ] as const) {
    log(`  ${meaning.padEnd(24)} ${line}`);
  }
}
