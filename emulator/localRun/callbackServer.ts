import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type MemoryCallbacks, memoryCallbacks } from "../engine/memoryCallbacks.js";

/** Listens on a free loopback port for the callbacks of WebHook activities, once there is one. */
export function openCallbackServer(): { readonly callbacks: MemoryCallbacks; close(): Promise<void> } {
  let listening: Promise<Server> | undefined;
  const callbacks = memoryCallbacks(async (activityRunId) => {
    listening ??= listen((request) => receive(request, callbacks));
    const { port } = (await listening).address() as AddressInfo;
    return `http://127.0.0.1:${port}/callback/${activityRunId}`;
  });
  return {
    callbacks,
    async close() {
      const server = await listening;
      server?.closeAllConnections();
      server?.close();
    },
  };
}

async function listen(answer: (request: IncomingMessage) => Promise<number>): Promise<Server> {
  const server = createServer((request, response) => {
    answer(request).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

async function receive(request: IncomingMessage, callbacks: MemoryCallbacks): Promise<number> {
  if (request.method !== "POST") return 405;
  const body = await text(request);
  return callbacks.deliver(`http://${request.headers.host}${request.url}`, body) ? 200 : 404;
}
