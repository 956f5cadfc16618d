import { randomUUID } from "node:crypto";
import { EnvHttpProxyAgent, request } from "undici";
import { expect } from "vitest";
import { blobUrl, vaultUrl } from "../../contract/hosts.js";
import type { JsonObject } from "../../contract/json.js";
import type { StackOutputs } from "../../contract/stackOutputs.js";
import { principals } from "../../emulator/platform/subscription.js";
import type { DeployedEmulator } from "../helpers/deployedEmulator.js";

/** Whoever acts, as the program's table of grants names them. */
export type Who =
  | "deployer"
  | "Synapse identity"
  | "cluster identity"
  | "invoker"
  | "trigger principal"
  | "operators"
  | "synapseAdministrators";

/** One request to one of Azure's services. */
export interface Deed {
  readonly method?: "GET" | "PUT" | "POST" | "DELETE";
  readonly audience: string;
  readonly url: string;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

const arm = "https://management.azure.com";
const synapse = "https://dev.azuresynapse.net";
const vault = "https://vault.azure.net";
const storage = "https://storage.azure.com";
const machineLearning = "https://ml.azure.com";

/** Lets each principal of a deployed stack act, the managed identities too. */
export class Actors {
  readonly #dispatcher: EnvHttpProxyAgent;

  constructor(private readonly emulator: DeployedEmulator) {
    this.#dispatcher = new EnvHttpProxyAgent({ httpsProxy: emulator.proxyUrl });
  }

  async send(who: Who, deed: Deed): Promise<{ readonly status: number; readonly text: string }> {
    const { directory, tokens } = this.emulator.platform;
    const principal = directory.byObjectId(this.objectIdOf(who));
    if (!principal) throw new Error(`${who} is not in the directory`);
    const { accessToken } = await tokens.issue({ principal, audience: deed.audience, version: "1.0" });
    const isText = typeof deed.body === "string";
    const answer = await request(deed.url, {
      dispatcher: this.#dispatcher,
      method: deed.method ?? "GET",
      headers: {
        authorization: `Bearer ${accessToken}`,
        ...(deed.audience === storage && { "x-ms-version": "2024-11-04", "x-ms-date": new Date().toUTCString() }),
        ...(deed.body !== undefined && { "content-type": isText ? "text/plain" : "application/json" }),
        ...deed.headers,
      },
      ...(deed.body !== undefined && { body: isText ? String(deed.body) : JSON.stringify(deed.body) }),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }

  /** The stack names no further administrators: here it is the application that has no other Synapse role. */
  objectIdOf(who: Who): string {
    const ids: Readonly<Record<Who, () => string>> = {
      deployer: () => principals.deployer.objectId,
      "Synapse identity": () => this.#identityOf("Microsoft.Synapse/workspaces"),
      "cluster identity": () => this.#identityOf("Microsoft.MachineLearningServices/workspaces/computes"),
      invoker: () => principals.scoring.objectId,
      "trigger principal": () => principals.trigger.objectId,
      operators: () => principals.operator.objectId,
      synapseAdministrators: () => principals.scoring.objectId,
    };
    return ids[who]();
  }

  close(): Promise<void> {
    return this.#dispatcher.close();
  }

  #identityOf(type: string): string {
    const identity = this.emulator.platform.resources.ofType(type)[0]?.body["identity"] as JsonObject | undefined;
    return String(identity?.["principalId"]);
  }
}

export type DeedName = keyof ReturnType<typeof deedsIn>;

/** What somebody may do, or may not, in a deployed stack: one request each. */
export function deedsIn({ outputs, platform }: DeployedEmulator) {
  const group = `${arm}/subscriptions/${outputs.subscriptionId}/resourceGroups/${outputs.resourceGroup}`;
  const named = (type: string, start: string) =>
    String(platform.resources.ofType(type).find(({ name }) => name.startsWith(start))?.name);
  const scoringVault = vaultUrl(outputs.keyVault);
  const machineLearningVault = vaultUrl(named("Microsoft.KeyVault/vaults", "kv-ml"));
  const lake = `${blobUrl(named("Microsoft.Storage/storageAccounts", "stlake"))}/synapse`;
  const account = `${group}/providers/Microsoft.Storage/storageAccounts/${named("Microsoft.Storage/storageAccounts", "stml")}`;
  const { pipelineName: pipeline } = outputs;
  const inWorkspace = (path: string, method: Deed["method"] = "GET", body?: object): Deed => ({
    ...{ audience: synapse, url: `${outputs.synapseEndpoint}${path}?api-version=2020-12-01`, method },
    ...(body && { body }),
  });
  const secrets = (path: string, rest: Partial<Deed> = {}): Deed => ({
    ...{ audience: vault, url: `${path}?api-version=7.4`, ...rest },
  });
  const list = (container: string): Deed => ({ audience: storage, url: `${container}?restype=container&comp=list` });
  const write = (url: string): Deed => ({
    ...{ audience: storage, url, method: "PUT", body: "x", headers: { "x-ms-blob-type": "BlockBlob" } },
  });
  const resource = (url: string, rest: Partial<Deed> = {}): Deed => ({ audience: arm, url, ...rest });
  return {
    readSecret: secrets(`${scoringVault}/secrets/scoring-client-id`),
    listSecrets: secrets(`${scoringVault}/secrets`),
    setSecret: secrets(`${scoringVault}/secrets/another`, { method: "PUT", body: { value: "x" } }),
    listSecretsOfMachineLearning: secrets(`${machineLearningVault}/secrets`),
    listInput: list(outputs.inputUrl),
    writeInput: write(`${outputs.inputUrl}/other.csv`),
    listScores: list(outputs.scoresUrl),
    writeScores: write(`${outputs.scoresUrl}/scores/other.csv`),
    listLake: list(lake),
    writeLake: write(`${lake}/note.txt`),
    // whoever may start a job is told of the body, which is empty
    startJob: { audience: machineLearning, url: outputs.scoringUri, method: "POST", body: {} } as Deed,
    readPipeline: inWorkspace(`/pipelines/${pipeline}`),
    publishPipeline: inWorkspace("/pipelines/another", "PUT", { properties: { activities: [] } }),
    startRun: inWorkspace(`/pipelines/${pipeline}/createRun`, "POST"),
    listSynapseRoles: inWorkspace("/roleAssignments"),
    readGroup: resource(`${group}?api-version=2024-03-01`),
    changeGroup: resource(`${group}?api-version=2024-03-01`, { method: "PUT", body: { location: outputs.location } }),
    listRoles: resource(`${group}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01`),
    readKeys: resource(`${account}/listKeys?api-version=2024-01-01`, { method: "POST" }),
  };
}

/** Publishes a pipeline that waits an hour, lets `who` start it; resolves with the run's id. */
export async function startLongRun(actors: Actors, { synapseEndpoint }: StackOutputs, who: Who): Promise<string> {
  const url = (path: string) => `${synapseEndpoint}/pipelines/wait${path}?api-version=2020-12-01`;
  const activities = [{ name: "wait", type: "Wait", typeProperties: { waitTimeInSeconds: 3_600 } }];
  const body = { properties: { activities } };
  await actors.send("deployer", { audience: synapse, url: url(""), method: "PUT", body });
  await expect.poll(async () => (await actors.send(who, { audience: synapse, url: url("") })).status).toBe(200);
  const started = await actors.send(who, { audience: synapse, url: url("/createRun"), method: "POST" });
  return String(JSON.parse(started.text).runId);
}

/** Gives a principal the role Synapse Administrator, as the program gives it. */
export function makeAdministrator(principalId: string, { synapseEndpoint, synapseWorkspace }: StackOutputs): Deed {
  const roleId = "6e4bf58a-b8e1-4cc3-bbf9-d73143322b78";
  const scope = `workspaces/${synapseWorkspace}`;
  return {
    ...{ audience: synapse, url: `${synapseEndpoint}/roleAssignments/${randomUUID()}?api-version=2020-12-01` },
    ...{ method: "PUT", body: { roleId, principalId, principalType: "ServicePrincipal", scope } },
  };
}
