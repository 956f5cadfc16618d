import type { CommandContext } from "../../../runtime/commands/context.js";
import { activity, type ServerScript } from "./synapseServer.js";

/** ARM id of a batch job. */
export const jobId =
  "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/mlw1/batchEndpoints/taxi/deployments/d/jobs/batchjob-1";
/** A run whose activity goes on until it is cancelled. */
export const running: ServerScript = {
  steps: [{ status: "InProgress", activities: [activity("invoke_batch", "InProgress")] }],
};

/** Interrupts as soon as the run is seen. */
export function interruptedOnceSeen(): Partial<CommandContext> {
  const interruption = new AbortController();
  let out = "";
  return {
    signal: interruption.signal,
    stdout: {
      write: (text) => {
        out += text;
        if (out.includes("invoke_batch")) interruption.abort(new Error("interrupted"));
      },
    },
  };
}
