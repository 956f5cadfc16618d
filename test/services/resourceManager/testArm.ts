import { type Clock, systemClock } from "../../../contract/clock.js";
import { randomIds } from "../../../contract/ids.js";
import { isJsonObject, type Json, type JsonObject } from "../../../contract/json.js";
import { type AccessControl, openAccess } from "../../../emulator/platform/accessControl.js";
import { openDirectory, type Principal } from "../../../emulator/platform/directory.js";
import type { Platform } from "../../../emulator/platform/platform.js";
import { openResources } from "../../../emulator/platform/resources.js";
import type { ResourceType } from "../../../emulator/platform/resourceType.js";
import { openStore, type Store } from "../../../emulator/platform/store.js";
import { type PrincipalName, principals, subscription } from "../../../emulator/platform/subscription.js";
import { openTokens } from "../../../emulator/platform/tokenAuthority.js";
import { createArm } from "../../../emulator/services/resourceManager/arm.js";
import { testSigningKeyPem } from "../../helpers/fixtures.js";

export const subscriptionPath = `/subscriptions/${subscription.subscriptionId}`;
export const group = `${subscriptionPath}/resourceGroups/rg`;
export const owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
export const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
export const roleId = (guid: string) => `${subscriptionPath}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: JsonObject;
}

export interface CallOptions {
  /** Default: the deployer. `null` sends no token. */
  readonly as?: PrincipalName | null;
  readonly audience?: string;
  readonly body?: Json;
  readonly text?: string;
}

type MakeTypes = (platform: Platform, access: AccessControl) => Promise<readonly ResourceType[]>;

/** Resource Manager on a store of its own, called without a socket; the path gets an api-version unless it has one. */
export class TestArm {
  static async start(
    types: readonly ResourceType[] | MakeTypes = [],
    store: Store = openStore(undefined, Buffer.alloc(32, 7)),
    clock: Clock = systemClock(),
  ) {
    const directory = openDirectory(store, randomIds);
    const access = openAccess({ store, directory, clock });
    const platform: Platform = {
      ...{ store, clock, ids: randomIds, directory, access, log: () => undefined },
      tokens: await openTokens({
        ...{ store, directory, tenantId: subscription.tenantId, signingKeyPem: testSigningKeyPem() },
        now: () => new Date(),
      }),
      resources: openResources(store),
    };
    const made = typeof types === "function" ? await types(platform, access) : types;
    const arm = createArm({ platform, types: made, accessControl: access });
    await arm.application.ready();
    for (const namespace of arm.context.providers.all()) arm.context.providers.register(namespace);
    return new TestArm(platform, access, arm);
  }

  readonly #tokens = new Map<string, Promise<string>>();

  private constructor(
    readonly platform: Platform,
    readonly access: AccessControl,
    readonly arm: ReturnType<typeof createArm>,
  ) {}

  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { as = "deployer", audience = "https://management.azure.com", body, text } = options;
    const authorization = as === null ? undefined : `Bearer ${await this.token(as, audience)}`;
    const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await this.arm.application.inject({
      method: method as "GET",
      url: path.includes("api-version") ? path : `${path}${path.includes("?") ? "&" : "?"}api-version=2024-03-01`,
      headers: {
        host: "management.azure.com",
        ...(authorization !== undefined && { authorization }),
        ...(content !== undefined && { "content-type": text === undefined ? "application/json" : "text/plain" }),
      },
      ...(content !== undefined && { payload: content }),
    });
    const parsed: unknown = answer.body === "" ? {} : JSON.parse(answer.body);
    return { status: answer.statusCode, headers: answer.headers, body: isJsonObject(parsed) ? parsed : {} };
  }

  /** The code and status of a refusal. */
  async refusal(method: string, path: string, options: CallOptions = {}): Promise<string> {
    const { status, body } = await this.call(method, path, options);
    return `${status} ${String(isJsonObject(body["error"]) ? body["error"]["code"] : "no error")}`;
  }

  async withGroup(): Promise<this> {
    await this.call("PUT", group, { body: { location: "Central US" } });
    return this;
  }

  token(as: PrincipalName, audience: string): Promise<string> {
    const key = `${as} ${audience}`;
    const issued = this.#tokens.get(key) ?? this.#issue(as, audience);
    this.#tokens.set(key, issued);
    return issued;
  }

  async #issue(as: PrincipalName, audience: string): Promise<string> {
    const principal: Principal = { ...principals[as], kind: "Application", resourceId: "" };
    return (await this.platform.tokens.issue({ principal, audience, version: "1.0" })).accessToken;
  }
}

/** `error.message` of an answer. */
export function messageOf(answer: Answer): string {
  const { error } = answer.body;
  return isJsonObject(error) ? String(error["message"]) : "";
}

/** A type of a made-up provider: what is given is what is kept. */
export function plainType(type: string, members: Partial<ResourceType> = {}): ResourceType {
  return {
    type,
    putStyle: "synchronous",
    tracked: type.split("/").length === 2,
    prepare: ({ body }) => ({ properties: body["properties"] ?? {} }),
    ...members,
  };
}

/** A promise that the test settles. */
export function gate(): { readonly opened: Promise<void>; open(): void; fail(error: Error): void } {
  let open = () => {};
  let fail = (_error: Error) => {};
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { opened, open: () => open(), fail: (error) => fail(error) };
}
