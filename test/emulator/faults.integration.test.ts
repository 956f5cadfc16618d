import http from "node:http";
import { Client, EnvHttpProxyAgent, request } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { controlHeader } from "../../emulator/control.js";
import type { FaultRule } from "../../emulator/platform/faults/faultRule.js";
import { machineLearningId, type Plane, planes, startProvisionedEmulator, tokenFor } from "../helpers/provisioned.js";
import type { TestEmulator } from "../helpers/testEmulator.js";

let emulator: TestEmulator;
let dispatcher: EnvHttpProxyAgent;
const tokens = new Map<string, string>();
const names = Object.keys(planes) as Plane[];

beforeAll(async () => {
  emulator = await startProvisionedEmulator();
  dispatcher = new EnvHttpProxyAgent({ httpsProxy: emulator.proxyUrl });
  for (const { audience } of Object.values(planes)) {
    if (audience !== undefined) tokens.set(audience, await tokenFor(emulator, "deployer", audience));
  }
});

afterEach(() => emulator.faults.clear());

afterAll(async () => {
  await dispatcher.destroy();
  await emulator.close();
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** One request to a plane, as the deployer; "no answer" with the error's code where none came or none came whole. */
async function ask(plane: Plane, path = "/", method: "GET" | "PUT" = "GET", body?: object): Promise<Answer | string> {
  const { host, audience } = planes[plane];
  const authorization = audience === undefined ? {} : { authorization: `Bearer ${tokens.get(audience)}` };
  try {
    const answer = await request(`https://${host}${path}`, {
      dispatcher,
      method,
      headers: { ...authorization, "x-ms-version": "2023-11-03", "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown ? `no answer: ${thrown.code}` : String(thrown);
  }
}

const statusOf = (answer: Answer | string) => (typeof answer === "string" ? answer : answer.status);
const recordOf = (rule: FaultRule) => emulator.faults.add(rule).id;
const counts = () => emulator.faults.list().map(({ applied, effects }) => [applied, effects]);

const vaultSecret = (name: string) => `/secrets/${name}?api-version=7.4`;

/** The value of a secret of the vault, undefined where there is none. */
async function secret(name: string): Promise<unknown> {
  const answer = await ask("keyVault", vaultSecret(name));
  if (typeof answer === "string") throw new Error(answer);
  return answer.status === 200 ? JSON.parse(answer.text).value : undefined;
}

const write = (name: string) => ask("keyVault", vaultSecret(name), "PUT", { value: `of ${name}` });

describe("faults", () => {
  it.each(names)("strike every service alike: %s throttles, fails, and resets in its own words", async (plane) => {
    const { host } = planes[plane];
    for (const rule of [
      { kind: "throttle", retryAfterSeconds: 3 },
      { kind: "unavailable", retryAfterSeconds: 4 },
      { kind: "error" },
    ] as const) {
      recordOf({ ...rule, host, count: 1 });
    }
    const answers = [await ask(plane), await ask(plane), await ask(plane)] as Answer[];
    expect(answers.map(({ status, headers }) => [status, headers["retry-after"]])).toEqual([
      [429, "3"],
      [503, "4"],
      [500, undefined],
    ]);
    for (const { text, headers } of answers) {
      expect(text.length).toBeGreaterThan(0);
      if (String(headers["content-type"]).includes("json")) expect(JSON.parse(text)).toBeTypeOf("object");
      else expect(text).toContain("<?xml");
    }
    recordOf({ kind: "reset", host, count: 1 });
    expect(await ask(plane)).toBe("no answer: ECONNRESET");
    expect(counts()).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
    expect(typeof (await ask(plane))).toBe("object");
  });

  it.each([
    ["resourceManager", `${machineLearningId}?api-version=2024-04-01`],
    ["keyVault", "/secrets?api-version=7.4"],
    ["blob", "/input?restype=container&comp=list"],
    ["synapse", "/pipelines?api-version=2020-12-01"],
    ["history", `/history/v1.0${machineLearningId}/runs/none`],
    ["graph", "/v1.0/servicePrincipals"],
  ] as const)(
    "expired-token: %s refuses a good token as one that has expired, with its own 401",
    async (plane, path) => {
      const before = statusOf(await ask(plane, path));
      expect(before).not.toBe(401);
      recordOf({ kind: "expired-token", host: planes[plane].host, count: 1 });
      expect(await ask(plane, path)).toMatchObject({ status: 401, text: expect.stringMatching(/expired|Lifetime/i) });
      expect(counts()).toEqual([[1, 0]]);
      expect(statusOf(await ask(plane, path))).toBe(before);
    },
  );

  it.each([
    ["reset", { kind: "reset" }, "no answer: ECONNRESET"],
    ["unavailable", { kind: "unavailable" }, 503],
    ["error", { kind: "error" }, 500],
    ["throttle", { kind: "throttle" }, 429],
  ] as const)("%s before the effect: nothing is written, and no effect is counted", async (name, rule, answer) => {
    recordOf({ ...rule, method: "PUT", count: 1 });
    expect(statusOf(await write(`${name}-before`))).toBe(answer);
    expect(counts()).toEqual([[1, 0]]);
    expect(await secret(`${name}-before`)).toBeUndefined();
  });

  it.each([
    ["reset", { kind: "reset", after: true }, "no answer: ECONNRESET"],
    ["unavailable", { kind: "unavailable", after: true }, 503],
    ["error", { kind: "error", after: true }, 500],
    ["half-body", { kind: "half-body" }, "no answer: UND_ERR_SOCKET"],
    ["latency", { kind: "latency", delayMs: 1, after: true }, 200],
  ] as const)("%s after the effect: it is written, and the effect is counted", async (name, rule, answer) => {
    recordOf({ ...rule, method: "PUT", count: 1 });
    expect(statusOf(await write(`${name}-after`))).toBe(answer);
    expect(counts()).toEqual([[1, 1]]);
    expect(await secret(`${name}-after`)).toBe(`of ${name}-after`);
  });

  it("half-body: the head promises the whole body, of which half comes before the connection ends", async () => {
    const whole = (await ask("keyVault", "/secrets?api-version=7.4")) as Answer;
    recordOf({ kind: "half-body", count: 1 });
    const { host, audience } = planes.keyVault;
    const answer = await request(`https://${host}/secrets?api-version=7.4`, {
      dispatcher,
      headers: { authorization: `Bearer ${tokens.get(audience)}` },
    });
    expect(answer.headers["content-length"]).toBe(String(whole.text.length));
    let received = "";
    await expect(async () => {
      for await (const chunk of answer.body) received += String(chunk);
    }).rejects.toThrow();
    expect(received).toBe(whole.text.slice(0, Math.floor(whole.text.length / 2)));
  });

  it("half-body and resets strike streamed answers too: a blob service's list", async () => {
    const list = "/input?restype=container&comp=list";
    for (const rule of [{ kind: "half-body" }, { kind: "reset", after: true }] as const)
      recordOf({ ...rule, count: 1 });
    expect(await ask("blob", list)).toMatch(/^no answer/);
    expect(await ask("blob", list)).toMatch(/^no answer/);
    expect(counts()).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it("latency: the request waits, and a client that gives up meanwhile has ended it", async () => {
    recordOf({ kind: "latency", delayMs: 30, method: "PUT", count: 1 });
    expect(statusOf(await write("late"))).toBe(200);
    expect(counts()).toEqual([[1, 1]]);

    emulator.faults.clear();
    recordOf({ kind: "latency", delayMs: 60_000, method: "PUT", count: 1 });
    const { host, audience } = planes.keyVault;
    const impatient = new AbortController();
    const given = request(`https://${host}${vaultSecret("too-late")}`, {
      dispatcher,
      method: "PUT",
      headers: { authorization: `Bearer ${tokens.get(audience)}`, "content-type": "application/json" },
      body: JSON.stringify({ value: "never" }),
      signal: impatient.signal,
    });
    given.catch(() => {});
    while (counts()[0]?.[0] === 0) await new Promise((resolve) => setImmediate(resolve));
    impatient.abort();
    await expect(given).rejects.toThrow();
    expect(await secret("too-late")).toBeUndefined();
    expect(counts()).toEqual([[1, 0]]);
  });
});

describe("the control route of the faults", () => {
  function control(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    return new Promise<{ status: number; body: Record<string, unknown> }>((resolve, reject) => {
      const sent = http
        .request({
          host: "127.0.0.1",
          port: emulator.port,
          method,
          path,
          agent: false,
          headers: { [controlHeader]: "test", ...headers },
        })
        .on("error", reject)
        .on("response", async (response) => {
          const text = (await response.setEncoding("utf8").toArray()).join("");
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) });
        });
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  it("adds, lists with counts, and clears", async () => {
    const rule = { kind: "throttle", host: "*.vault.azure.net", count: 2 };
    const added = await control("POST", "/faults", rule);
    expect(added).toMatchObject({ status: 201, body: { rule, applied: 0, effects: 0 } });
    await ask("keyVault");
    expect((await control("GET", "/faults")).body).toEqual({ faults: [{ ...added.body, applied: 1 }] });
    expect(await control("DELETE", `/faults/${added.body["id"]}`)).toEqual({ status: 200, body: { cleared: 1 } });
    expect((await control("DELETE", `/faults/${added.body["id"]}`)).status).toBe(404);
    await control("POST", "/faults", { kind: "error", count: 1 });
    expect(await control("DELETE", "/faults")).toEqual({ status: 200, body: { cleared: 1 } });
    expect((await control("PUT", "/faults")).status).toBe(404);
  });

  it.each([
    ["a wrong token", { [controlHeader]: "guess" }, 401],
    ["a web page's request", { origin: "http://127.0.0.1:3000" }, 403],
    ["another Host", { host: "evil.example" }, 421],
  ])("refuses %s, and nothing goes wrong because of it", async (_what, headers, status) => {
    expect((await control("POST", "/faults", { kind: "reset" }, headers)).status).toBe(status);
    expect(emulator.faults.list()).toEqual([]);
  });

  it.each([[{ kind: "explosion" }], ["no object"], [undefined], [{ kind: "reset", padding: "x".repeat(100_000) }]])(
    "says what is wrong with a rule that makes no sense",
    async (rule) => {
      const { status, body } = await control("POST", "/faults", rule);
      expect([status, body["error"]]).toEqual([400, expect.stringContaining("That is no fault: ")]);
    },
  );

  it("leaves a client outside of the proxy alone: faults are of the emulated hosts", async () => {
    emulator.faults.add({ kind: "reset" });
    const client = new Client(emulator.proxyUrl);
    const { statusCode, body } = await client.request({
      method: "GET",
      path: "/status",
      headers: { [controlHeader]: "test" },
    });
    await body.dump();
    await client.close();
    expect(statusCode).toBe(200);
  });
});
