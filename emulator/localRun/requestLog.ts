import { messageOf } from "../../contract/errors.js";
import type { Json } from "../../contract/json.js";
import { redact } from "../../contract/redaction.js";
import type { HttpPort, HttpRequest } from "../engine/ports.js";
import type { StubEntries } from "./stubHttp.js";

/** A request of a run and what came back; credentials are masked. */
export interface LoggedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly error: string | null;
}

/** Remembers what goes through a port. */
export class RequestLog {
  readonly requests: LoggedRequest[] = [];
  readonly #answers = new Map<string, StubEntries[number]>();

  /** The same port, listened to. */
  listen(port: HttpPort): HttpPort {
    return {
      send: async (request) => {
        try {
          const response = await port.send(request);
          this.requests.push(logged(request, response.status, null));
          this.#keep(request, response.status, response.headers, response.body);
          return response;
        } catch (error) {
          this.requests.push(logged(request, null, messageOf(error)));
          throw error;
        }
      },
    };
  }

  /** The answers as a stub file that gives them again: with tokens and secrets masked, which no stub needs. */
  stub(): StubEntries {
    return [...this.#answers.values()];
  }

  #keep({ method, url }: HttpRequest, status: number, headers: Readonly<Record<string, string>>, text: string): void {
    const safeUrl = redact(url);
    const key = `${method} ${safeUrl}`;
    const entry = this.#answers.get(key) ?? { method, ...matching(url, safeUrl), responses: [] };
    const kept = Object.entries(headers).filter(([name]) => keptHeaders.test(name));
    entry.responses.push({ status, headers: Object.fromEntries(kept), body: bodyOf(redact(text)) });
    this.#answers.set(key, entry);
  }
}

/** What pipelines read of an answer's headers. */
const keptHeaders = /^(content-type|etag|retry-after|.*location|azure-asyncoperation)$/i;

/** The address itself; a pattern where secrets in it are masked. */
function matching(url: string, safeUrl: string): { readonly url: string } | { readonly urlPattern: string } {
  if (safeUrl === url) return { url };
  const literals = safeUrl.split("***").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return { urlPattern: literals.join(".*") };
}

function logged(
  { method, url, headers, body }: HttpRequest,
  status: number | null,
  error: string | null,
): LoggedRequest {
  return {
    method,
    url: redact(url),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, /^authorization$/i.test(name) ? "***" : redact(value)]),
    ),
    body: body === undefined ? null : redact(body),
    status,
    error,
  };
}

function bodyOf(text: string): Json {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === "string" ? text : value;
  } catch {
    return text;
  }
}
