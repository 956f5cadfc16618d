import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { type Duplex, pipeline } from "node:stream";
import type { Destination } from "./routing.js";

/**
 * A connection to a host outside of the emulator: direct, or by CONNECT through the user's own proxy
 * (`http://` or `https://`, with or without credentials). Rejects with what went wrong, in words for the client.
 */
export async function openTunnel(
  destination: Destination,
  options: { readonly upstreamProxy: URL | undefined; readonly signal: AbortSignal },
): Promise<Duplex> {
  const { upstreamProxy, signal } = options;
  if (upstreamProxy) return throughProxy(destination, upstreamProxy, signal);
  const host = destination.host.replace(/^\[|\]$/g, "");
  const socket = net.connect({ host, port: destination.port, signal });
  await once(socket, "connect");
  return socket;
}

async function throughProxy({ host, port }: Destination, proxy: URL, signal: AbortSignal): Promise<Duplex> {
  const target = `${host}:${port}`;
  const request = (proxy.protocol === "https:" ? https : http).request({
    host: proxy.hostname,
    port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
    method: "CONNECT",
    path: target,
    headers: { host: target, ...credentialsOf(proxy) },
    agent: false,
    signal,
  });
  request.end();
  const [answer, socket, head] = await firstOf(request);
  if (answer.statusCode !== 200) {
    socket.destroy();
    throw new Error(`the proxy ${proxy.host} answered ${answer.statusCode} ${answer.statusMessage}`);
  }
  if (head.length > 0) socket.unshift(head);
  return socket;
}

/** The proxy's answer, whatever its status is: `connect` is emitted for refusals, too. */
async function firstOf(request: http.ClientRequest): Promise<[http.IncomingMessage, Duplex, Buffer]> {
  const [answer, socket, head] = await once(request, "connect");
  return [answer, socket, head];
}

function credentialsOf(proxy: URL): Record<string, string> {
  if (!proxy.username) return {};
  const plain = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(plain).toString("base64")}` };
}

/** Carries bytes both ways until both sides have ended or one of them broke, which ends the other. */
export function join(one: Duplex, other: Duplex): void {
  pipeline(one, other, ignoreBroken);
  pipeline(other, one, ignoreBroken);
}

/** A broken connection is told to the other side by its end; there is nobody else to tell. */
function ignoreBroken(): void {}
