import type { Clock } from "../../contract/clock.js";
import { runForeground } from "../children.js";
import { joinedOnce } from "../environment.js";
import { joinOrStart } from "../ownership.js";
import type { PrincipalName } from "../platform/subscription.js";
import { openStateFolder } from "../stateFolder.js";
import type { CommandContext } from "./context.js";
import { reportUnfinishedRuns } from "./runRecords.js";

/** `emulator exec [--as …] <command…>`: runs the command inside the emulator and returns the command's exit code. */
export async function execCommand(
  words: readonly string[],
  options: CommandContext & { as: PrincipalName; home: string; port?: number; offline?: boolean; clock: Clock },
): Promise<number> {
  const folder = openStateFolder(options.home);
  const place = await joinOrStart({ ...options, folder });
  try {
    options.signal.throwIfAborted();
    return await runForeground(words, joinedOnce(options.environment, place.environmentFor(options.as)));
  } finally {
    await place.leave();
    if (place.own) reportUnfinishedRuns(folder, options.log);
  }
}
