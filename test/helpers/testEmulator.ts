import { mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { type Clock, systemClock } from "../../contract/clock.js";
import { type Emulator, startEmulator } from "../../emulator/main.js";
import { openStateFolder, type StateFolder } from "../../emulator/stateFolder.js";
import { fixtures, testAuthority, testSigningKeyPem } from "./fixtures.js";

export interface TestEmulator extends Emulator {
  /** The variables by which a child process, or this one, joins as the deployer. */
  readonly environment: Record<string, string>;
  /** A folder of this emulator's own, for what clients keep. */
  readonly folder: string;
  /** Every host that the gateway refused by name: empty where a test keeps to the emulator. */
  readonly refusals: readonly string[];
  /** What the emulator said to the person who runs it. */
  readonly lines: readonly string[];
}

/** An emulator in memory (or on a state folder), offline, on a free port, trusted by every test worker. */
export async function startTestEmulator(
  options: {
    readonly folder?: StateFolder;
    readonly port?: number;
    readonly clock?: Clock;
    readonly timeScale?: number;
    readonly propagationMs?: number;
    readonly scoringWorker?: URL;
  } = {},
): Promise<TestEmulator> {
  const lines: string[] = [];
  const refusals: string[] = [];
  const folder = options.folder?.path ?? mkdtempSync(path.join(fixtures().folder, "emulator-"));
  const files = { authority: fixtures().authority, bundle: fixtures().authority, folder };
  const emulator = await startEmulator({
    clock: systemClock({ keepAlive: false }),
    ...options,
    offline: true,
    controlToken: "test",
    prepared: { authority: await testAuthority(), signingKeyPem: testSigningKeyPem(), files },
    onRefusal: (host) => void refusals.push(host),
    log: (line) => void lines.push(line),
  });
  return {
    ...emulator,
    environment: emulator.environmentFor("deployer"),
    folder,
    refusals,
    lines,
    async close() {
      await emulator.close();
      // a state folder outlives its emulator
      if (!options.folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A state folder of a test's own, under the run's temporary folder. */
export function testStateFolder(): StateFolder {
  return openStateFolder(mkdtempSync(path.join(fixtures().folder, "state-")));
}
