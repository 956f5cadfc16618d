import { json } from "node:stream/consumers";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { askControl } from "../askControl.js";
import type { FaultList } from "../faultRoutes.js";
import type { FaultKind } from "../platform/faults/faultKinds.js";
import type { FaultRecord } from "../platform/faults/faults.js";
import { openStateFolder } from "../stateFolder.js";
import type { CommandContext } from "./context.js";

/** A fault as it was typed: the emulator says what is wrong with it. */
export type FaultWish = Readonly<Record<string, string | number | boolean>> & { readonly kind: FaultKind };

/** `emulator fault add`: the running emulator takes the fault up at once. */
export async function addFault(rule: FaultWish, home: string, context: CommandContext): Promise<void> {
  const record = (await ask(home, "POST", "/faults", rule)) as FaultRecord;
  context.print(lineOf(record));
}

/** `emulator fault list`: one line a fault: its number, what it does, how often it struck. */
export async function listFaults(options: { json?: boolean }, home: string, context: CommandContext): Promise<void> {
  const { faults } = (await ask(home, "GET", "/faults")) as FaultList;
  if (options.json) context.print(JSON.stringify(faults));
  else for (const line of faults.length === 0 ? ["no faults"] : faults.map(lineOf)) context.print(line);
}

/** `emulator fault clear`: ends all faults, or the one of that number. */
export async function clearFaults(id: number | undefined, home: string, context: CommandContext): Promise<void> {
  const { cleared } = (await ask(home, "DELETE", id === undefined ? "/faults" : `/faults/${id}`)) as {
    cleared: number;
  };
  context.print(`${cleared} ${cleared === 1 ? "fault" : "faults"} cleared`);
}

async function ask(home: string, method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<unknown> {
  const announcement = openStateFolder(home).announcement();
  const response = announcement && (await askControl(announcement, method, path, body));
  if (!response) {
    throw new ProgramError(exitCodes.unavailable, `No emulator runs on the state folder ${home}.`, {
      cure: "Start one: npm run emulator",
    });
  }
  const answer = await json(response);
  if (response.statusCode === undefined || response.statusCode >= 300) {
    throw new ProgramError(exitCodes.usage, (answer as { error: string }).error);
  }
  return answer;
}

function lineOf({ id, rule, applied, effects }: FaultRecord): string {
  const { kind, ...rest } = rule;
  const details = Object.entries(rest).map(([name, value]) => `${name}=${value}`);
  return `${id}  ${[kind, ...details].join(" ")}  applied ${applied}, with effect ${effects}`;
}
