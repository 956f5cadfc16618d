import { exitCodes, ProgramError } from "../../contract/errors.js";
import { statusOf } from "../ownership.js";
import { openStateFolder } from "../stateFolder.js";
import type { CommandContext } from "./context.js";

/** `emulator status`: one line; exit code 0 when an emulator answers, 3 when none does. */
export async function showStatus(home: string, context: CommandContext): Promise<void> {
  const status = await statusOf(openStateFolder(home));
  if (status) {
    const { pid, port, started, leases, timeScale } = status;
    const fast = timeScale === 1 ? "" : `, its time ${timeScale} times as fast`;
    context.print(`running: process ${pid}, http://127.0.0.1:${port}, since ${started}, ${leases} joined${fast}`);
    return;
  }
  context.print(`not running; state folder ${home}`);
  context.exit(exitCodes.unavailable);
}

/** `emulator reset`: deletes the state folder, unless an emulator runs on it. */
export function reset(home: string, context: CommandContext): void {
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
