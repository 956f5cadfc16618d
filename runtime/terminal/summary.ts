import type { DetachedEvent, FinishedEvent, StartedEvent } from "../synapse/events.js";
import { formatDuration } from "./duration.js";
import type { Colors } from "./terminal.js";
import { printable } from "./text.js";

/** The line that names the run, printed before anything else. */
export function startedLine({ runId, pipeline, workspace, found }: StartedEvent): string {
  return `run ${runId} of ${printable(pipeline)} in ${workspace} ${found ? "was started before: following it" : "started"}`;
}

/** How a run ended and, on a second line, which deployments had its batch jobs; a failure's cause and cure are printed as the command's error. */
export function finishedLine({ status, durationMs, runId, scoredBy }: FinishedEvent, colors: Colors): string {
  const paint = status === "Succeeded" ? colors.green : status === "Failed" ? colors.red : colors.yellow;
  const after = durationMs === null ? "" : ` after ${formatDuration(durationMs)}`;
  const names = scoredBy.map(({ deployment }) => printable(deployment));
  const deed = status === "Succeeded" ? "scored by deployment" : "batch job of deployment";
  const by = names.length === 0 ? "" : `\n  ${deed} ${names.join(", ")}`;
  return `${paint(`run ${printable(status)}`)}${after} (${runId})${by}`;
}

const reasons = {
  requested: "detached",
  interrupted: "detached by Ctrl-C",
  timeout: "the time of --timeout is over",
} as const;

/** That the run goes on, and how to come back to it. */
export function detachedLine({ reason, runId, next }: DetachedEvent): string {
  return `${reasons[reason]}: run ${runId} goes on; come back with: ${next}`;
}
