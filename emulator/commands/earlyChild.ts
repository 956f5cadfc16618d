import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { spawnOwnCommand } from "../children.js";
import { joined } from "../environment.js";

/** Set for a child that loads its program and then waits until its parent tells which emulator to join. */
const waiting = "SYNAPSE_BATCH_WAITING";

/** A child that joins an emulator which may not have been started yet. */
export interface EarlyChild {
  /** Lets the child go on with these variables; returns it, or the one that was spawned in its place. */
  join(joining: Readonly<Record<string, string>>): ChildProcess;
  /** Ends one that has not joined. */
  abandon(): void;
}

/**
 * Starts one of this program's own commands before the emulator is there, so that both load at the same time. A process reads
 * the authority that it trusts only when it starts: `join` spawns another child where the authority was not yet there or has
 * changed since, and where the first child has ended.
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
      // a child that ends just now cannot be sent anything; its exit code tells
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

/** In a child that waits, resolves once its parent has completed `environment` by what it joins; in any other process, at once. */
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
