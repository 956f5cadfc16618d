import { once } from "node:events";
import net from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import tls from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Gateway, startGateway } from "../../emulator/gateway/gateway.js";
import type { Service } from "../../emulator/platform/service.js";
import { testAuthority } from "../helpers/fixtures.js";
import { connectThrough, getOn, secureThrough } from "./proxyClient.js";

const host = "kv1.vault.azure.net";
let log: string[];
let gateway: Gateway;

/** Answers in a shape of its own, after it has read the body. */
const vaults: Service = {
  name: "vaults",
  answersFor: (name) => (name === host ? "live" : undefined),
  handle: (asked, response) => {
    asked.on("error", () => {});
    asked.resume().on("end", () => response.end("served"));
  },
  malformed: (status, message) => ({ contentType: "text/own", body: `${status}: ${message}` }),
  close: async () => {},
};

beforeEach(async () => {
  log = [];
  gateway = await startGateway({
    services: [vaults],
    authority: await testAuthority(),
    port: 0,
    offline: true,
    upstreamProxy: undefined,
    serviceSecret: "test",
    control: (_asked, response) => void response.writeHead(404).end(),
    log: (line) => log.push(line),
  });
});
afterEach(() => gateway.close());

const served = async () => expect(await getOn(await secureThrough(gateway, host), host)).toContain("served");

/** Writes bytes to a new connection to the port and reads all that comes back. */
async function say(bytes: string | Buffer): Promise<string> {
  const socket = net.connect({ host: "127.0.0.1", port: gateway.port });
  socket.on("error", () => socket.destroy());
  await once(socket, "connect");
  socket.write(bytes);
  return text(socket).catch(() => "");
}

/** Writes bytes to the emulated host and reads all that comes back; the end of what is written is told only when asked. */
async function sayTo(bytes: string, { end = false } = {}): Promise<string> {
  const secure = await secureThrough(gateway, host);
  if (end) secure.end(Buffer.from(bytes, "latin1"));
  else secure.write(Buffer.from(bytes, "latin1"));
  return text(secure);
}

describe("a malformed CONNECT is refused and the port stays up", () => {
  it.each([
    ["no target", "CONNECT  HTTP/1.1\r\n\r\n"],
    ["no port", `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ["port 0", `CONNECT ${host}:0 HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ["a path", "CONNECT /secrets HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["a URL", `CONNECT https://${host}/ HTTP/1.1\r\nHost: x\r\n\r\n`],
    ["a host of odd characters", "CONNECT a\xffb:443 HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["no HTTP at all", "hello\r\n\r\n"],
    ["a header without an end", `CONNECT ${host}:443 HTTP/1.1\r\nX: ${"y".repeat(20_000)}\r\n\r\n`],
  ])("with %s", async (_what, bytes) => {
    expect(await say(Buffer.from(bytes, "latin1"))).toMatch(/^HTTP\/1\.1 4\d\d /);
    await served();
  });
});

describe("what is no TLS on an emulated host's connection ends that connection alone", () => {
  it.each([
    ["plain HTTP", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
    ["zeros", Buffer.alloc(1_000)],
    ["a hello that is cut short", Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc])],
    ["a record too large", Buffer.concat([Buffer.from([0x16, 3, 1, 0xff, 0xff]), Buffer.alloc(70_000)])],
  ])("%s", async (_what, bytes) => {
    const { socket } = await connectThrough(gateway, `${host}:443`);
    socket.on("error", () => socket.destroy());
    socket.end(bytes);
    await once(socket.resume(), "close");
    await served();
  });
});

describe("a malformed request to an emulated host is refused in the shape of its service, and logged", () => {
  it.each([
    ["a method that is none", "FOO / HTTP/1.1\r\n\r\n", 400],
    ["CONNECT", `CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 405],
    ["no Host header", "GET / HTTP/1.1\r\n\r\n", 400],
    ["two Host headers", `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: ${host}\r\n\r\n`, 400],
    ["another host's name", "GET / HTTP/1.1\r\nHost: kv2.vault.azure.net\r\n\r\n", 421],
    ["headers too large", `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${"y".repeat(20_000)}\r\n\r\n`, 431],
    ["an expectation", `GET / HTTP/1.1\r\nHost: ${host}\r\nExpect: wonders\r\n\r\n`, 417],
    ["chunks of garbage", `PUT / HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
  ])("%s", async (_what, bytes, status) => {
    const answer = await sayTo(bytes);
    expect(answer).toMatch(
      new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*content-type: text/own[\\s\\S]*\r\n\r\n${status}: `, "i"),
    );
    expect(log).toEqual([expect.stringMatching(new RegExp(`^refused: \\w+ https://${host}/?: ${status}$`))]);
    await served();
  });

  it.each([
    ["in its headers", `GET / HTTP/1.1\r\nHost: ${host}\r\nX-Hal`],
    ["in its body", `PUT / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 10\r\n\r\n12345`],
  ])("one that ends %s", async (_what, bytes) => {
    expect(await sayTo(bytes, { end: true })).toMatch(/^HTTP\/1\.1 400 [\s\S]*text\/own/i);
    await served();
  });

  it("a TLS handshake for another name: the Host header counts, and the certificate is the connection's", async () => {
    const { socket } = await connectThrough(gateway, `${host}:443`);
    const secure = tls.connect({ socket, servername: "kv2.vault.azure.net", rejectUnauthorized: false });
    await once(secure, "secureConnect");
    expect(secure.getPeerCertificate().subjectaltname).toBe(`DNS:${host}`);
    expect(await getOn(secure, "kv2.vault.azure.net")).toContain("HTTP/1.1 421 ");
  });
});

describe("plain HTTP to the port", () => {
  it.each([
    ["as to a proxy", "GET http://kv1.vault.azure.net/secrets HTTP/1.1\r\nHost: kv1.vault.azure.net\r\n"],
    ["as to a server", "GET / HTTP/1.0\r\n"],
  ])("%s reaches no service", async (_what, head) => {
    const answer = await say(`${head}Connection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).not.toContain("served");
  });
});

describe("clients that take their time", () => {
  it("are waited for, and hold nobody else up", async () => {
    const slow = await secureThrough(gateway, host);
    const answer = text(slow);
    const request = `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    for (let sent = 0; sent < request.length; sent += 8) {
      slow.write(request.slice(sent, sent + 8));
      await served();
    }
    expect(await answer).toContain("served");
  });

  it("may leave a thousand connections idle, each of which still answers, and all of which end with the gateway", async () => {
    const opened: Duplex[] = [];
    const open = async (count: number, one: () => Promise<Duplex>) => {
      for (let left = count; left > 0; left -= 50) opened.push(...(await Promise.all(Array.from({ length: 50 }, one))));
    };
    await open(900, async () => (await connectThrough(gateway, `${host}:443`)).socket);
    await open(100, () => secureThrough(gateway, host));
    const last = opened.pop();
    if (!last) throw new Error("no connections");
    expect(await getOn(last, host)).toContain("served");
    const ended = Promise.all(
      opened.map((socket) => {
        socket.on("error", () => socket.destroy());
        return once(socket.resume(), "close");
      }),
    );
    await gateway.close();
    await ended;
  }, 60_000);
});
