import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import tls from "node:tls";
import type { Gateway } from "../../emulator/gateway/gateway.js";

/** The gateway's answer to a CONNECT request, and the connection if it was granted. */
export async function connectThrough(gateway: Gateway, target: string) {
  const request = http.request({
    host: "127.0.0.1",
    port: gateway.port,
    method: "CONNECT",
    path: target,
    agent: false,
  });
  request.end();
  const [answer, socket, head]: [http.IncomingMessage, net.Socket, Buffer] = await new Promise((resolve, reject) => {
    request.once("connect", (...given: [http.IncomingMessage, net.Socket, Buffer]) => resolve(given));
    request.once("error", reject);
  });
  if (head.length > 0) socket.unshift(head);
  const body = answer.statusCode === 200 ? "" : await text(socket);
  return { status: answer.statusCode, reason: answer.statusMessage, body: body.trim(), socket };
}

/** A TLS connection to an emulated host, with the trust of this process alone. */
export async function secureThrough(gateway: Gateway, host: string): Promise<tls.TLSSocket> {
  const { socket } = await connectThrough(gateway, `${host}:443`);
  const secure = tls.connect({ socket, servername: host, ALPNProtocols: ["h2", "http/1.1"] });
  await once(secure, "secureConnect");
  return secure;
}

/** One GET on an open connection; resolves with the whole answer once the connection was closed by the server. */
export async function getOn(connection: Duplex, host: string, headers = "Connection: close\r\n"): Promise<string> {
  connection.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`);
  return text(connection);
}

/** A TCP server on loopback that sends back what it gets, and its end. */
export async function startEcho(): Promise<{ readonly port: number; close(): void }> {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  return { port, close: () => void server.close() };
}
