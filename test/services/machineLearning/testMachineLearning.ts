import { readFileSync } from "node:fs";
import path from "node:path";
import Fastify from "fastify";
import { type Clock, systemClock } from "../../../contract/clock.js";
import { randomIds } from "../../../contract/ids.js";
import type { JsonObject } from "../../../contract/json.js";
import { type AccessControl, openAccess } from "../../../emulator/platform/accessControl.js";
import { openDirectory, type Principal } from "../../../emulator/platform/directory.js";
import type { Platform } from "../../../emulator/platform/platform.js";
import { openPropagation } from "../../../emulator/platform/propagation.js";
import { openResources, type StoredResource } from "../../../emulator/platform/resources.js";
import { openStore, type Store } from "../../../emulator/platform/store.js";
import { principals, subscription } from "../../../emulator/platform/subscription.js";
import { openTokens } from "../../../emulator/platform/tokenAuthority.js";
import { createMachineLearning, type MachineLearning } from "../../../emulator/services/machineLearning/index.js";
import { testSigningKeyPem } from "../../helpers/fixtures.js";
import { buildScoringWorker } from "../../helpers/scoringWorker.js";
import { groupId, insightsId, roles, scoringHost, storageId, vaultId } from "./names.js";
import { TestBlobs } from "./testBlobs.js";

export const root = path.resolve(import.meta.dirname, "../../..");
export const sampleModel = readFileSync(path.join(root, "samples/model/fare.zip"));
export const condaFile = readFileSync(path.join(root, "infra/scoring/conda.yaml"), "utf8");
export const scoringScript = readFileSync(path.join(root, "infra/scoring/score.py"), "utf8");

let worker: Promise<URL> | undefined;
const builtWorker = () => (worker ??= buildScoringWorker());

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: JsonObject;
}

/** The machine learning service on a store of its own, called without a socket; nothing is deployed yet. */
export class TestMachineLearning {
  static async start(
    options: {
      store?: Store;
      blobs?: TestBlobs;
      clock?: Clock;
      wallClock?: Clock;
      worker?: URL;
      propagationMs?: number;
    } = {},
  ): Promise<TestMachineLearning> {
    const store = options.store ?? openStore(undefined, Buffer.alloc(32, 7));
    const clock = options.clock ?? systemClock();
    const directory = openDirectory(store, randomIds);
    const propagation = openPropagation({ store, clock, delayMs: options.propagationMs ?? 0 });
    const accessControl = openAccess({ store, directory, clock, propagation });
    const signing = { tenantId: subscription.tenantId, now: () => clock.now(), signingKeyPem: testSigningKeyPem() };
    const tokens = await openTokens({ store, directory, ...signing });
    const resources = openResources(store);
    const log = () => undefined;
    const platform: Platform = {
      store,
      clock,
      ids: randomIds,
      directory,
      tokens,
      resources,
      access: accessControl,
      log,
    };
    const test = new TestMachineLearning(platform, accessControl, options.blobs ?? new TestBlobs(() => platform));
    test.#service = await createMachineLearning({
      ...{ platform, blobs: test.blobs, accessControl },
      accountKey: (account) => (account === "mlaccount" ? "a2V5" : undefined),
      scoringWorker: options.worker ?? (await builtWorker()),
      ...(options.wallClock && { wallClock: options.wallClock }),
    });
    return test;
  }

  #service: MachineLearning | undefined;
  readonly #front = Fastify();
  readonly #watchers = new Set<(resource: StoredResource) => void>();

  private constructor(
    readonly platform: Platform,
    readonly accessControl: AccessControl,
    readonly blobs: TestBlobs,
  ) {
    const { resources } = platform;
    const put = resources.put.bind(resources);
    resources.put = (resource) => {
      put(resource);
      for (const watcher of [...this.#watchers]) watcher(resource);
    };
    this.#front.addHook("onRequest", (request, reply) => {
      reply.hijack();
      this.service.handle(request.raw, reply.raw);
    });
  }

  get service(): MachineLearning {
    if (!this.#service) throw new Error("not started");
    return this.#service;
  }

  principal(name: keyof typeof principals): Principal {
    const found = this.platform.directory.byObjectId(principals[name].objectId);
    if (!found) throw new Error(`no principal ${name}`);
    return found;
  }

  /** The storage account, the vault and the App Insights that a workspace is linked to, and their group. */
  putLinked(storage: JsonObject = { isHnsEnabled: false }): void {
    const put = (id: string, type: string, properties: JsonObject = {}) =>
      this.platform.resources.put({
        ...{ id, type, name: String(id.split("/").at(-1)), createdWith: "2024-01-01" },
        body: { location: "centralus", properties },
      });
    put(groupId, "Microsoft.Resources/resourceGroups");
    put(storageId, "Microsoft.Storage/storageAccounts", storage);
    put(vaultId, "Microsoft.KeyVault/vaults");
    put(insightsId, "Microsoft.Insights/components", { InstrumentationKey: "ikey" });
  }

  /** What Resource Manager does with a PUT, less its own checks. */
  async put(type: string, id: string, body: JsonObject, options: { as?: Principal; apiVersion?: string } = {}) {
    const handler = this.type(type);
    const { resources } = this.platform;
    const name = String(id.split("/").at(-1));
    const apiVersion = options.apiVersion ?? "2025-12-01";
    const request = {
      ...{ id, name, resourceGroup: "rg", existing: resources.get(id), body, apiVersion },
      parent: resources.get(id.split("/").slice(0, -2).join("/")),
      caller: options.as ?? this.principal("deployer"),
    };
    const prepared = await handler.prepare(request);
    const envelope = handler.tracked ? { location: body["location"] ?? null, tags: body["tags"] ?? {} } : {};
    const resource = { id, type: handler.type, name, createdWith: apiVersion, body: { ...envelope, ...prepared } };
    resources.put(resource);
    await handler.apply?.(resource, request);
    return resources.get(id)?.body ?? {};
  }

  type(type: string) {
    const full = `Microsoft.MachineLearningServices/${type}`;
    const handler = this.service.resourceTypes.find((candidate) => candidate.type === full);
    if (!handler) throw new Error(`no type ${full}`);
    return handler;
  }

  assign(principalId: string, roleId: string, scope: string): string {
    const by = this.principal("deployer").objectId;
    return this.accessControl.assign({ scope, name: randomIds.uuid(), roleId, principalId, by }).assignment.id;
  }

  async call(
    method: "GET" | "POST",
    url: string,
    options: {
      host?: string;
      as?: Principal | null;
      audience?: string;
      body?: unknown;
      headers?: Record<string, string>;
    } = {},
  ): Promise<Answer> {
    const principal = options.as === undefined ? this.principal("scoring") : options.as;
    const audience = options.audience ?? "https://ml.azure.com";
    const token = principal && (await this.platform.tokens.issue({ principal, audience, version: "2.0" })).accessToken;
    const answer = await this.#front.inject({
      ...{ method, url },
      headers: {
        host: options.host ?? scoringHost,
        ...(token && { authorization: `Bearer ${token}` }),
        ...(options.body !== undefined && { "content-type": "application/json" }),
        ...options.headers,
      },
      ...(options.body !== undefined && { payload: JSON.stringify(options.body) }),
    });
    const body = answer.payload === "" ? {} : (JSON.parse(answer.payload) as JsonObject);
    return { status: answer.statusCode, headers: answer.headers, body };
  }

  /** Resolves with the statuses that a job went through, when it is at one of `until`. */
  statusesOf(until: readonly string[]): Promise<string[]> {
    const seen: string[] = [];
    return new Promise((resolve) => {
      const watcher = ({ type, body }: StoredResource) => {
        if (!type.endsWith("/jobs")) return;
        const status = String((body["properties"] as JsonObject)["status"]);
        if (seen.at(-1) !== status) seen.push(status);
        if (!until.includes(status)) return;
        this.#watchers.delete(watcher);
        resolve(seen);
      };
      this.#watchers.add(watcher);
    });
  }

  /** The invoker may run deployments. */
  letInvoke(workspaceId: string): string {
    return this.assign(this.principal("scoring").objectId, roles.dataScientist, workspaceId);
  }

  async close(): Promise<void> {
    await this.service.close();
    this.platform.store.close();
  }
}

/** The message of an error answer. */
export function messageOf(answer: Answer): string {
  const error = answer.body["error"] as JsonObject | undefined;
  return String(error?.["message"]);
}
