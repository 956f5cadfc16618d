import type { StackOutputs } from "../../../contract/stackOutputs.js";
import type { CommandContext } from "../../../runtime/commands/context.js";
import { runCommand } from "./runCommand.js";
import { activity, type ServerScript } from "./synapseServer.js";

/** Types a command against a scripted workspace, whose stack an option names; `starts` counts the createRun requests. */
export async function typeCommand(
  script: ServerScript,
  typed: readonly string[],
  overrides: Partial<CommandContext> = {},
  outputs: Partial<StackOutputs> = {},
) {
  const words = [...typed, "--outputs", "outputs.json"];
  const { server, recorded } = await runCommand(script, words, { environment: {}, ...overrides }, outputs);
  return { server, recorded, starts: server.requests.filter((request) => request.endsWith("/createRun")).length };
}

/** A run of two activities, one after the other. */
export const twoActivities: ServerScript = {
  steps: [
    { status: "InProgress", activities: [activity("get_secret", "InProgress")] },
    {
      status: "InProgress",
      activities: [
        activity("get_secret", "Succeeded"),
        activity("invoke_batch", "InProgress", { activityRunStart: "2024-05-01T08:00:04.0000000Z" }),
      ],
    },
    {
      status: "Succeeded",
      activities: [
        activity("get_secret", "Succeeded"),
        activity("invoke_batch", "Succeeded", { activityRunEnd: "2024-05-01T08:00:05.0000000Z" }),
      ],
    },
  ],
};

/** A sentence of Synapse's. */
export const forbidden =
  "The principal '4d2' does not have the required Synapse RBAC permission to perform this action. Required permission: Action: Microsoft.Synapse/workspaces/credentials/useSecret/action, Scope: workspaces/ws1/credentials/WorkspaceSystemIdentity.";
