import { createServer, type Server } from "node:http";
import net, { type AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createHttpClient, type HttpRequest } from "../../../runtime/http/client.js";
import { ManualClock } from "../../helpers/manualClock.js";
import { startSynapseServer } from "../helpers/synapseServer.js";

function client(environment: Record<string, string> = {}, clock = new ManualClock({ jumps: true })) {
  const http = createHttpClient({ environment, clock, random: () => 0.5 });
  onTestFinished(() => http.close());
  return http;
}

function get(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: "GET", url, repeat: "always", ...more };
}

async function listen(server: Server | net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe("the HTTP client", () => {
  it("repeats what may be repeated, with pauses that double, and gives up in the end", async () => {
    const clock = new ManualClock({ jumps: true });
    const server = await startSynapseServer({
      before: ({ answer }) => {
        answer(503, { error: { code: "ServerBusy", message: "try later" } });
        return true;
      },
    });
    await expect(client({}, clock).send(get(server.url))).rejects.toMatchObject({
      exitCode: 3,
      status: 503,
      code: "ServerBusy",
      sentence: "try later",
      message: `503 ServerBusy from GET ${server.url}: try later`,
    });
    expect(server.requests).toHaveLength(5);
    expect(clock.sleeps.filter((pause) => pause < 60_000)).toEqual([375, 750, 1500, 3000]);
  });

  it.each([
    [503, "notTaken", 1],
    [429, "notTaken", 5],
    [403, "always", 1],
    [408, "always", 5],
  ] as const)("after %i sends a request of kind %s %i times", async (status, repeat, times) => {
    const server = await startSynapseServer({
      before: ({ answer }) => {
        answer(status, "");
        return true;
      },
    });
    await expect(client().send(get(server.url, { repeat }))).rejects.toMatchObject({ status });
    expect(server.requests).toHaveLength(times);
  });

  it("repeats after a cut connection only what may be repeated", async () => {
    const server = await startSynapseServer({
      before: ({ response }) => {
        response.destroy();
        return true;
      },
    });
    await expect(client().send(get(server.url, { repeat: "notTaken" }))).rejects.toMatchObject({ taken: true });
    expect(server.requests).toHaveLength(1);
    await expect(client().send(get(server.url))).rejects.toMatchObject({ taken: true });
    expect(server.requests).toHaveLength(6);
  });

  it("knows that a refused connection was not taken", async () => {
    const port = await listen(net.createServer());
    const closed = net.createServer();
    const free = await new Promise<number>((resolve) =>
      closed.listen(0, "127.0.0.1", () => {
        const { port: number } = closed.address() as AddressInfo;
        closed.close(() => resolve(number));
      }),
    );
    expect(free).not.toBe(port);
    await expect(client().send(get(`http://127.0.0.1:${free}/`))).rejects.toMatchObject({ taken: false, exitCode: 3 });
  });

  it("honours Retry-After as a date, and does not wait for an hour", async () => {
    for (const [value, waited] of [
      ["Wed, 01 May 2024 08:00:09 GMT", [9000]],
      ["3600", []],
    ] as const) {
      const clock = new ManualClock({ jumps: true });
      let calls = 0;
      const server = await startSynapseServer({
        before: ({ answer }) => {
          answer(++calls === 1 ? 429 : 200, "", { "retry-after": value });
          return true;
        },
      });
      await client({}, clock)
        .send(get(server.url))
        .catch(() => {});
      expect(clock.sleeps.filter((pause) => pause < 60_000)).toEqual(waited);
    }
  });

  it("goes through the proxy of its environment, and not where NO_PROXY says so", async () => {
    const seen: string[] = [];
    const proxy = createServer();
    proxy.on("connect", (request, socket) => {
      seen.push(String(request.url));
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    const proxyUrl = `http://user:hidden@127.0.0.1:${await listen(proxy)}`;
    const server = await startSynapseServer({
      before: ({ answer }) => {
        answer(200, "direct");
        return true;
      },
    });
    const through = client({ HTTPS_PROXY: proxyUrl }).send(get("https://ws1.dev.azuresynapse.net/x"));
    const error = await through.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(seen).toEqual(["ws1.dev.azuresynapse.net:443"]);
    expect(error).toMatchObject({ taken: false, cure: expect.stringContaining("does not let this host through") });
    expect(JSON.stringify(error)).not.toContain("hidden");
    const direct = await client({ HTTP_PROXY: proxyUrl, NO_PROXY: "127.0.0.1" }).send(get(server.url));
    expect(direct.text).toBe("direct");
  });

  it.each([
    [{ HTTPS_PROXY: "http://user:hidden@127.0.0.1:9" }, "http://***@127.0.0.1:9", "HTTPS_PROXY"],
    [{ https_proxy: "http://127.0.0.1:9", HTTPS_PROXY: "http://127.0.0.1:7" }, "http://127.0.0.1:9", "https_proxy"],
    [{ HTTP_PROXY: "http://127.0.0.1:9" }, "http://127.0.0.1:9", "HTTP_PROXY"],
    [{ HTTPS_PROXY: "http://user:h@idd@en@127.0.0.1:9" }, "http://***@127.0.0.1:9", "HTTPS_PROXY"],
  ])("names the proxy that does not answer, and the variable that names it: %j", async (environment, address, name) => {
    const request = client(environment).send(get("https://ws1.dev.azuresynapse.net/"));
    await expect(request).rejects.toMatchObject({
      message: `ws1.dev.azuresynapse.net is not reachable: the proxy ${address}, which ${name} names, does not answer (connect ECONNREFUSED 127.0.0.1:9)`,
      cure: `does the proxy ${address} still run? start it again, or correct or unset ${name}`,
    });
  });

  it("names no proxy where NO_PROXY sends a request past it", async () => {
    const environment = { HTTPS_PROXY: "http://127.0.0.1:9", NO_PROXY: "localhost,.127.0.0.1" };
    await expect(client(environment).send(get("https://127.0.0.1:9/"))).rejects.toMatchObject({
      message: "127.0.0.1:9 is not reachable: connect ECONNREFUSED 127.0.0.1:9",
      cure: "check the network connection and try again",
    });
  });

  it("gives up an answer that does not come within the deadline", async () => {
    const clock = new ManualClock();
    const arrived: (() => void)[] = [];
    const server = await startSynapseServer({
      before: () => {
        for (const call of arrived) call();
        return true;
      },
    });
    const coming = new Promise<void>((resolve) => arrived.push(resolve));
    const request = client({}, clock).send(get(server.url, { repeat: "notTaken", deadlineMs: 5_000 }));
    const expected = expect(request).rejects.toMatchObject({
      message: expect.stringContaining("no answer within 5 s"),
    });
    await coming;
    await clock.advance(5_000);
    await expected;
  });

  it("ends with the signal's reason when it is aborted", async () => {
    const interruption = new AbortController();
    const reason = new Error("interrupted");
    const server = await startSynapseServer({
      before: () => {
        interruption.abort(reason);
        return true;
      },
    });
    await expect(client().send(get(server.url, { signal: interruption.signal }))).rejects.toBe(reason);
  });
});
