import { once } from "node:events";
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type net from "node:net";
import type { Duplex } from "node:stream";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { messageOf } from "../../contract/errors.js";
import { isServiceConnect, markAsService } from "../platform/clientAddress.js";
import type { Service } from "../platform/service.js";
import type { Authority } from "./authority.js";
import { createRefusals, malformationBy, malformationOf } from "./malformed.js";
import { noteTransport } from "./resetConnection.js";
import { type Destination, destinationOf, routeOf } from "./routing.js";
import { join, openTunnel } from "./tunnel.js";

/** The emulator's one port: an HTTPS forward proxy that is itself the end of every connection to an emulated host. */
export interface Gateway {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly proxyUrl: string;
  /** Ends every connection at once; may be called again. */
  close(): Promise<void>;
}

export interface GatewayOptions {
  /** Asked anew for each request: services may be added and names may come to life while it runs. */
  readonly services: readonly Service[];
  readonly authority: Authority;
  /** 0: a free one. */
  readonly port: number;
  /** Refuse hosts that are not Azure's instead of tunnelling to them. */
  readonly offline: boolean;
  /** The user's own proxy, which tunnels go through. */
  readonly upstreamProxy: URL | undefined;
  /** What the emulated services' own connections show as Proxy-Authorization. */
  readonly serviceSecret: string;
  /** Answers everything on the port that is not CONNECT. */
  readonly control: RequestListener;
  readonly log: (line: string) => void;
  /** Told of every host that was refused by name. */
  readonly onRefusal?: (host: string) => void;
  /** Hands requests to their services; absent: as they come. */
  readonly deliver?: Deliver;
}

/** Hands one request to the service that answers for the host. */
export type Deliver = (service: Service, host: string, request: IncomingMessage, response: ServerResponse) => void;

const loopback = "127.0.0.1";

/** Binds the gateway to loopback; rejects with Node's error when the port is taken (`EADDRINUSE`). */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const connections = new Set<Duplex>();
  const ending = new AbortController();
  const hosts = new WeakMap<Duplex, string>();
  const contexts = new Map<string, Promise<SecureContext>>();

  const serviceOf = (host: string) => options.services.find((candidate) => candidate.answersFor(host) === "live");
  const refusals = createRefusals({ serviceOf, log: options.log });
  const answers = new WeakMap<Duplex, ServerResponse>();
  const hostOf = (socket: Duplex) => hosts.get(socket) ?? "";
  const deliver = options.deliver ?? ((service, _host, request, response) => service.handle(request, response));

  // a request without a Host header is refused in the words of its service, not with Node's empty answer
  const emulated = http.createServer({ requireHostHeader: false }, (request, response) => {
    const { socket } = request;
    const host = hostOf(socket);
    answers.set(socket, response);
    const malformation = malformationOf(request, host);
    if (malformation) return refusals.refuse(host, malformation, request, response);
    const service = serviceOf(host);
    // the resource went while the connection lived: the client must look its name up again, and will not find it
    if (service) deliver(service, host, request, response);
    else socket.destroy();
  });
  emulated.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) => {
    const malformation = { status: 417, message: "The expectation of the request cannot be met." } as const;
    refusals.refuse(hostOf(request.socket), malformation, request, response);
  });
  emulated.on("connect", (request: IncomingMessage, socket: Duplex) => {
    const message = `The HTTP method '${request.method}' is not supported.`;
    refusals.refuseBytes(hostOf(socket), { status: 405, message }, socket);
  });
  emulated.on("clientError", (error: Error, socket: Duplex) => {
    const answer = answers.get(socket);
    const isAnswering = answer?.headersSent && !answer.writableFinished;
    if (!socket.writable || isAnswering) socket.destroy();
    else refusals.refuseBytes(hostOf(socket), malformationBy(error), socket);
  });
  // Azure keeps idle connections for minutes; ending them early makes a client's next request race with the end
  emulated.keepAliveTimeout = 0;
  const server = http.createServer(options.control);
  server.on("connection", (socket) => track(socket, connections));
  server.on("connect", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    connect(request, socket, head).catch((error) => refuse(socket, 502, messageOf(error)));
  });

  async function connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const destination = destinationOf(request.url);
    if (!destination) return refuse(socket, 400, "CONNECT needs host:port");
    const route = routeOf(destination, options);
    const isService = isServiceConnect(request, options.serviceSecret);
    if (route.kind === "emulated") return terminate(destination.host, socket, head, isService);
    if (route.kind === "tunnel") return tunnel(destination, socket, head);
    options.log(`refused: ${route.reason}`);
    options.onRefusal?.(destination.host);
    refuse(socket, route.status, route.reason);
  }

  async function terminate(host: string, socket: Duplex, head: Buffer, isService: boolean): Promise<void> {
    const secureContext = await contextOf(host, options.authority, contexts);
    establish(socket, head);
    const secure = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ["http/1.1"] });
    secure.on("error", (error) => {
      if (isDistrust(error)) {
        options.log(`${host}: a client does not trust the emulator's certificate authority; it has not joined`);
      }
    });
    track(secure, connections);
    hosts.set(secure, host);
    noteTransport(secure, socket);
    if (isService) markAsService(secure);
    emulated.emit("connection", secure);
  }

  async function tunnel(destination: Destination, socket: Duplex, head: Buffer): Promise<void> {
    const { upstreamProxy } = options;
    const outside = await openTunnel(destination, { upstreamProxy, signal: ending.signal }).catch((error) => {
      throw new Error(`${destination.host}: ${messageOf(error)}`, { cause: error });
    });
    establish(socket, head);
    join(socket, outside);
  }

  server.listen(options.port, loopback);
  await once(server, "listening");
  const port = portOf(server);
  return {
    port,
    proxyUrl: `http://${loopback}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        ending.abort();
        for (const connection of connections) connection.destroy();
      }),
  };
}

function contextOf(
  host: string,
  authority: Authority,
  contexts: Map<string, Promise<SecureContext>>,
): Promise<SecureContext> {
  const found = contexts.get(host) ?? authority.leaf(host).then((pem) => createSecureContext(pem));
  contexts.set(host, found);
  return found;
}

function track(connection: Duplex, connections: Set<Duplex>): void {
  connections.add(connection);
  connection.once("close", () => connections.delete(connection));
}

function establish(socket: Duplex, head: Buffer): void {
  socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
  if (head.length > 0) socket.unshift(head);
}

/** The reason goes into the status line, too: Go's and Python's clients show nothing but that. */
function refuse(socket: Duplex, status: number, reason: string): void {
  const body = `${reason}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${reason.replaceAll(/[^\x20-\x7e]/g, "?")}\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

function isDistrust(error: Error): boolean {
  return "code" in error && /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN)$/.test(String(error.code));
}

function portOf(server: net.Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the gateway has no TCP address");
  return address.port;
}
