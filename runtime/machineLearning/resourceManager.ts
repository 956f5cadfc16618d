import type { Clock } from "../../contract/clock.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { audiences } from "../../contract/hosts.js";
import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";
import type { TokenSource } from "../auth/credential.js";
import { withToken } from "../auth/withToken.js";
import type { HttpAnswer, HttpClient, HttpRequest } from "../http/client.js";
import { HttpError } from "../http/errors.js";
import { parseJson } from "../http/parseJson.js";
import { parseServiceError } from "../http/serviceError.js";

/** Azure Resource Manager, for resources of Microsoft.MachineLearningServices (2025-12-01). */
export interface ResourceManager {
  /** A resource by its ARM id; undefined where there is none. */
  get(id: string): Promise<JsonObject | undefined>;
  /** Makes or changes a resource and waits until Azure has done so; rejects with the operation's own error. */
  put(id: string, body: JsonObject): Promise<void>;
  /** An action of a resource, such as `listSecrets`, that may be sent twice; `{}` where the answer has no body. */
  ask(id: string, action: string): Promise<JsonObject>;
}

export interface ResourceManagerOptions {
  readonly http: HttpClient;
  readonly tokens: TokenSource;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const apiVersion = "api-version=2025-12-01";
const longestPauseMs = 10_000;

/** Opens Resource Manager; nothing is sent yet. */
export function openResourceManager({ http, tokens, clock, signal }: ResourceManagerOptions): ResourceManager {
  const [audience] = audiences.resourceManager;

  async function send(method: HttpRequest["method"], url: string, body?: Json): Promise<HttpAnswer> {
    const sent = body === undefined ? {} : { body };
    return withToken(tokens, audience, (token) =>
      http.send({ method, url, headers: { authorization: `Bearer ${token}` }, repeat: "always", signal, ...sent }),
    );
  }

  /** Azure-AsyncOperation is polled until its status is terminal, as the headers of the accepted PUT ask for. */
  async function finished(id: string, accepted: HttpAnswer): Promise<void> {
    const url = accepted.headers["azure-asyncoperation"];
    if (url === undefined) return;
    for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const answer = await send("GET", url);
      const status = String(parseObject(answer.text)["status"] ?? "").toLowerCase();
      if (status === "succeeded") return;
      if (status === "failed" || status === "canceled") throw refused(id, answer.text);
      await clock.sleep(pauseMs, signal);
    }
  }

  return {
    async get(id) {
      try {
        return parseObject((await send("GET", `${audience}${id}?${apiVersion}`)).text);
      } catch (thrown) {
        if (thrown instanceof HttpError && thrown.status === 404) return undefined;
        throw thrown;
      }
    },
    async put(id, body) {
      await finished(id, await send("PUT", `${audience}${id}?${apiVersion}`, body));
    },
    async ask(id, action) {
      const { text } = await send("POST", `${audience}${id}/${action}?${apiVersion}`);
      return text === "" ? {} : parseObject(text);
    },
  };
}

function refused(id: string, text: string): ProgramError {
  const { code, message } = parseServiceError(text);
  return new ProgramError(
    exitCodes.failed,
    `Azure could not make ${id}: ${[code, message].filter(Boolean).join(": ")}`,
  );
}

function parseObject(text: string): JsonObject {
  const value = parseJson(text);
  if (isJsonObject(value)) return value;
  throw new ProgramError(exitCodes.unavailable, "the answer of management.azure.com is not a JSON object", {
    cure: "is a proxy or a sign-in page in between? check HTTPS_PROXY",
  });
}
