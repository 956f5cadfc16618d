import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { enveloped } from "../platform/errors.js";
import { reportRefusal } from "../platform/requestLog.js";
import type { Service } from "../platform/service.js";

/** What is wrong with a request of which no service can make sense. */
export interface Malformation {
  readonly status: 400 | 405 | 408 | 413 | 417 | 421 | 431;
  readonly message: string;
}

/** What HTTP's own rules say against a request to a host (RFC 9112, 3.2): its Host header must name the connection's host, once. */
export function malformationOf({ headersDistinct }: IncomingMessage, host: string): Malformation | undefined {
  const [named, ...more] = headersDistinct["host"] ?? [];
  if (named === undefined || more.length > 0) {
    return { status: 400, message: "The request must have exactly one Host header." };
  }
  if (named.toLowerCase().replace(/:443$/, "") === host) return undefined;
  return { status: 421, message: `This connection is for ${host}; the request's Host header says ${named}.` };
}

/** What Node's HTTP parser holds against the bytes of a connection. */
export function malformationBy(error: Error): Malformation {
  const { code, reason } = error as { readonly code?: string; readonly reason?: string };
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return { status: 431, message: "The headers of the request are too large." };
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return { status: 413, message: "The extensions of the request's chunks are too large." };
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { status: 408, message: "The request was not complete in time." };
    default:
      return { status: 400, message: `The request is not valid HTTP${reason ? `: ${reason}` : ""}.` };
  }
}

/** Refuses malformed requests to emulated hosts in the words of the host's service, and logs them. */
export function createRefusals(options: {
  readonly serviceOf: (host: string) => Service | undefined;
  readonly log: (line: string) => void;
}) {
  const answerTo = (host: string, { status, message }: Malformation) => {
    const { contentType, body } = options.serviceOf(host)?.malformed?.(status, message, host) ?? {
      contentType: "application/json; charset=utf-8",
      body: JSON.stringify(enveloped(status, message).body),
    };
    const headers = { "content-type": contentType, "content-length": Buffer.byteLength(body), connection: "close" };
    return { headers, body };
  };
  return {
    /** A request that was read to the end of its headers. */
    refuse(host: string, malformation: Malformation, request: IncomingMessage, response: ServerResponse): void {
      const { headers, body } = answerTo(host, malformation);
      const place = { method: request.method ?? "", host, route: String(request.url?.split("?")[0]) };
      reportRefusal(options.log, place, malformation.status);
      response.writeHead(malformation.status, headers);
      response.end(body);
    },
    /** Bytes that are no request, or a method that ends HTTP on the connection. */
    refuseBytes(host: string, malformation: Malformation, socket: Duplex): void {
      const { headers, body } = answerTo(host, malformation);
      reportRefusal(options.log, { method: "malformed", host, route: "" }, malformation.status);
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(
        `HTTP/1.1 ${malformation.status} ${STATUS_CODES[malformation.status]}\r\n${lines.join("")}\r\n${body}`,
        () => socket.destroy(),
      );
    },
  };
}
