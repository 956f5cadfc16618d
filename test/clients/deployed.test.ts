import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PrincipalName } from "../../emulator/platform/subscription.js";
import { runJoined } from "../helpers/childProcess.js";
import { type DeployedEmulator, startDeployedEmulator } from "../helpers/deployedEmulator.js";
import { requireTool } from "../helpers/tools.js";

let emulator: DeployedEmulator;
beforeAll(async () => {
  emulator = await startDeployedEmulator();
});
afterAll(() => emulator.close());

/** Runs a program as a principal, told of the emulator by its environment alone; its stdout. */
async function run(principal: PrincipalName, file: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runJoined(file, args, { environment: emulator.environmentFor(principal) });
  expect(code, stderr).toBe(0);
  return stdout;
}

describe("official clients on the deployed workspace, by the environment alone", () => {
  it("@azure/identity with @azure/synapse-artifacts starts a run and reads it", async () => {
    const script = path.resolve(import.meta.dirname, "node/startRun.mjs");
    const { synapseEndpoint, pipelineName } = emulator.outputs;
    const shown = JSON.parse(await run("trigger", process.execPath, script, synapseEndpoint, pipelineName));
    expect(shown).toMatchObject({ pipelineName, runId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    // the run that they started is the one that our own command watches
    const watched = await emulator.run("trigger", "monitor", shown.runId);
    expect(watched.code, watched.stderr).toBe(0);
    expect(emulator.refusals).toEqual([]);
  });

  it("@azure/arm-synapse, @azure/keyvault-secrets and @azure/storage-blob read what was deployed", async () => {
    const script = path.resolve(import.meta.dirname, "node/readEverything.mjs");
    const { subscriptionId, resourceGroup, synapseWorkspace, keyVault, scoresUrl } = emulator.outputs;
    const vaultUrl = `https://${keyVault}.vault.azure.net`;
    const place = [subscriptionId, resourceGroup, synapseWorkspace, vaultUrl, "scoring-client-secret", scoresUrl];
    const shown = JSON.parse(await run("deployer", process.execPath, script, ...place));
    expect(shown).toMatchObject({ workspace: synapseWorkspace, secret: "scoring-client-secret", length: 40 });
    expect(shown.blobs).toContainEqual(expect.stringMatching(/score\.py$/));
    expect(emulator.refusals).toEqual([]);
  });

  const az = requireTool("az");
  it.skipIf(az === undefined)("az lists the pipelines, starts a run and shows it", async () => {
    const { AZURE_CLIENT_ID: id = "", AZURE_CLIENT_SECRET: secret = "" } = emulator.environmentFor("trigger");
    const command = (...words: string[]) => run("trigger", String(az), ...words, "--output", "json");
    const { tenantId, synapseWorkspace, pipelineName } = emulator.outputs;
    const signIn = ["--service-principal", "--username", id, "--password", secret, "--tenant", tenantId];
    await command("login", ...signIn, "--allow-no-subscriptions");
    const workspace = ["--workspace-name", synapseWorkspace];
    const pipelines = JSON.parse(await command("synapse", "pipeline", "list", ...workspace));
    expect(pipelines).toMatchObject([{ name: pipelineName }]);
    const started = JSON.parse(
      await command("synapse", "pipeline", "create-run", ...workspace, "--name", pipelineName),
    );
    const shown = JSON.parse(await command("synapse", "pipeline-run", "show", ...workspace, "--run-id", started.runId));
    expect(shown).toMatchObject({ runId: started.runId, pipelineName });
  });
});
