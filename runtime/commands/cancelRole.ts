import { missingCancelRole } from "../synapse/permissions.js";
import type { Terminal } from "../terminal/terminal.js";
import type { CommandContext } from "./context.js";
import type { WatchArguments } from "./followRuns.js";
import type { Session } from "./session.js";

/** Where a run is to be cancelled later on, says beforehand that this identity may not (Synapse RBAC, Check Access). */
export async function warnOfMissingCancelRole(
  { onInterrupt, onTimeout }: WatchArguments,
  { place, synapse, tokens }: Session,
  terminal: Terminal,
  { signal }: CommandContext,
): Promise<void> {
  const options = [
    ...(onInterrupt === "cancel" ? ["--on-interrupt cancel"] : []),
    ...(onTimeout === "cancel" ? ["--on-timeout cancel"] : []),
  ];
  if (options.length === 0) return;
  const missing = await missingCancelRole(place.synapseWorkspace, synapse, tokens, signal);
  if (missing === undefined) return;
  terminal.note(`${terminal.colors.yellow("warning:")} ${options.join(" and ")} will be refused: ${missing}`);
}
