import { type Dispatcher, request } from "undici";
import type { Clock } from "../../contract/clock.js";
import { hostNames } from "../../contract/hosts.js";
import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";
import { ArmError, armErrorOf } from "./armError.js";
import { type Environment, required } from "./deploymentHttp.js";

/** Who the deployment acts as, from the claims of its own token. */
export interface ClientIdentity {
  readonly clientId: string;
  readonly objectId: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
}

/** Requests to Azure Resource Manager, each followed to the end of its operation. Refusals are `ArmError`s. */
export interface ArmClient {
  readonly subscriptionId: string;
  identity(): Promise<ClientIdentity>;
  /** The resource, or undefined when there is none. */
  get(path: string, apiVersion: string): Promise<JsonObject | undefined>;
  /** The resource; refused with the service's own sentence when there is none. */
  existing(path: string, apiVersion: string): Promise<JsonObject>;
  /** The resource as it is when the operation has succeeded. */
  put(
    path: string,
    apiVersion: string,
    body: JsonObject,
    query?: Readonly<Record<string, string>>,
  ): Promise<JsonObject>;
  /** A resource that is gone already is a success. */
  delete(path: string, apiVersion: string): Promise<void>;
  /** The same at a service's own URL, with a token for the audience. */
  deleteAt(url: string, audience: string): Promise<void>;
  post(path: string, apiVersion: string, body?: JsonObject): Promise<JsonObject>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Json;
}

const attempts = 4;
const longestOperationMs = 30 * 60_000;
const repeatable = new Set(["429", "503", "AnotherOperationInProgress"]);

/** Opens a client for the application of AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_TENANT_ID, AZURE_SUBSCRIPTION_ID. */
export function openArmClient(environment: Environment, dispatcher: Dispatcher, clock: Clock): ArmClient {
  const origin = `https://${hostNames.resourceManager}`;
  const subscriptionId = required(environment, "AZURE_SUBSCRIPTION_ID");
  const tokens = new Map<string, Promise<string>>();
  const token = (audience = origin) => {
    const signedIn = tokens.get(audience) ?? signIn(environment, dispatcher, audience);
    tokens.set(audience, signedIn);
    return signedIn;
  };

  async function send(
    method: Dispatcher.HttpMethod,
    url: string,
    { body, audience }: { readonly body?: JsonObject; readonly audience?: string } = {},
  ): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await receive(dispatcher, url, {
        method,
        headers: {
          authorization: `Bearer ${await token(audience)}`,
          ...(body ? { "content-type": "application/json" } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const refusal = answer.status >= 400 ? armErrorOf(answer.status, answer.body) : undefined;
      const again = refusal && (repeatable.has(String(refusal.status)) || repeatable.has(refusal.code));
      if (!again || attempt === attempts) return answer;
      await clock.sleep(secondsOf(answer, 1) * 1_000);
    }
  }

  /** Throws when it is called after the longest time that an operation may take. */
  function deadline(): (waitedFor: string) => void {
    const end = clock.now().getTime() + longestOperationMs;
    return (waitedFor) => {
      if (clock.now().getTime() > end) throw new Error(`${waitedFor} is not finished after 30 minutes`);
    };
  }

  async function finish(answer: Answer): Promise<Answer> {
    const operation = answer.headers["azure-asyncoperation"] ?? answer.headers["operation-location"];
    const location = answer.status === 202 ? answer.headers["location"] : undefined;
    const url = operation ?? location;
    if (typeof url !== "string") return answer;
    const inTime = deadline();
    for (let waitMs = 20; ; waitMs *= 2) {
      inTime(url);
      const polled = await send("GET", url);
      if (polled.status >= 400) throw armErrorOf(polled.status, polled.body);
      const status = isJsonObject(polled.body) ? String(polled.body["status"] ?? "").toLowerCase() : "";
      if (status === "failed" || status === "canceled") throw armErrorOf(409, polled.body);
      if (operation ? status === "succeeded" : polled.status !== 202) return polled;
      // the operations of the emulator end within milliseconds: Retry-After is the longest wait, not the first one
      await clock.sleep(Math.min(waitMs, secondsOf(polled, 10) * 1_000));
    }
  }

  async function settled(path: string, apiVersion: string, answered: Json): Promise<JsonObject> {
    let known = isJsonObject(answered) && "id" in answered && "properties" in answered ? answered : undefined;
    const inTime = deadline();
    for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, 5_000)) {
      inTime(path);
      const resource = known ?? (await client.get(path, apiVersion));
      known = undefined;
      if (resource === undefined) throw new ArmError(404, "ResourceNotFound", `${path} is not there after its PUT`);
      const state = isJsonObject(resource["properties"]) ? resource["properties"]["provisioningState"] : undefined;
      if (state === "Failed" || state === "Canceled") {
        throw new ArmError(409, `Provisioning${state}`, `the resource's provisioning state is ${state}`);
      }
      if (typeof state !== "string" || state === "Succeeded") return resource;
      await clock.sleep(waitMs);
    }
  }

  const client: ArmClient = {
    subscriptionId,
    async identity() {
      const claims = claimsOf(await token());
      return {
        clientId: String(claims["appid"] ?? claims["azp"]),
        objectId: String(claims["oid"]),
        tenantId: String(claims["tid"]),
        subscriptionId,
      };
    },
    async get(path, apiVersion) {
      const answer = await send("GET", urlOf(origin, path, apiVersion));
      if (answer.status === 404) return undefined;
      return objectOf(answer);
    },
    async existing(path, apiVersion) {
      return objectOf(await send("GET", urlOf(origin, path, apiVersion)));
    },
    async put(path, apiVersion, body, query = {}) {
      const answer = await send("PUT", urlOf(origin, path, apiVersion, query), { body });
      if (answer.status >= 400) throw armErrorOf(answer.status, answer.body);
      const finished = await finish(answer);
      return settled(path, apiVersion, finished === answer ? answer.body : null);
    },
    async delete(path, apiVersion) {
      const answer = await send("DELETE", urlOf(origin, path, apiVersion));
      if (answer.status === 404) return;
      if (answer.status >= 400) throw armErrorOf(answer.status, answer.body);
      await finish(answer);
    },
    async deleteAt(url, audience) {
      const answer = await send("DELETE", url, { audience });
      if (answer.status >= 400 && answer.status !== 404) throw armErrorOf(answer.status, answer.body);
    },
    async post(path, apiVersion, body = {}) {
      return objectOf(await send("POST", urlOf(origin, path, apiVersion), { body }));
    },
  };
  return client;
}

async function signIn(environment: Environment, dispatcher: Dispatcher, resource: string): Promise<string> {
  const tenant = required(environment, "AZURE_TENANT_ID");
  const answer = await receive(dispatcher, `https://${hostNames.login}/${tenant}/oauth2/v2.0/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: required(environment, "AZURE_CLIENT_ID"),
      client_secret: required(environment, "AZURE_CLIENT_SECRET"),
      scope: `${resource}/.default`,
    }).toString(),
  });
  const token = isJsonObject(answer.body) ? answer.body["access_token"] : undefined;
  if (typeof token !== "string") throw armErrorOf(answer.status, answer.body);
  return token;
}

async function receive(
  dispatcher: Dispatcher,
  url: string,
  options: { method: Dispatcher.HttpMethod; headers: Record<string, string>; body?: string },
): Promise<Answer> {
  const { statusCode, headers, body } = await request(url, { dispatcher, ...options });
  const text = await body.text();
  return { status: statusCode, headers, body: parsed(text) };
}

function parsed(text: string): Json {
  try {
    return text === "" ? null : (JSON.parse(text) as Json);
  } catch {
    return text;
  }
}

function objectOf(answer: Answer): JsonObject {
  if (answer.status >= 400 || !isJsonObject(answer.body)) throw armErrorOf(answer.status, answer.body);
  return answer.body;
}

function urlOf(origin: string, path: string, apiVersion: string, query: Readonly<Record<string, string>> = {}): string {
  const url = new URL(origin + path.split("/").map(encodeURIComponent).join("/"));
  for (const [name, value] of Object.entries({ "api-version": apiVersion, ...query }))
    url.searchParams.set(name, value);
  return url.href;
}

function secondsOf(answer: Answer, otherwise: number): number {
  const seconds = Number(answer.headers["retry-after"] ?? otherwise);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : otherwise;
}

function claimsOf(token: string): JsonObject {
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
  return JSON.parse(payload) as JsonObject;
}
