import { once } from "node:events";
import http, { type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent } from "undici";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createCallersBlobs } from "../../../emulator/services/studioClassic/callersBlobs.js";
import { ManualClock } from "../../helpers/manualClock.js";

const dispatcher = new Agent();
const blobs = createCallersBlobs(dispatcher, new ManualClock({ jumps: true }));
const forever = new AbortController().signal;

let handle: RequestListener;
let seen: http.IncomingMessage[] = [];
const server = http.createServer((request, response) => {
  seen.push(request);
  handle(request, response);
});
let origin: string;
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  seen = [];
});
afterAll(async () => {
  await dispatcher.close();
  server.close();
});

it("a training file is fetched over http, where it was moved to", async () => {
  handle = ({ url }, response) => {
    if (url === "/moved.csv") response.writeHead(302, { location: "/here.csv" }).end();
    else response.end("a,b\n");
  };
  expect(Buffer.from(await blobs.download(`${origin}/moved.csv`, forever)).toString()).toBe("a,b\n");
});

it("a server that moves the file for ever, or to another protocol, is given up", async () => {
  handle = (_request, response) => void response.writeHead(302, { location: "/again" }).end();
  await expect(blobs.download(`${origin}/x`, forever)).rejects.toThrow(
    "it redirects too often, or to another protocol",
  );
  handle = (_request, response) => void response.writeHead(302, { location: "file:///etc/passwd" }).end();
  await expect(blobs.download(`${origin}/x`, forever)).rejects.toThrow(
    "it redirects too often, or to another protocol",
  );
});

it("a busy server is asked three times, a refusal once, and the address is named without its query", async () => {
  handle = (_request, response) => void response.writeHead(503).end();
  await expect(blobs.download(`${origin}/busy.csv?sig=secret`, forever)).rejects.toThrow(
    `The address ${origin}/busy.csv cannot be read: the answer was 503`,
  );
  expect(seen).toHaveLength(3);
  handle = (_request, response) => void response.writeHead(403).end();
  await expect(blobs.download(`${origin}/x`, forever)).rejects.toThrow("the answer was 403");
  expect(seen).toHaveLength(4);
});

it("a broken connection is tried again", async () => {
  handle = (request, response) => void (seen.length === 1 ? request.socket.destroy() : response.end("a,b\n"));
  expect(Buffer.from(await blobs.download(`${origin}/x`, forever)).toString()).toBe("a,b\n");
});

it("a server that nobody runs is named with the cause", async () => {
  const idle = http.createServer();
  idle.listen(0, "127.0.0.1");
  await once(idle, "listening");
  const { port } = idle.address() as AddressInfo;
  idle.close();
  await once(idle, "close");
  await expect(blobs.download(`http://127.0.0.1:${port}/x`, forever)).rejects.toThrow(/cannot be read: .*ECONNREFUSED/);
});

it("an account's signature is not sent on to where a blob leads", async () => {
  handle = ({ url }, response) =>
    void (url === "/c/x.csv" ? response.writeHead(307, { location: "/elsewhere" }).end() : response.end("a"));
  const access = { kind: "key", account: "abc", key: "Zm9v" } as const;
  await blobs.read({ baseLocation: `${origin}/`, relativeLocation: "c/x.csv", access }, forever);
  expect(seen.map(({ headers }) => headers.authorization?.split(":")[0])).toEqual(["SharedKey abc", undefined]);
});

it("a request that is cancelled ends with the reason", async () => {
  const cancel = new AbortController();
  handle = () => cancel.abort(new Error("deleted"));
  await expect(blobs.download(`${origin}/x`, cancel.signal)).rejects.toThrow("deleted");
});
