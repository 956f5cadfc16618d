import { existsSync } from "node:fs";
import type { Clock } from "../../contract/clock.js";
import { NotStarted, runForeground } from "../children.js";
import { joinedOnce } from "../environment.js";
import { joinOrStart, type StartSettings, statusOf } from "../ownership.js";
import type { PrincipalName } from "../platform/subscription.js";
import { openStateFolder } from "../stateFolder.js";
import type { CommandContext } from "./context.js";
import { sayTime } from "./emulatedTime.js";
import { reportUnfinishedRuns } from "./runRecords.js";

/**
 * `emulator exec [--as …] <command…>`: runs the command inside the emulator and returns its exit code as a shell does: 128 and
 * the number of the signal that ended it, 127 where there is no such command, 126 where it cannot be executed.
 */
export async function execCommand(
  words: readonly string[],
  options: CommandContext & StartSettings & { as: PrincipalName; home: string; clock: Clock },
): Promise<number> {
  const folder = openStateFolder(options.home);
  const place = await joinOrStart({ ...options, folder });
  try {
    options.signal.throwIfAborted();
    const { STACK_OUTPUTS: outputs = "", ...others } = place.environmentFor(options.as);
    // a stack that the Pulumi command line made has no such file: the commands then ask Pulumi for its outputs
    const joining = existsSync(outputs) ? { ...others, STACK_OUTPUTS: outputs } : others;
    sayTime(await statusOf(folder), options.log);
    const code = await runForeground(words, joinedOnce(options.environment, joining));
    // the command itself could only tell of a network error
    if (code !== 0 && !place.own && !(await statusOf(folder))) options.log(gone);
    return code;
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    options.log(`error: ${error.message}`);
    options.log(
      "how to solve: Check its name and the PATH; what a shell alone understands goes in quotes: exec sh -c '…'",
    );
    return error.exitCode;
  } finally {
    await place.leave();
    if (place.own) reportUnfinishedRuns(folder, options.log);
  }
}

const gone =
  "the emulator that this command had joined is not there any more: npm run emulator -- status tells what to do";
