import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/**
 * Where the requests of Web activities come from: not this machine but a service of Azure, whose addresses no rule of a
 * vault or workspace names (a documentation address, RFC 5737).
 */
export const serviceAddress = "203.0.113.7";

const addresses = new WeakMap<Duplex, string>();

/** Notes that a connection is one of the emulated services' own. */
export function markAsService(connection: Duplex): void {
  addresses.set(connection, serviceAddress);
}

/** The address that address rules go by. */
export function clientAddressOf(request: IncomingMessage): string {
  return addresses.get(request.socket) ?? (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}

/** Whether a CONNECT carries the secret that only this process's outbound connections know. */
export function isServiceConnect(request: IncomingMessage, secret: string): boolean {
  const given = Buffer.from(request.headers["proxy-authorization"] ?? "");
  const expected = Buffer.from(secret);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
