import { request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import { rootCertificates } from "node:tls";
import { Agent, buildConnector, type Dispatcher } from "undici";
import type { HttpPort } from "../engine/ports.js";
import { httpPort } from "./httpPort.js";

/**
 * The way out for the emulated services' own requests (Web activities): through the gateway's port, so that Azure's host
 * names reach the emulator, with its private authority (PEM) trusted beside the public ones. `dispatcher` carries what
 * is no text. `close` ends open sockets.
 */
export function createOutbound(options: {
  readonly proxyUrl: string;
  readonly certificatePem: string;
  /** Tells the gateway whose connections these are. */
  readonly serviceSecret: string;
}): HttpPort & { readonly dispatcher: Dispatcher; close(): Promise<void> } {
  const secure = buildConnector({ ca: [...rootCertificates, options.certificatePem] });
  const agent = new Agent({
    // a kept connection that the server closes just then would fail a POST that may not be repeated
    pipelining: 0,
    // undici's own ProxyAgent drops the proxy's reason for a refusal, which the activity's error has to say
    connect(target, callback) {
      const port = target.port || (target.protocol === "https:" ? "443" : "80");
      const host = target.hostname.includes(":") ? `[${target.hostname}]` : target.hostname;
      openTunnel(options, `${host}:${port}`).then(
        (socket) =>
          target.protocol === "https:" ? secure({ ...target, httpSocket: socket }, callback) : callback(null, socket),
        (error: Error) => callback(error, null),
      );
    },
  });
  return { ...httpPort(agent), dispatcher: agent, close: () => agent.destroy() };
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
