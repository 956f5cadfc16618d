import { once } from "node:events";
import type { Clock } from "../../contract/clock.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { type StartSettings, startOwn } from "../ownership.js";
import { openStateFolder } from "../stateFolder.js";
import { reportUnfinishedRuns } from "./runRecords.js";

/** `emulator`: runs until Ctrl-C or SIGTERM. Runs that are still going then go on at the next start. */
export async function runInForeground(
  options: StartSettings & {
    home: string;
    clock: Clock;
    environment: NodeJS.ProcessEnv;
    log: (line: string) => void;
  },
): Promise<number> {
  const folder = openStateFolder(options.home);
  const place = await startOwn({ ...options, folder });
  if (!place) {
    throw new ProgramError(exitCodes.unavailable, `An emulator runs already on the state folder ${folder.path}.`, {
      cure: "Use that one (npm run emulator -- status), or set SYNAPSE_BATCH_HOME to another folder.",
    });
  }
  options.log(`the emulator answers at ${place.proxyUrl}; its state is in ${folder.path}`);
  options.log('join it from another terminal: eval "$(npm run -s emulator -- env)"; end it with Ctrl-C');
  await untilEnded();
  await place.abandon();
  reportUnfinishedRuns(folder, options.log);
  return exitCodes.succeeded;
}

/** Resolves at the first Ctrl-C or SIGTERM. */
export async function untilEnded(): Promise<void> {
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
}
