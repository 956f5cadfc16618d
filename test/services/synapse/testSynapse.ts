import Fastify from "fastify";
import { type Clock, systemClock } from "../../../contract/clock.js";
import { randomIds } from "../../../contract/ids.js";
import { isJsonObject, type JsonObject } from "../../../contract/json.js";
import type { HttpPort } from "../../../emulator/engine/ports.js";
import { openDirectory, type Principal } from "../../../emulator/platform/directory.js";
import { AzureError } from "../../../emulator/platform/errors.js";
import type { Platform } from "../../../emulator/platform/platform.js";
import { openPropagation } from "../../../emulator/platform/propagation.js";
import { openResources, type StoredResource } from "../../../emulator/platform/resources.js";
import { openStore, type Store } from "../../../emulator/platform/store.js";
import { principals, subscription } from "../../../emulator/platform/subscription.js";
import { openTokens } from "../../../emulator/platform/tokenAuthority.js";
import { createSynapse, type Synapse } from "../../../emulator/services/synapse/index.js";
import { testSigningKeyPem } from "../../helpers/fixtures.js";

const group = `/subscriptions/${subscription.subscriptionId}/resourceGroups/rg`;
export const workspaceId = `${group}/providers/Microsoft.Synapse/workspaces/ws1`;
export const lakeId = `${group}/providers/Microsoft.Storage/storageAccounts/lake1`;
export const accountUrl = "https://lake1.dfs.core.windows.net";

export const workspacePut: JsonObject = {
  location: "Central US",
  identity: { type: "SystemAssigned" },
  properties: { defaultDataLakeStorage: { accountUrl, filesystem: "fs" }, azureADOnlyAuthentication: true },
};

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Parsed when it is JSON, else the text. */
  readonly body: unknown;
}

export interface CallOptions {
  /** Default: the deployer. `null` sends no token. */
  readonly as?: Principal | null;
  readonly audience?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A refusal of every look-up: nothing in a Synapse data plane asks Azure RBAC. */
const noAccess: Platform["access"] = {
  mayAct: () => false,
  mayActOnData: () => false,
  assignmentsAt: () => [],
};

/** The Synapse service on a store of its own, called without a socket. */
export class TestSynapse {
  static async start(
    options: { clock?: Clock; wallClock?: Clock; outbound?: HttpPort; store?: Store; propagationMs?: number } = {},
  ): Promise<TestSynapse> {
    const store = options.store ?? openStore(undefined, Buffer.alloc(32, 7));
    const lines: string[] = [];
    const directory = openDirectory(store, randomIds);
    const platform: Platform = {
      store,
      clock: options.clock ?? systemClock(),
      ids: randomIds,
      directory,
      tokens: await openTokens({
        store,
        directory,
        tenantId: subscription.tenantId,
        now: () => new Date(),
        signingKeyPem: testSigningKeyPem(),
      }),
      resources: openResources(store),
      access: noAccess,
      log: (line) => void lines.push(line),
    };
    const outbound = options.outbound ?? { send: () => Promise.reject(new Error("no way out in this test")) };
    const wallClock = options.wallClock ?? platform.clock;
    const propagation = openPropagation({ store, clock: platform.clock, delayMs: options.propagationMs ?? 0 });
    return new TestSynapse(platform, await createSynapse({ platform, outbound, wallClock, propagation }), lines);
  }

  readonly #front = Fastify();
  readonly #issued = new Map<string, string>();

  private constructor(
    readonly platform: Platform,
    readonly synapse: Synapse,
    /** What the service said to the person who runs it. */
    readonly lines: readonly string[],
  ) {
    this.#front.addHook("onRequest", (request, reply) => {
      reply.hijack();
      synapse.handle(request.raw, reply.raw);
    });
  }

  get deployer(): Principal {
    return this.principal("deployer");
  }

  principal(name: keyof typeof principals): Principal {
    const found = this.platform.directory.byObjectId(principals[name].objectId);
    if (!found) throw new Error(`no principal ${name}`);
    return found;
  }

  /** A storage account with a hierarchical namespace, workspace `ws1` on it, and a rule for this machine's address. */
  async deployWorkspace(): Promise<void> {
    this.putStorage(true);
    await this.put("Microsoft.Synapse/workspaces", workspaceId, workspacePut);
    await this.allowAddresses("127.0.0.1", "127.0.0.1");
  }

  putStorage(isHnsEnabled: boolean): void {
    const type = "Microsoft.Storage/storageAccounts";
    const body = { properties: { isHnsEnabled } };
    this.platform.resources.put({ id: lakeId, type, name: "lake1", body, createdWith: "2024-01-01" });
  }

  async allowAddresses(startIpAddress: string, endIpAddress: string): Promise<void> {
    const body = { properties: { startIpAddress, endIpAddress } };
    await this.put("Microsoft.Synapse/workspaces/firewallRules", `${workspaceId}/firewallRules/here`, body);
  }

  /** What Resource Manager does with a PUT, less its own checks. */
  async put(type: string, id: string, body: JsonObject): Promise<StoredResource> {
    const handler = this.synapse.resourceTypes.find((candidate) => candidate.type === type);
    if (!handler) throw new Error(`no type ${type}`);
    const { resources } = this.platform;
    const name = String(id.split("/").at(-1));
    const request = {
      id,
      name,
      resourceGroup: "rg",
      parent: undefined,
      existing: resources.get(id),
      body,
      apiVersion: "2021-06-01",
      caller: this.deployer,
    };
    const prepared = await handler.prepare(request);
    const resource: StoredResource = {
      id,
      type,
      name,
      createdWith: "2021-06-01",
      body: { ...prepared, id, type, name },
    };
    resources.put(resource);
    await handler.apply?.(resource, request);
    return resource;
  }

  async removeWorkspace(): Promise<void> {
    const resource = this.platform.resources.get(workspaceId);
    const handler = this.synapse.resourceTypes.find(({ type }) => type === "Microsoft.Synapse/workspaces");
    if (!resource || !handler?.remove) throw new Error("no workspace to remove");
    await handler.remove(resource);
    for (const child of this.platform.resources.below(workspaceId)) this.platform.resources.remove(child.id);
    this.platform.resources.remove(workspaceId);
    this.platform.directory.removeManagedIdentity(workspaceId);
  }

  async call(method: "GET" | "PUT" | "POST" | "DELETE", path: string, options: CallOptions = {}): Promise<Answer> {
    const principal = options.as === undefined ? this.deployer : options.as;
    const audience = options.audience ?? "https://dev.azuresynapse.net";
    const token = principal && (await this.#tokenOf(principal, audience));
    const url = path.includes("api-version") ? path : `${path}${path.includes("?") ? "&" : "?"}api-version=2020-12-01`;
    const answer = await this.#front.inject({
      method,
      url,
      headers: {
        host: options.host ?? "ws1.dev.azuresynapse.net",
        ...(token && { authorization: `Bearer ${token}` }),
        ...(options.body !== undefined && { "content-type": "application/json" }),
        ...options.headers,
      },
      ...(options.body !== undefined && { payload: JSON.stringify(options.body) }),
    });
    const isJson = String(answer.headers["content-type"]).includes("json") && answer.payload !== "";
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: isJson ? JSON.parse(answer.payload) : answer.payload,
    };
  }

  /** Signing takes longer than the calls themselves, so each token is issued once. */
  async #tokenOf(principal: Principal, audience: string): Promise<string> {
    const key = `${principal.objectId} ${audience}`;
    const token =
      this.#issued.get(key) ?? (await this.platform.tokens.issue({ principal, audience, version: "2.0" })).accessToken;
    this.#issued.set(key, token);
    return token;
  }

  /** Gives the principal a Synapse role on the workspace, or below it. */
  async grant(principal: Principal, roleId: string, below = ""): Promise<void> {
    const body = { roleId, principalId: principal.objectId, scope: `workspaces/ws1${below}` };
    const answer = await this.call("PUT", `/roleAssignments/${randomIds.uuid()}`, { body });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  }

  /** Publishes (a pipeline, unless told otherwise) and reads the operation's end. */
  async publish(name: string, properties: JsonObject, segment = "pipelines"): Promise<Answer> {
    const accepted = await this.call("PUT", `/${segment}/${name}`, { body: { properties } });
    if (accepted.status !== 202) throw new Error(JSON.stringify(accepted.body));
    return this.poll(accepted);
  }

  poll(accepted: Answer): Promise<Answer> {
    const { pathname, search } = new URL(String(accepted.headers["location"]));
    return this.call("GET", pathname + search);
  }

  async close(): Promise<void> {
    await this.synapse.close();
    this.platform.store.close();
  }
}

/** The code and message of an error body, enveloped or bare. */
export function errorOf(answer: Answer): { code: unknown; message: unknown } {
  const body = isJsonObject(answer.body) ? answer.body : {};
  const inner = isJsonObject(body["error"]) ? body["error"] : body;
  return { code: inner["code"], message: inner["message"] };
}

/** What an ARM hook refused with. */
export async function refusalOf(work: Promise<unknown>): Promise<{ status: number; code: string; message: string }> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof AzureError)) throw new Error(`expected a refusal, got ${String(thrown)}`);
  return { status: thrown.status, code: thrown.code, message: thrown.message };
}
