import { existsSync } from "node:fs";
import type { Clock } from "../../contract/clock.js";
import { runForeground } from "../children.js";
import { joinedOnce } from "../environment.js";
import { joinOrStart, type StartSettings } from "../ownership.js";
import type { PrincipalName } from "../platform/subscription.js";
import { openStateFolder } from "../stateFolder.js";
import type { CommandContext } from "./context.js";
import { reportUnfinishedRuns } from "./runRecords.js";

/** `emulator exec [--as …] <command…>`: runs the command inside the emulator and returns the command's exit code. */
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
    return await runForeground(words, joinedOnce(options.environment, joining));
  } finally {
    await place.leave();
    if (place.own) reportUnfinishedRuns(folder, options.log);
  }
}
