import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import { quoted } from "../../contract/quoted.js";
import type { StackSelection } from "../stack/findStack.js";
import type { Terminal } from "../terminal/terminal.js";
import { typedLine } from "../terminal/typedLine.js";
import type { CommandContext } from "./context.js";
import type { FollowEnd } from "./followRuns.js";

const exitCodesOfDetaching = {
  requested: exitCodes.succeeded,
  interrupted: exitCodes.interrupted,
  timeout: exitCodes.timedOut,
} as const;

/** The code that counts most comes first. */
const byWeight: readonly number[] = [
  exitCodes.interrupted,
  exitCodes.timedOut,
  exitCodes.failed,
  exitCodes.cancelled,
  exitCodes.succeeded,
];

/** The exit code of a watch, the gravest of several; a single run that failed rejects with its one-line cause. */
export function exitCodeOf(ends: readonly FollowEnd[], terminal: Terminal): number {
  const [only] = ends;
  for (const end of ends) {
    if (end.event !== "finished" || end.cause === null) continue;
    for (const [name, text] of [["request", end.request] as const, ["answer", end.answer] as const]) {
      if (text !== null) terminal.note(`${terminal.colors.bold(`${name}:`)} ${text}`);
    }
    if (ends.length > 1) {
      terminal.note(`${terminal.colors.red("error:")} run ${end.runId}: ${end.cause}`);
      if (end.cure !== null) terminal.note(`${terminal.colors.bold("how to solve:")} ${end.cure}`);
    }
  }
  if (ends.length === 1 && only?.event === "finished" && only.cause !== null) {
    throw new ProgramError(exitCodes.failed, only.cause, only.cure === null ? {} : { cure: only.cure });
  }
  const codes = ends.map((end) => (end.event === "detached" ? exitCodesOfDetaching[end.reason] : end.exitCode));
  return byWeight.find((code) => codes.includes(code)) ?? exitCodes.failed;
}

/** The line that watches runs again, on the same stack or workspace. */
export function comeBackLine(
  runIds: readonly string[],
  { outputs, stack, workspace }: StackSelection,
  { environment }: Pick<CommandContext, "environment">,
): string {
  const place = workspace
    ? ` --workspace ${quoted(workspace)}`
    : outputs !== undefined && outputs !== "-"
      ? ` --outputs ${quoted(outputs)}`
      : stack
        ? ` --stack ${quoted(stack)}`
        : "";
  return typedLine(`npm run monitor -- ${runIds.join(" ")}${place}`, environment);
}

/** A run that was started can no longer be watched: it is not known how it ends, so the call must not be repeated blindly. */
export function lostSight(thrown: unknown, runId: string, comeBack: string): ProgramError {
  return new ProgramError(
    exitCodes.unknown,
    `run ${runId} was started, but it cannot be watched: ${messageOf(thrown)}`,
    {
      cure: [
        ...(thrown instanceof ProgramError && thrown.cure ? [thrown.cure] : []),
        `then come back with: ${comeBack}`,
      ].join("\n"),
      cause: thrown,
    },
  );
}
