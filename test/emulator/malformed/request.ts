import type { Json } from "../../../contract/json.js";
import { type Plane, planes } from "../../helpers/provisioned.js";

/** A request as it is written on the wire; every part may be nonsense. */
export interface WireRequest {
  readonly plane: Plane;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly version: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As bytes (latin1). */
  readonly body: string | undefined;
  /** The well-formed content that `body` is made of. */
  readonly content: Json | undefined;
}

/** A well-formed request with a good token; content is sent as JSON. */
export function wellFormed(
  plane: Plane,
  parts: { readonly method: string; readonly target: string; readonly token: string; readonly content?: Json },
): WireRequest {
  const { method, target, token, content } = parts;
  const body = content === undefined ? undefined : latin1(JSON.stringify(content));
  return {
    plane,
    method,
    target,
    version: "HTTP/1.1",
    headers: [
      ["Host", planes[plane].host],
      ["x-ms-version", "2025-01-05"],
      ...(token === "" ? [] : [["Authorization", `Bearer ${token}`] as const]),
      ...(body === undefined ? [] : [["Content-Type", "application/json"] as const]),
    ],
    body,
    content,
  };
}

export const latin1 = (text: string) => Buffer.from(text, "utf8").toString("latin1");

/** Adds the body's length unless a header says how the body is framed. */
export function bytesOf({ method, target, version, headers, body }: WireRequest): Buffer {
  const isFramed = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  const length = body === undefined || isFramed ? [] : [["Content-Length", String(body.length)] as const];
  const lines = [...headers, ...length].map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${target} ${version}\r\n${lines.join("")}\r\n${body ?? ""}`, "latin1");
}

export function withHeader(request: WireRequest, name: string, value: string): WireRequest {
  return { ...withoutHeader(request, name), headers: [...withoutHeader(request, name).headers, [name, value]] };
}

export function withoutHeader(request: WireRequest, name: string): WireRequest {
  return { ...request, headers: request.headers.filter(([one]) => one.toLowerCase() !== name.toLowerCase()) };
}

export const withBody = (request: WireRequest, body: string): WireRequest => ({ ...request, body });
