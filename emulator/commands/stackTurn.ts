import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Clock } from "../../contract/clock.js";
import type { StateFolder } from "../stateFolder.js";
import type { CommandContext } from "./context.js";

/** The stack is this process's alone to change until it is released (once or more often), or the process ends. */
export interface StackTurn {
  release(): void;
}

const lookIntervalMs = 100;

/** Set for a command that whoever has the turn calls as a part of its own work. */
export const withinTurn = { SYNAPSE_BATCH_STACK_TURN: "taken" } as const;

/** Whether this process works for one that has the turn. */
export function isWithinTurn(environment: NodeJS.ProcessEnv): boolean {
  return environment["SYNAPSE_BATCH_STACK_TURN"] !== undefined;
}

/**
 * Waits until no other process changes the stack of this state folder, and says who does so now: two starts at once would
 * score the input that was deployed last. Rejects with the signal's reason.
 */
export async function takeStackTurn(
  folder: StateFolder,
  command: string,
  options: Pick<CommandContext, "environment" | "log" | "signal"> & { readonly clock: Clock },
): Promise<StackTurn> {
  const { environment, log, signal, clock } = options;
  if (isWithinTurn(environment)) return { release() {} };
  const note = path.join(folder.path, "stack.json");
  for (let looks = 0; ; looks += 1) {
    signal.throwIfAborted();
    const claim = folder.claimStack();
    if (claim) {
      writeFileSync(note, JSON.stringify({ command, pid: process.pid }), { mode: 0o600 });
      let isMine = true;
      return {
        release() {
          if (!isMine) return;
          isMine = false;
          rmSync(note, { force: true });
          claim.release();
        },
      };
    }
    // who has just taken it has written the note by the second look
    if (looks === 1) log(`waiting: ${holderIn(note)} is at work on the state folder ${folder.path}; Ctrl-C gives up`);
    await clock.sleep(lookIntervalMs, signal);
  }
}

function holderIn(note: string): string {
  try {
    const { command, pid } = JSON.parse(readFileSync(note, "utf8")) as { command: string; pid: number };
    return `${command} (process ${pid})`;
  } catch {
    return "another process";
  }
}
