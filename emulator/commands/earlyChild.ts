import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { spawnOwnCommand } from "../children.js";
import { joined } from "../environment.js";

/** Set for a child that is to load what it needs, and to do nothing until its parent says what it joins. */
const waiting = "SYNAPSE_BATCH_WAITING";

/** A child that joins an emulator which may not have been started yet. */
export interface EarlyChild {
  /** Lets it go on in this environment; it is one of `spawnOwnCommand`. */
  join(joining: Readonly<Record<string, string>>): ChildProcess;
  /** Ends one that has not joined. */
  abandon(): void;
}

/**
 * Starts one of this program's own commands before the emulator is there, so that it loads its program meanwhile. A process takes
 * up the authority that it trusts when it starts: without one from an earlier start, or with another one since, the child is a new
 * one; so is the child where the first has ended meanwhile.
 */
export function startEarly(
  words: readonly string[],
  options: { readonly environment: NodeJS.ProcessEnv; readonly authority: string },
  spawn: typeof spawnOwnCommand = spawnOwnCommand,
): EarlyChild {
  const { environment, authority } = options;
  const trusted = existsSync(authority) ? readFileSync(authority, "utf8") : undefined;
  const trust = { NODE_EXTRA_CA_CERTS: authority, [waiting]: "yes" };
  let early = trusted === undefined ? undefined : spawn(words, joined(environment, trust));
  const abandon = () => {
    early?.kill("SIGKILL");
    early = undefined;
  };
  return {
    join(joining) {
      const isTrusted = joining["NODE_EXTRA_CA_CERTS"] === authority && readFileSync(authority, "utf8") === trusted;
      const hasEnded = early !== undefined && (early.exitCode !== null || early.signalCode !== null);
      if (!early || hasEnded || !isTrusted) {
        abandon();
        return spawn(words, joined(environment, joining));
      }
      const child = early;
      early = undefined;
      // one that ends just now says so by its exit code
      child.send(joining, () => {});
      return child;
    },
    abandon,
  };
}

/** Whether this process is a child that waits for what it joins. */
export function isWaiting(environment: NodeJS.ProcessEnv): boolean {
  return environment[waiting] !== undefined;
}

/** In a child that waits: resolves when `environment` is that of a process which has joined; at once in any other process. */
export async function untilJoined(
  environment: NodeJS.ProcessEnv,
  process_: Pick<NodeJS.Process, "channel" | "once"> & NodeJS.EventEmitter = process,
): Promise<void> {
  if (!isWaiting(environment)) return;
  const { channel } = process_;
  // its parent was killed
  if (!channel) throw new ProgramError(exitCodes.interrupted, "interrupted");
  channel.ref();
  const [joining] = (await once(process_, "message")) as [Readonly<Record<string, string>>];
  channel.unref();
  Object.assign(environment, joining);
  delete environment[waiting];
}
