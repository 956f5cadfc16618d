import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PrincipalName, principals, subscription } from "../../emulator/platform/subscription.js";
import { runJoined } from "../helpers/childProcess.js";
import { type DeployedEmulator, startDeployedEmulator } from "../helpers/deployedEmulator.js";
import { fixtures } from "../helpers/fixtures.js";
import { requireTool } from "../helpers/tools.js";

const azure = requireTool("az");
/** Where `az` looks for a newer version of itself when its folder is new; there is no setting against it. */
const versionCheck = "azcliprod.blob.core.windows.net";

describe.skipIf(azure === undefined)("the az command line, joined by its environment alone", () => {
  let emulator: DeployedEmulator;
  let workspace: string[];
  let group: string[];
  let folder: string;
  beforeAll(async () => {
    emulator = await startDeployedEmulator();
    workspace = ["--workspace-name", emulator.outputs.synapseWorkspace];
    group = ["--resource-group", emulator.outputs.resourceGroup];
    folder = mkdtempSync(path.join(fixtures().folder, "az-"));
  });
  afterAll(() => emulator.close());

  const run = (principal: PrincipalName, ...words: string[]) =>
    runJoined(String(azure), words, {
      environment: {
        ...emulator.environmentFor(principal),
        // each principal is signed in beside the others
        AZURE_CONFIG_DIR: path.join(folder, principal),
      },
    });
  /** What a command of the deployer's prints; fails when it fails. */
  const az = async (...words: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await run("deployer", ...words, "--output", "json");
    expect(code, stderr).toBe(0);
    return stdout.trim() === "" ? undefined : JSON.parse(stdout);
  };
  const refused = async (...words: string[]): Promise<string> => {
    const { code, stderr } = await run("deployer", ...words);
    expect(code).not.toBe(0);
    return stderr;
  };
  const login = (principal: PrincipalName, secret = emulator.environmentFor(principal)["AZURE_CLIENT_SECRET"]) => {
    const { appId } = principals[principal];
    // in one word: a secret may begin with a hyphen
    const identity = ["--service-principal", "--username", appId, `--password=${secret}`];
    return run(principal, "login", ...identity, "--tenant", subscription.tenantId, "--allow-no-subscriptions");
  };

  it("login is shown Entra ID's sentence for a wrong secret", async () => {
    const { code, stderr } = await login("deployer", "not the secret");
    expect(code).toBe(1);
    expect(stderr).toContain("AADSTS7000215: Invalid client secret provided.");
  });

  it("login finds the subscription, and account get-access-token gets tokens", async () => {
    const signedIn = await login("deployer");
    expect({ code: signedIn.code, stderr: signedIn.stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(signedIn.stdout)).toMatchObject([
      { id: subscription.subscriptionId, tenantId: subscription.tenantId, state: "Enabled" },
    ]);
    const token = await az("account", "get-access-token", "--resource", "https://dev.azuresynapse.net");
    const { accessToken } = token as { accessToken: string };
    expect(decodeJwt(accessToken)).toMatchObject({
      aud: "https://dev.azuresynapse.net",
      oid: principals.deployer.objectId,
    });
  });

  it("works inside emulator exec as it does beside it", async () => {
    const inside = await emulator.run("deployer", "emulator", "exec", String(azure), "account", "list", "--all");
    expect(inside).toMatchObject({ code: 0, stdout: "[]\n" });
  });

  it("resource list finds what was deployed, resource show the ML workspace", async () => {
    const { machineLearningWorkspace, synapseWorkspace, location } = emulator.outputs;
    const resources = await az("resource", "list", ...group);
    expect(resources).toContainEqual(
      expect.objectContaining({
        name: synapseWorkspace,
        type: "Microsoft.Synapse/workspaces",
        location,
        provisioningState: "Succeeded",
        createdTime: expect.stringMatching(/^\d{4}-/),
      }),
    );
    const type = ["--resource-type", "Microsoft.MachineLearningServices/workspaces"];
    expect(await az("resource", "list", ...type)).toMatchObject([{ name: machineLearningWorkspace }]);
    expect(await az("resource", "show", ...group, "--name", machineLearningWorkspace, ...type)).toMatchObject({
      kind: "Default",
      identity: { type: "SystemAssigned" },
      properties: {
        provisioningState: "Succeeded",
        discoveryUrl: expect.stringContaining(".api.azureml.ms/discovery"),
      },
    });
  });

  it("role assignment list names roles and, by Microsoft Graph, principals", async () => {
    expect(await az("role", "assignment", "list", "--assignee", principals.deployer.appId)).toMatchObject([
      { principalName: principals.deployer.appId, roleDefinitionName: "Owner", principalType: "ServicePrincipal" },
    ]);
    const all = await az("role", "assignment", "list", "--all");
    expect(all).toContainEqual(
      expect.objectContaining({
        principalName: principals.scoring.appId,
        roleDefinitionName: "AzureML Data Scientist",
      }),
    );
  });

  it("ad sp show finds an application's object id, as the README says", async () => {
    const { appId, objectId, displayName } = principals.trigger;
    expect(await az("ad", "sp", "show", "--id", appId)).toMatchObject({ id: objectId, displayName });
    expect(await refused("ad", "sp", "show", "--id", randomUUID())).toContain("does not exist");
  });

  it("role assignment list shows ids alone to a principal that may not read the directory", async () => {
    expect((await login("operator")).code).toBe(0);
    const { stdout } = await run("operator", "role", "assignment", "list", ...group, "--output", "json");
    const assignments = JSON.parse(stdout) as { principalName?: string; roleDefinitionName: string }[];
    expect(assignments).toContainEqual(expect.objectContaining({ roleDefinitionName: "Reader" }));
    expect(assignments.filter(({ principalName }) => principalName)).toEqual([]);
    const { code, stderr } = await run("operator", "ad", "sp", "show", "--id", principals.trigger.appId);
    expect(code).toBe(1);
    expect(stderr).toContain("Insufficient privileges to complete the operation.");
  });

  it("keyvault secret set, show, list, delete and recover go through the vault's own host", async () => {
    const secret = (verb: string, ...words: string[]) =>
      az("keyvault", "secret", verb, "--vault-name", emulator.outputs.keyVault, ...words);
    const named = ["--name", "of-az"];
    expect(await secret("set", ...named, "--value", "one")).toMatchObject({ name: "of-az", value: "one" });
    expect(await secret("show", ...named)).toMatchObject({ value: "one", attributes: { enabled: true } });
    expect(await secret("list")).toContainEqual(expect.objectContaining({ name: "of-az" }));
    expect(await secret("delete", ...named)).toMatchObject({ recoveryId: expect.stringContaining("/deletedsecrets/") });
    expect(await secret("list-deleted")).toMatchObject([{ name: "of-az" }]);
    expect(await refused("keyvault", "secret", "show", "--vault-name", emulator.outputs.keyVault, ...named)).toContain(
      "(SecretNotFound)",
    );
    await secret("recover", ...named);
    expect(await secret("show", ...named)).toMatchObject({ value: "one" });
  });

  it("storage account keys list answers both keys", async () => {
    const [account = ""] = new URL(emulator.outputs.inputUrl).hostname.split(".");
    const keys = await az("storage", "account", "keys", "list", ...group, "--account-name", account);
    expect(keys).toMatchObject([
      { keyName: "key1", permissions: "FULL" },
      { keyName: "key2", permissions: "FULL" },
    ]);
  });

  it("storage blob upload, list and download sign in with a role, which role assignment create gives", async () => {
    const { hostname, pathname } = new URL(emulator.outputs.inputUrl);
    const [account = ""] = hostname.split(".");
    const container = ["--account-name", account, "--container-name", pathname.slice(1), "--auth-mode", "login"];
    const blob = (verb: string, ...words: string[]) => ["storage", "blob", verb, ...container, ...words];
    const file = path.join(folder, "up.csv");
    writeFileSync(file, "a,b\n1,2\n");
    const upload = blob("upload", "--name", "of-az/up.csv", "--file", file);
    expect(await refused(...upload)).toContain("You do not have the required permissions");

    const scope = [
      `/subscriptions/${subscription.subscriptionId}/resourceGroups/${emulator.outputs.resourceGroup}`,
      `/providers/Microsoft.Storage/storageAccounts/${account}/blobServices/default/containers${pathname}`,
    ].join("");
    const role = ["--role", "Storage Blob Data Contributor", "--scope", scope];
    const assigned = await az("role", "assignment", "create", ...role, "--assignee", principals.deployer.appId);
    expect(assigned).toMatchObject({ principalId: principals.deployer.objectId, scope });

    expect(await az(...upload)).toMatchObject({ etag: expect.stringMatching(/^"0x/) });
    expect(await az(...blob("list", "--prefix", "of-az/"))).toMatchObject([{ name: "of-az/up.csv" }]);
    const back = path.join(folder, "back.csv");
    await az(...blob("download", "--name", "of-az/up.csv", "--file", back));
    expect(readFileSync(back, "utf8")).toBe("a,b\n1,2\n");
    expect(await refused(...upload)).toContain("ErrorCode:BlobAlreadyExists");
  });

  it("synapse workspace show answers the endpoints and the identity", async () => {
    const { synapseWorkspace: name, synapseEndpoint } = emulator.outputs;
    expect(await az("synapse", "workspace", "show", ...group, "--name", name)).toMatchObject({
      name,
      connectivityEndpoints: { dev: synapseEndpoint },
      identity: { type: "SystemAssigned" },
      provisioningState: "Succeeded",
    });
  });

  it("synapse pipeline create, list, show and delete publish and poll", async () => {
    const file = path.join(folder, "pipeline.json");
    const hold = { name: "Hold", type: "Wait", typeProperties: { waitTimeInSeconds: 600 } };
    const parameters = { who: { type: "String", defaultValue: "nobody" } };
    writeFileSync(file, JSON.stringify({ name: "of-az", properties: { activities: [hold], parameters } }));
    const pipeline = (verb: string, ...words: string[]) => az("synapse", "pipeline", verb, ...workspace, ...words);
    for (const name of ["of-az", "gone"]) {
      const created = await pipeline("create", "--name", name, "--file", `@${file}`);
      expect(created).toMatchObject({ name, activities: [{ name: "Hold", waitTimeInSeconds: 600 }] });
    }
    await pipeline("delete", "--name", "gone", "--yes");
    const names = ((await pipeline("list")) as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual([emulator.outputs.pipelineName, "of-az"]);
    expect(await pipeline("show", "--name", "of-az")).toMatchObject({
      parameters: { who: { defaultValue: "nobody" } },
    });
    expect(await refused("synapse", "pipeline", "show", ...workspace, "--name", "gone")).toContain(
      "(PipelineNotFound)",
    );
  });

  it("synapse pipeline create-run starts what pipeline-run show, query-by-workspace and cancel, and activity-run query-by-pipeline-run see", async () => {
    const named = ["--name", "of-az"];
    const parameters = ["--parameters", '{"who":"az"}'];
    const started = await az("synapse", "pipeline", "create-run", ...workspace, ...named, ...parameters);
    const { runId } = started as { runId: string };
    const run = (verb: string, ...words: string[]) => az("synapse", "pipeline-run", verb, ...workspace, ...words);
    expect(await run("show", "--run-id", runId)).toMatchObject({
      runId,
      pipelineName: "of-az",
      parameters: { who: "az" },
      status: "InProgress",
    });
    const hour = 60 * 60 * 1000;
    const at = (offset: number) => new Date(Date.now() + offset).toISOString();
    const window = ["--last-updated-after", at(-hour), "--last-updated-before", at(hour)];
    const filter = ["--filters", "operand=PipelineName", "operator=Equals", "values=of-az"];
    expect(await run("query-by-workspace", ...window, ...filter)).toMatchObject({ value: [{ runId }] });
    const place = [...workspace, ...named, "--run-id", runId];
    expect(await az("synapse", "activity-run", "query-by-pipeline-run", ...place, ...window)).toMatchObject({
      value: [{ activityName: "Hold", activityType: "Wait", status: "InProgress" }],
    });
    await run("cancel", "--run-id", runId, "--yes");
    expect(await run("show", "--run-id", runId)).toMatchObject({ status: "Cancelled" });
  });

  it("synapse role assignment create, list and delete find role and assignee by name", async () => {
    const assignment = (verb: string, ...words: string[]) =>
      az("synapse", "role", "assignment", verb, ...workspace, ...words);
    const grant = ["--role", "Synapse Monitoring Operator", "--assignee", principals.trigger.displayName];
    const created = (await assignment("create", ...grant)) as { id: string };
    expect(created).toMatchObject({ principalId: principals.trigger.objectId, principalType: "ServicePrincipal" });
    expect(await assignment("list", ...grant)).toMatchObject([{ id: created.id }]);
    await assignment("delete", ...grant, "--yes");
    expect(await assignment("list", ...grant)).toEqual([]);
  });

  it("starts the deployed pipeline as the trigger application, which may start and read but not cancel", async () => {
    expect((await login("trigger")).code).toBe(0);
    const trigger = async (...words: string[]) => JSON.parse((await run("trigger", ...words, ...workspace)).stdout);
    const named = ["--name", emulator.outputs.pipelineName];
    expect(await trigger("synapse", "pipeline", "show", ...named)).toMatchObject({
      name: emulator.outputs.pipelineName,
    });
    const { runId } = await trigger("synapse", "pipeline", "create-run", ...named);
    expect(await trigger("synapse", "pipeline-run", "show", "--run-id", runId)).toMatchObject({ runId });
    const cancel = ["synapse", "pipeline-run", "cancel", "--run-id", runId, "--yes", ...workspace];
    expect((await run("trigger", ...cancel)).stderr).toContain(
      "Action: Microsoft.Synapse/workspaces/cancelPipelineRun/action",
    );
    // the run that az started is the one that our own command watches
    const watched = await emulator.run("trigger", "monitor", runId);
    expect(watched.code, watched.stderr).toBe(0);
  });

  it("asks for no host that is not Azure's own, but for its version check", () => {
    expect(emulator.refusals.filter((host) => host !== versionCheck)).toEqual([]);
  });
});
