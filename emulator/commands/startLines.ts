import { quoted } from "../../contract/quoted.js";
import { execPrefix } from "../environment.js";
import type { PrincipalName } from "../platform/subscription.js";

/** The line by which a person at a terminal calls one of this program's commands in the emulator as that principal. */
export function typedInside(principal: PrincipalName, [command = "", ...words]: readonly string[]): string {
  const script = [`npm run ${command}`, ...(words.length === 0 ? [] : ["--", ...words.map(quoted)])].join(" ");
  // deploying, the emulator's own command, joins as the deployer by itself
  return command === "emulator" ? script : `${execPrefix} --as ${principal} ${script}`;
}

/** What to type after a start; `endsHere`: its emulator ends with it, so that another can be started and the state deleted. */
export function nextLines(runId: string, endsHere: boolean): readonly string[] {
  const lines = [
    ["run the pipeline again", `${execPrefix} npm run trigger`],
    ["show these scores again", `${execPrefix} npm run scores -- ${runId}`],
    ["score a file of yours", "npm start -- --data <csv>"],
  ];
  if (endsHere) {
    lines.push(["keep Azure running here", "npm run emulator"], ["forget everything", "npm run emulator -- reset"]);
  }
  return ["\nnext:", ...lines.map(([meaning = "", line]) => `  ${meaning.padEnd(24)} ${line}`)];
}
