import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { controlHeader, createControl } from "../../emulator/control.js";
import { openFaults } from "../../emulator/platform/faults/faults.js";

const token = "the-token";
let control: ReturnType<typeof createControl>;
let server: http.Server;
let port: number;

beforeEach(async () => {
  control = createControl({
    token,
    started: new Date("2026-01-02T03:04:05Z"),
    timeScale: 60,
    aheadMs: () => 480_400,
    faults: openFaults(),
  });
  server = http.createServer(control.handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});

afterEach(() => {
  control.close();
  server.closeAllConnections();
  server.close();
});

function ask(path: string, headers: Record<string, string> = {}): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: "127.0.0.1", port, path, agent: false, headers: { [controlHeader]: token, ...headers } })
      .on("response", resolve)
      .on("error", reject);
  });
}

describe("control route", () => {
  it("answers the status to whoever has the token of the state folder", async () => {
    const response = await ask("/status");
    expect(response.statusCode).toBe(200);
    expect(JSON.parse((await response.setEncoding("utf8").toArray()).join(""))).toEqual({
      pid: process.pid,
      started: "2026-01-02T03:04:05.000Z",
      timeScale: 60,
      aheadSeconds: 480,
      leases: 0,
    });
  });

  it.each([
    ["a wrong token", { [controlHeader]: "guess" }, 401],
    ["an empty token", { [controlHeader]: "" }, 401],
    ["the beginning of the token", { [controlHeader]: token.slice(0, -1) }, 401],
    ["a web page's request", { origin: "https://example.com" }, 403],
    ["a request of a sandboxed page", { origin: "null" }, 403],
    ["a request of a page on loopback", { origin: "http://127.0.0.1:3000" }, 403],
    ["another Host (DNS rebinding)", { host: "evil.example:80" }, 421],
    ["a Host that begins like loopback", { host: "127.0.0.1.evil.example" }, 421],
  ])("refuses %s", async (_what, headers, status) => {
    const response = await ask("/status", headers);
    response.resume();
    expect(response.statusCode).toBe(status);
  });

  it("is drained when the last lease has ended, and gives no new one from then on", async () => {
    const lease = await ask("/lease");
    lease.on("error", () => {}).resume();
    let drained = false;
    const draining = control.drained().then(() => {
      drained = true;
    });
    expect(drained).toBe(false);
    lease.destroy();
    await draining;
    const late = await ask("/lease");
    late.resume();
    expect(late.statusCode).toBe(503);
  });
});
