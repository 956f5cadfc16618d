import { existsSync } from "node:fs";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { isJoined } from "../environment.js";
import { statusOf } from "../ownership.js";
import { openStateFolder, type StateFolder } from "../stateFolder.js";
import type { CommandContext } from "./context.js";
import { aheadOf } from "./emulatedTime.js";

/** `emulator status`: one line on stdout; exit code 0 when an emulator answers, 3 when none does, and then what to do. */
export async function showStatus(home: string, context: CommandContext): Promise<void> {
  const folder = openStateFolder(home);
  const status = await statusOf(folder);
  if (status) {
    const { pid, port, started, leases, timeScale } = status;
    const fast = timeScale === 1 ? "" : `, its time ${timeScale} times as fast`;
    const ahead = aheadOf(status);
    const early = ahead === undefined ? "" : `, its clock is ${ahead} ahead`;
    context.print(
      `running: process ${pid}, http://127.0.0.1:${port}, since ${started}, ${leases} joined${fast}${early}`,
    );
    const joinedAt = portOfThisShell(context.environment);
    if (joinedAt !== undefined && joinedAt !== port) {
      context.log(`this shell has joined at port ${joinedAt}, where it no longer answers; ${joinAgain}`);
    }
    return;
  }
  context.print(`not running; state folder ${home}`);
  for (const line of whatToDo(folder)) context.log(line);
  context.exit(exitCodes.unavailable);
}

const joinAgain = 'join again: eval "$(npm run -s emulator -- env)"';

/** For a person whose shell may still be joined to an emulator that has ended or was killed. */
function whatToDo(folder: StateFolder): readonly string[] {
  const last = folder.announcement();
  const start = "start it: npm run emulator (every exec and deploy starts one for itself, too)";
  if (!last) return [start];
  const address = `http://127.0.0.1:${last.port}`;
  const claim = folder.claim();
  if (!claim) return [`process ${last.pid} holds the state folder but does not answer at ${address}: wait, or end it`];
  claim.release();
  return [
    `it ran last as process ${last.pid} at ${address}; what has joined it there now fails with network errors`,
    `${start}; it comes back at the same address with all its state, and what has joined goes on`,
  ];
}

/** The port of the emulator that this shell has joined by `emulator env`. */
function portOfThisShell(environment: NodeJS.ProcessEnv): number | undefined {
  const { HTTPS_PROXY: proxy = "" } = environment;
  return isJoined(environment) && URL.canParse(proxy) ? Number(new URL(proxy).port) : undefined;
}

/** `emulator reset`: deletes the state folder, where there is one, unless an emulator runs on it. */
export function reset(home: string, context: CommandContext): void {
  if (!existsSync(home)) {
    context.log(`there was nothing to delete: no folder ${home}`);
    return;
  }
  const folder = openStateFolder(home);
  const claim = folder.claim();
  if (!claim) {
    throw new ProgramError(exitCodes.unavailable, `An emulator runs on the state folder ${home}.`, {
      cure: "End it first (Ctrl-C in its terminal).",
    });
  }
  claim.release();
  folder.remove();
  context.log(`deleted ${home}`);
}
