import type net from "node:net";
import type { Duplex } from "node:stream";

const transports = new WeakMap<Duplex, Duplex>();

/** Notes what a TLS connection runs over. */
export function noteTransport(connection: Duplex, transport: Duplex): void {
  transports.set(connection, transport);
}

/** Ends a connection as a crash does: with a TCP reset, which TLS itself cannot send. */
export function resetConnection(connection: Duplex): void {
  const transport = transports.get(connection) as net.Socket | undefined;
  transport?.resetAndDestroy();
  connection.destroy();
}
