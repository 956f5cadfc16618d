import { json } from "node:stream/consumers";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { alignedRows } from "../alignedRows.js";
import { askControl } from "../askControl.js";
import type { FaultList } from "../faultRoutes.js";
import type { FaultRule } from "../platform/faults/faultRule.js";
import type { FaultRecord } from "../platform/faults/faults.js";
import { openStateFolder } from "../stateFolder.js";
import type { CommandContext } from "./context.js";
import { type FaultWish, optionOf, requireFault } from "./faultWish.js";

/** `emulator fault add`: the running emulator takes the fault up at once. */
export async function addFault(rule: FaultWish, home: string, context: CommandContext): Promise<void> {
  requireFault(rule);
  const { id, rule: added } = (await ask(home, "POST", "/faults", rule)) as FaultRecord;
  context.print(`fault ${id} added: ${[added.kind, requestsOf(added)].join(" ").trimEnd()}`);
}

/** `emulator fault list`: a table: each fault's number, what it does, to which requests, and how often it struck. */
export async function listFaults(options: { json?: boolean }, home: string, context: CommandContext): Promise<void> {
  const { faults } = (await ask(home, "GET", "/faults")) as FaultList;
  if (options.json) context.print(JSON.stringify(faults));
  else for (const line of faults.length === 0 ? ["no faults"] : tableOf(faults)) context.print(line);
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
    throw new ProgramError(exitCodes.usage, (answer as { error: string }).error, {
      cure: "See which there are: npm run emulator -- fault list",
    });
  }
  return answer;
}

/** `struck` and `carried out` count requests: those that the fault struck, and how many of these were carried out all the same. */
const heads = ["number", "fault", "requests", "struck", "carried out"] as const;

function tableOf(faults: readonly FaultRecord[]): readonly string[] {
  const rows = faults.map(({ id, rule, applied, effects }) =>
    [id, rule.kind, requestsOf(rule), applied, effects].map(String),
  );
  return alignedRows([heads, ...rows]).map((line) => line.trimEnd());
}

/** Which requests a fault means and what it does with them, in the words in which it is added. */
function requestsOf(rule: FaultRule): string {
  const { kind: _kind, ...members } = rule;
  return Object.entries(members)
    .map(([name, value]) => (value === true ? optionOf(name) : `${optionOf(name)} ${value}`))
    .join(" ");
}
