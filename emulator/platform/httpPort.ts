import { type Dispatcher, errors, request as send } from "undici";
import { HttpFailure, type HttpPort, type HttpRequest, type HttpResponse } from "../engine/ports.js";

/** An `HttpPort` on any undici dispatcher: one request, nothing followed, nothing retried; times in real milliseconds. */
export function httpPort(dispatcher: Dispatcher): HttpPort {
  return {
    async send(request) {
      const deadline = AbortSignal.timeout(request.timeoutMs);
      try {
        return await exchange(dispatcher, request, AbortSignal.any([request.signal, deadline]));
      } catch (error) {
        if (request.signal.aborted) throw new HttpFailure("aborted", "The request was cancelled.", { cause: error });
        if (deadline.aborted) {
          const message = `No complete answer from ${originOf(request.url)} within ${request.timeoutMs / 1000} s.`;
          throw new HttpFailure("timeout", message, { cause: error });
        }
        throw toFailure(error, request.url);
      }
    },
  };
}

async function exchange(dispatcher: Dispatcher, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
  const answer = await send(request.url, {
    dispatcher,
    method: request.method as Dispatcher.HttpMethod,
    headers: { ...request.headers },
    body: request.body ?? null,
    signal,
    headersTimeout: 0,
    bodyTimeout: 0,
    responseHeaders: "raw",
  });
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer.body) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > request.maxResponseBytes) {
      const message = `The answer of ${originOf(request.url)} is larger than ${request.maxResponseBytes} bytes.`;
      throw new HttpFailure("tooLarge", message);
    }
    chunks.push(bytes);
  }
  return {
    status: answer.statusCode,
    statusText: answer.statusText,
    headers: joinHeaders(answer.headers),
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

/** `responseHeaders: "raw"` gives names and values in turn, as the server wrote them; the typings do not know that. */
function joinHeaders(raw: unknown): Readonly<Record<string, string>> {
  const flat = Array.isArray(raw) ? raw.map(String) : [];
  const joined: Record<string, string> = {};
  const spelling = new Map<string, string>();
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const name = String(flat[index]);
    const known = spelling.get(name.toLowerCase());
    if (known === undefined) spelling.set(name.toLowerCase(), name);
    joined[known ?? name] = known === undefined ? String(flat[index + 1]) : `${joined[known]}, ${flat[index + 1]}`;
  }
  return joined;
}

const resetCodes = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH"]);

function toFailure(error: unknown, url: string): HttpFailure {
  if (error instanceof HttpFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reset = resetCodes.has(code) || error instanceof errors.HTTPParserError;
  return new HttpFailure(reset ? "reset" : "unreachable", `${originOf(url)}: ${message}`, { cause: error });
}

/** Without path and query, which may carry a signature. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : "the given address";
}
