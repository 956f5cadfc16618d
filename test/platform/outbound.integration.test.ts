import { once } from "node:events";
import http, { type RequestListener } from "node:http";
import net, { type AddressInfo, type Server } from "node:net";
import tls from "node:tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { HttpFailure, type HttpPort, type HttpRequest } from "../../emulator/engine/ports.js";
import { createAuthority } from "../../emulator/gateway/authority.js";
import { startGateway } from "../../emulator/gateway/gateway.js";
import { createOutbound } from "../../emulator/platform/outbound.js";
import type { Service } from "../../emulator/platform/service.js";
import { testAuthority } from "../helpers/fixtures.js";

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function serve(listener: RequestListener): Promise<string> {
  const server = http.createServer(listener);
  onTestFinished(() => server.closeAllConnections());
  return `http://127.0.0.1:${await listen(server)}`;
}

/** The way out through a gateway that has one emulated host, `kv1.vault.azure.net`. */
async function outboundThrough(handle: Service["handle"], offline = false): Promise<HttpPort> {
  const authority = await testAuthority();
  const vault: Service = {
    name: "vault",
    answersFor: (host) => (host === "kv1.vault.azure.net" ? "live" : undefined),
    handle,
    close: async () => undefined,
  };
  const gateway = await startGateway({
    services: [vault],
    authority,
    port: 0,
    offline,
    upstreamProxy: undefined,
    serviceSecret: "test",
    control: (_request, response) => void response.end(),
    log: () => undefined,
  });
  const outbound = createOutbound({
    proxyUrl: gateway.proxyUrl,
    certificatePem: authority.certificatePem,
    serviceSecret: "test",
  });
  onTestFinished(async () => {
    await outbound.close();
    await gateway.close();
  });
  return outbound;
}

const unused: Service["handle"] = (_request, response) => void response.end();

const get = (url: string, changes: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "GET",
  url,
  headers: {},
  body: undefined,
  timeoutMs: 5_000,
  maxResponseBytes: 1_000,
  signal: new AbortController().signal,
  ...changes,
});

async function failureOf(work: Promise<unknown>): Promise<{ reason: string; message: string }> {
  const thrown = await work.catch((error: unknown) => error);
  if (!(thrown instanceof HttpFailure)) throw new Error(`expected an HttpFailure, got ${JSON.stringify(thrown)}`);
  return { reason: thrown.reason, message: thrown.message };
}

describe("the way out", () => {
  it("reaches an emulated host over TLS of the private authority, with method, headers and body as given", async () => {
    const outbound = await outboundThrough((request, response) => {
      const { method, url, headers } = request;
      request.setEncoding("utf8").once("data", (body) => {
        response.end(JSON.stringify({ method, url, host: headers.host, mark: headers["x-mark"], body }));
      });
    });
    const request = get("https://kv1.vault.azure.net/a?b=c%2F", {
      method: "POST",
      headers: { "X-Mark": "1" },
      body: "é",
    });
    const { body } = await outbound.send(request);
    expect(JSON.parse(body)).toEqual({
      method: "POST",
      url: "/a?b=c%2F",
      host: "kv1.vault.azure.net",
      mark: "1",
      body: "é",
    });
  });

  it("is tunnelled to any other host, and answers with names as written and values of one name joined", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(299, "Fine So Far", [
        ...["X-CamelCase", "1", "Set-Cookie", "a=b", "set-cookie", "c=d"],
        ...["content-TYPE", "text/plain", "Content-Length", "2"],
      ]);
      response.end("ok");
    });
    const answer = await (await outboundThrough(unused)).send(get(url));
    expect(answer).toMatchObject({ status: 299, statusText: "Fine So Far", body: "ok" });
    expect(answer.headers).toMatchObject({
      "X-CamelCase": "1",
      "Set-Cookie": "a=b, c=d",
      "content-TYPE": "text/plain",
    });
  });

  it("asks for an IPv6 address in brackets", async () => {
    const asked: (string | undefined)[] = [];
    const proxy = http.createServer().on("connect", ({ url }, socket) => {
      asked.push(url);
      socket.end("HTTP/1.1 502 Nobody There\r\n\r\n");
    });
    const outbound = createOutbound({
      proxyUrl: `http://127.0.0.1:${await listen(proxy)}`,
      certificatePem: (await testAuthority()).certificatePem,
      serviceSecret: "test",
    });
    onTestFinished(() => outbound.close());
    expect(await failureOf(outbound.send(get("http://[::1]:18099/x.csv")))).toMatchObject({ reason: "unreachable" });
    expect(asked).toEqual(["[::1]:18099"]);
  });

  it("follows no redirect and repeats no failed request", async () => {
    let requests = 0;
    const url = await serve((_request, response) => {
      requests += 1;
      response.writeHead(requests === 1 ? 302 : 503, { Location: "/elsewhere" }).end();
    });
    const outbound = await outboundThrough(unused);
    expect((await outbound.send(get(url))).status).toBe(302);
    expect((await outbound.send(get(url))).status).toBe(503);
    expect(requests).toBe(2);
  });

  it("takes a body up to the limit and fails as tooLarge beyond it", async () => {
    const url = await serve((_request, response) => response.end("x".repeat(1_000)));
    const outbound = await outboundThrough(unused);
    expect((await outbound.send(get(url))).body).toHaveLength(1_000);
    const failure = await failureOf(outbound.send(get(url, { maxResponseBytes: 999 })));
    expect(failure).toEqual({ reason: "tooLarge", message: `The answer of ${url} is larger than 999 bytes.` });
  });

  it("fails as timeout when the whole answer is not there in time, even if it has begun", async () => {
    const url = await serve((_request, response) => void response.writeHead(200).write("x"));
    const failure = await failureOf((await outboundThrough(unused)).send(get(`${url}/?sig=s3cret`, { timeoutMs: 30 })));
    expect(failure).toEqual({ reason: "timeout", message: `No complete answer from ${url} within 0.03 s.` });
  });

  it("fails as aborted when the caller gives up", async () => {
    const caller = new AbortController();
    const url = await serve(() => caller.abort(new Error("cancelled")));
    expect((await failureOf((await outboundThrough(unused)).send(get(url, { signal: caller.signal })))).reason).toBe(
      "aborted",
    );
  });

  it("fails as reset when the server ends the connection without an answer", async () => {
    const server = net.createServer((socket) => void socket.once("data", () => socket.destroy()));
    const url = `http://127.0.0.1:${await listen(server)}`;
    expect((await failureOf((await outboundThrough(unused)).send(get(url)))).reason).toBe("reset");
  });

  it("fails as unreachable with the gateway's reason: a closed port, a name that nobody has, an outside host offline", async () => {
    const server = net.createServer();
    const port = await listen(server);
    server.close();
    await once(server, "close");
    const closed = await failureOf((await outboundThrough(unused)).send(get(`http://127.0.0.1:${port}`)));
    expect(closed).toEqual({ reason: "unreachable", message: expect.stringContaining("ECONNREFUSED") });
    const offline = await outboundThrough(unused, true);
    const outside = await failureOf(offline.send(get("https://example.com/")));
    expect(outside).toEqual({ reason: "unreachable", message: expect.stringContaining("offline") });
    const azure = await failureOf(offline.send(get("https://kv2.vault.azure.net/")));
    expect(azure).toEqual({ reason: "unreachable", message: expect.stringMatching(/kv2\.vault\.azure\.net/) });
  });

  it("fails as unreachable when the server's certificate is of an authority that it does not trust", async () => {
    const stranger = await createAuthority({ now: new Date() });
    const server = tls.createServer(await stranger.leaf("kv1.vault.azure.net"));
    server.on("tlsClientError", () => undefined);
    const port = await listen(server);
    const failure = await failureOf((await outboundThrough(unused)).send(get(`https://127.0.0.1:${port}/`)));
    expect(failure).toEqual({ reason: "unreachable", message: expect.stringMatching(/certificate/) });
  });
});
