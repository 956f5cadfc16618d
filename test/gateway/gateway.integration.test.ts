import { once } from "node:events";
import net from "node:net";
import { text } from "node:stream/consumers";
import { EnvHttpProxyAgent, request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Gateway, type GatewayOptions, startGateway } from "../../emulator/gateway/gateway.js";
import type { Service } from "../../emulator/platform/service.js";
import { testAuthority } from "../helpers/fixtures.js";
import { connectThrough, getOn, secureThrough } from "./proxyClient.js";

const host = "kv1.vault.azure.net";
let alive: Set<string>;
let log: string[];
let gateway: Gateway;

const vaults: Service = {
  name: "vaults",
  answersFor: (name) => (alive.has(name) ? "live" : name.endsWith(".vault.azure.net") ? "unknown" : undefined),
  handle: (asked, response) => void response.end(`${asked.method} ${asked.headers.host}${asked.url}`),
  close: async () => {},
};

async function start(options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  return startGateway({
    services: [vaults],
    authority: await testAuthority(),
    port: 0,
    offline: true,
    upstreamProxy: undefined,
    serviceSecret: "test",
    control: (asked, response) => void response.end(`control ${asked.url}`),
    log: (line) => log.push(line),
    ...options,
  });
}

beforeEach(async () => {
  alive = new Set([host]);
  log = [];
  gateway = await start();
});
afterEach(() => gateway.close());

describe("an emulated host", () => {
  it("is answered by its service, over TLS that this process trusts, as HTTP/1.1", async () => {
    const secure = await secureThrough(gateway, host);
    expect(secure.authorized).toBe(true);
    expect(secure.alpnProtocol).toBe("http/1.1");
    expect(await getOn(secure, host)).toContain(`GET ${host}/`);
  });

  it("may be written with its port in the Host header", async () => {
    expect(await getOn(await secureThrough(gateway, host), `${host}:443`)).toContain("HTTP/1.1 200 OK");
  });

  it("promises no time after which an idle connection ends", async () => {
    const agent = new EnvHttpProxyAgent({ httpsProxy: gateway.proxyUrl });
    const { headers, body } = await request(`https://${host}/`, { dispatcher: agent });
    await body.dump();
    await agent.close();
    expect(headers["connection"]).toBe("keep-alive");
    expect(headers["keep-alive"]).toBeUndefined();
  });

  it("is the only one that its connection answers for", async () => {
    alive.add("kv2.vault.azure.net");
    const answer = await getOn(await secureThrough(gateway, host), "kv2.vault.azure.net");
    expect(answer).toContain("HTTP/1.1 421 Misdirected Request");
    expect(answer).toContain('"code":"MisdirectedRequest"');
  });

  it("ends its connections' next request when the resource is gone", async () => {
    const secure = await secureThrough(gateway, host);
    alive.delete(host);
    expect(await getOn(secure, host, "")).toBe("");
  });

  it("comes to life while the gateway runs", async () => {
    const name = "kv2.vault.azure.net";
    expect((await connectThrough(gateway, `${name}:443`)).status).toBe(502);
    alive.add(name);
    expect(await getOn(await secureThrough(gateway, name), name)).toContain(`GET ${name}/`);
  });
});

describe("a refusal", () => {
  it("names the Azure host that is not emulated, in status line, body and log", async () => {
    const { status, reason, body } = await connectThrough(gateway, "portal.azure.com:443");
    const sentence = "portal.azure.com is not emulated";
    expect({ status, reason, body }).toEqual({ status: 502, reason: sentence, body: sentence });
    expect(log).toEqual([`refused: ${sentence}`]);
  });

  it("names the resource that nobody has", async () => {
    const { status, reason } = await connectThrough(gateway, "kv9.vault.azure.net:443");
    expect({ status, reason }).toEqual({ status: 502, reason: "kv9.vault.azure.net: no resource of that name exists" });
  });

  it("names any other host when offline", async () => {
    const { status, reason } = await connectThrough(gateway, "example.com:443");
    expect({ status, reason }).toEqual({
      status: 403,
      reason: "example.com is not a host of the emulator, which runs offline",
    });
  });

  it("is told to whoever started the gateway", async () => {
    const refused: string[] = [];
    const watched = await start({ onRefusal: (name) => refused.push(name) });
    await connectThrough(watched, "example.com:443");
    await connectThrough(watched, `${host}:443`);
    await watched.close();
    expect(refused).toEqual(["example.com"]);
  });

  it.each(["nonsense", "host:99999"])("is the answer to the malformed target %s", async (target) => {
    expect(await connectThrough(gateway, target)).toMatchObject({ status: 400, reason: "CONNECT needs host:port" });
  });
});

describe("the port", () => {
  it("answers on loopback's own address alone", async () => {
    const other = net.connect({ host: "127.0.0.2", port: gateway.port });
    const [error] = await once(other, "error");
    expect(String(error)).toMatch(/ECONNREFUSED|EADDRNOTAVAIL|EHOSTUNREACH/);
  });

  it("gives everything but CONNECT to the control routes", async () => {
    const answer = await request(`${gateway.proxyUrl}/status`);
    expect(await answer.body.text()).toBe("control /status");
  });

  it("is refused to a second gateway with the system's error", async () => {
    await expect(start({ port: gateway.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("stays up when clients reset before they read their refusal", async () => {
    for (let count = 0; count < 5; count += 1) {
      const socket = net.connect({ host: "127.0.0.1", port: gateway.port });
      await once(socket, "connect");
      socket.write("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n", () => socket.resetAndDestroy());
      await once(socket, "close");
    }
    expect((await connectThrough(gateway, "example.com:443")).status).toBe(403);
  });

  it("stays up when clients reset, stop half-way or speak something else", async () => {
    const { socket: reset } = await connectThrough(gateway, `${host}:443`);
    reset.resetAndDestroy();
    const { socket: half } = await connectThrough(gateway, `${host}:443`);
    half.end();
    const { socket: plain } = await connectThrough(gateway, `${host}:443`);
    plain.end("GET / HTTP/1.1\r\n\r\n");
    const garbage = net.connect({ host: "127.0.0.1", port: gateway.port });
    garbage.end("\x16\x03\x01 not HTTP\r\n\r\n");
    await Promise.all([text(half).catch(() => ""), text(plain).catch(() => ""), text(garbage)]);
    expect(await getOn(await secureThrough(gateway, host), host)).toContain("HTTP/1.1 200 OK");
  });
});

describe("closing", () => {
  it("ends open connections, at once and as often as it is called", async () => {
    const { socket: silent } = await connectThrough(gateway, `${host}:443`);
    const secure = await secureThrough(gateway, host);
    const ended = Promise.all([silent, secure].map((socket) => once(socket, "close")));
    silent.on("error", () => {});
    secure.on("error", () => {});
    await Promise.all([gateway.close(), gateway.close()]);
    await gateway.close();
    await ended;
    await expect(connectThrough(gateway, `${host}:443`)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});
