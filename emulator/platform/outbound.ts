import { request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import { rootCertificates } from "node:tls";
import { Agent, buildConnector, type Dispatcher, errors, request as send } from "undici";
import { HttpFailure, type HttpPort, type HttpRequest, type HttpResponse } from "../engine/ports.js";

/**
 * The way out for the emulated services' own requests (Web activities): through the gateway's port, so that Azure's host
 * names reach the emulator, with its private authority (PEM) trusted beside the public ones. `close` ends open sockets.
 */
export function createOutbound(options: {
  readonly proxyUrl: string;
  readonly certificatePem: string;
  /** Tells the gateway whose connections these are. */
  readonly serviceSecret: string;
}): HttpPort & { close(): Promise<void> } {
  const secure = buildConnector({ ca: [...rootCertificates, options.certificatePem] });
  const agent = new Agent({
    // a kept connection that the server closes just then would fail a POST that may not be repeated
    pipelining: 0,
    // undici's own ProxyAgent drops the proxy's reason for a refusal, which the activity's error has to say
    connect(target, callback) {
      const port = target.port || (target.protocol === "https:" ? "443" : "80");
      openTunnel(options, `${target.hostname}:${port}`).then(
        (socket) =>
          target.protocol === "https:" ? secure({ ...target, httpSocket: socket }, callback) : callback(null, socket),
        (error: Error) => callback(error, null),
      );
    },
  });
  return { ...httpPort(agent), close: () => agent.destroy() };
}

function openTunnel(options: { proxyUrl: string; serviceSecret: string }, target: string): Promise<Socket> {
  const proxy = new URL(options.proxyUrl);
  return new Promise((resolve, reject) => {
    const tunnel = httpRequest({
      host: proxy.hostname,
      port: proxy.port,
      agent: false,
      method: "CONNECT",
      path: target,
      headers: { host: target, "proxy-authorization": options.serviceSecret },
    });
    tunnel.once("error", reject);
    tunnel.once("connect", (answer, socket) => {
      if (answer.statusCode === 200) {
        resolve(socket as Socket);
        return;
      }
      socket.destroy();
      reject(new Error(answer.statusMessage));
    });
    tunnel.end();
  });
}

/** An `HttpPort` on any undici dispatcher: one request, nothing followed, nothing retried; times in real milliseconds. */
function httpPort(dispatcher: Dispatcher): HttpPort {
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
