import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { type Gateway, startGateway } from "../../emulator/gateway/gateway.js";
import { testAuthority } from "../helpers/fixtures.js";
import { connectThrough, startEcho } from "./proxyClient.js";

async function gatewayWith(options: { upstreamProxy?: URL; offline?: boolean } = {}): Promise<Gateway> {
  const gateway = await startGateway({
    services: [],
    authority: await testAuthority(),
    port: 0,
    offline: options.offline ?? false,
    upstreamProxy: options.upstreamProxy,
    serviceSecret: "test",
    control: (_request, response) => void response.end(),
    log: () => {},
  });
  onTestFinished(() => gateway.close());
  return gateway;
}

async function echo() {
  const server = await startEcho();
  onTestFinished(() => server.close());
  return server;
}

/** A proxy of the user's that keeps what it was asked, and answers this. */
async function refusingProxy(status: string) {
  const asked: http.IncomingMessage[] = [];
  const server = http.createServer();
  server.on("connect", (request, socket) => {
    asked.push(request);
    socket.end(`HTTP/1.1 ${status}\r\n\r\n`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { asked, port: (server.address() as AddressInfo).port };
}

it("a host that is not Azure's is tunnelled, each side's end reaching the other", async () => {
  const { port } = await echo();
  const { status, socket } = await connectThrough(await gatewayWith(), `localhost:${port}`);
  expect(status).toBe(200);
  socket.end("both ways");
  expect(await text(socket)).toBe("both ways");
});

it("a tunnel that breaks on one side is broken on the other", async () => {
  const { port } = await echo();
  const { socket } = await connectThrough(await gatewayWith(), `127.0.0.1:${port}`);
  const closed = once(socket, "close");
  socket.resetAndDestroy();
  await closed;
});

it("a host that cannot be reached is a 502 with the reason", async () => {
  const { port, close } = await startEcho();
  close();
  const { status, reason } = await connectThrough(await gatewayWith(), `127.0.0.1:${port}`);
  expect(status).toBe(502);
  expect(reason).toMatch(/^127\.0\.0\.1: .*ECONNREFUSED/);
});

it("tunnels go through the user's own proxy", async () => {
  const { port } = await echo();
  const upstream = await gatewayWith();
  const gateway = await gatewayWith({ upstreamProxy: new URL(upstream.proxyUrl) });
  const { socket } = await connectThrough(gateway, `127.0.0.1:${port}`);
  socket.end("through two");
  expect(await text(socket)).toBe("through two");
  await upstream.close();
  expect((await connectThrough(gateway, `127.0.0.1:${port}`)).status).toBe(502);
});

it("the user's proxy gets the credentials of its URL, and its refusal is passed on", async () => {
  const proxy = await refusingProxy("407 Who are you");
  const gateway = await gatewayWith({ upstreamProxy: new URL(`http://us%40er:pass@127.0.0.1:${proxy.port}`) });
  const { status, reason } = await connectThrough(gateway, "example.com:443");
  expect(status).toBe(502);
  expect(reason).toBe(`example.com: the proxy 127.0.0.1:${proxy.port} answered 407 Who are you`);
  const [asked] = proxy.asked;
  expect(asked?.url).toBe("example.com:443");
  const credentials = Buffer.from("us@er:pass").toString("base64");
  expect(asked?.headers["proxy-authorization"]).toBe(`Basic ${credentials}`);
});

it("an Azure host never reaches the user's proxy", async () => {
  const proxy = await refusingProxy("200 OK");
  const gateway = await gatewayWith({ upstreamProxy: new URL(`http://127.0.0.1:${proxy.port}`) });
  expect((await connectThrough(gateway, "management.azure.com:443")).status).toBe(502);
  expect(proxy.asked).toEqual([]);
});

it("closing the gateway ends a tunnel that is still being opened", async () => {
  const silent = http.createServer();
  const asked = once(silent, "connect");
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  onTestFinished(() => silent.closeAllConnections());
  onTestFinished(() => void silent.close());
  const gateway = await gatewayWith({ upstreamProxy: new URL(`http://127.0.0.1:${port}`) });
  const pending = connectThrough(gateway, "example.com:443").catch((error: Error) => error.message);
  const [, upstream] = await asked;
  const ended = once(upstream, "end");
  upstream.on("error", () => {});
  upstream.resume();
  await gateway.close();
  expect(await pending).toContain("socket hang up");
  await ended;
});
