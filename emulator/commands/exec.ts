import type { Clock } from "../../contract/clock.js";
import { runForeground } from "../children.js";
import { joined } from "../environment.js";
import { joinOrStart } from "../ownership.js";
import type { PrincipalName } from "../platform/subscription.js";
import { openStateFolder } from "../stateFolder.js";
import { reportUnfinishedRuns } from "./runRecords.js";

/** `emulator exec [--as …] <command…>`: runs the command inside the emulator and returns the command's exit code. */
export async function execCommand(
  words: readonly string[],
  options: {
    as: PrincipalName;
    home: string;
    port?: number;
    offline?: boolean;
    environment: NodeJS.ProcessEnv;
    clock: Clock;
    log: (line: string) => void;
  },
): Promise<number> {
  const folder = openStateFolder(options.home);
  const place = await joinOrStart({ ...options, folder });
  try {
    return await runForeground(words, joined(options.environment, place.environmentFor(options.as)));
  } finally {
    if (place.own) reportUnfinishedRuns(folder, options.log);
    await place.leave();
  }
}
