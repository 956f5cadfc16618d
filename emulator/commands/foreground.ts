import { once } from "node:events";
import type { Clock } from "../../contract/clock.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { type StartSettings, startOwn, statusOf } from "../ownership.js";
import { openStateFolder, type StateFolder } from "../stateFolder.js";
import { sayTime } from "./emulatedTime.js";
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
  const kept = options.port === undefined ? folder.announcement()?.port : undefined;
  const place = await startOwn({ ...options, folder });
  if (!place) {
    throw new ProgramError(exitCodes.unavailable, `An emulator runs already on the state folder ${folder.path}.`, {
      cure: "Use that one (npm run emulator -- status), or set SYNAPSE_BATCH_HOME to another folder.",
    });
  }
  options.log(`the emulator answers at ${place.proxyUrl}; its state is in ${folder.path}`);
  if (kept !== undefined) options.log(aboutPort(kept, folder.announcement()?.port));
  sayTime(await statusOf(folder), options.log);
  options.log('join it from another terminal: eval "$(npm run -s emulator -- env)"; end it with Ctrl-C');
  await untilEnded();
  await place.abandon();
  sayStopped(folder, options.log);
  reportUnfinishedRuns(folder, options.log);
  return exitCodes.succeeded;
}

/** A port is kept from one start to the next, so that terminals which have joined go on. */
function aboutPort(kept: number, port: number | undefined): string {
  return kept === port
    ? `its port is that of the last start: --port <number> takes another, --port 0 any that is free`
    : `the port of the last start, ${kept}, is taken: terminals that joined there must join again`;
}

/** Says after Ctrl-C that nothing is lost. */
export function sayStopped(folder: StateFolder, log: (line: string) => void): void {
  log(`the emulator has stopped; its state is kept in ${folder.path}: npm run emulator goes on from there`);
}

/** Resolves at the first Ctrl-C or SIGTERM. */
export async function untilEnded(): Promise<void> {
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
}
