import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Command } from "commander";
import { onTestFinished } from "vitest";
import type { StackOutputs } from "../../../contract/stackOutputs.js";
import type { CommandContext } from "../../../runtime/commands/context.js";
import { registerRuntimeCommands } from "../../../runtime/commands/register.js";
import { runProgram } from "../../../runtime/commands/runProgram.js";
import { testContext } from "./commandContext.js";
import { sampleOutputs } from "./sampleOutputs.js";
import { activity, type ServerScript, startSynapseServer } from "./synapseServer.js";

/** Types a command against a scripted workspace; `starts` counts the createRun requests. */
export async function typeCommand(
  script: ServerScript,
  typed: readonly string[],
  overrides: Partial<CommandContext> = {},
  outputs: Partial<StackOutputs> = {},
) {
  const server = await startSynapseServer(script);
  const directory = await mkdtemp(path.join(os.tmpdir(), "trigger-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(path.join(directory, "outputs.json"), JSON.stringify(sampleOutputs(server.url, outputs)));
  const { context, recorded } = testContext({ directory, ...overrides });
  const program = new Command("synapse-batch");
  registerRuntimeCommands(program, context);
  await runProgram(program, [...typed, "--outputs", "outputs.json"], context);
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
