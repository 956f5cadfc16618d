import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { type Handler, pipeline, testEngine, web } from "../testEngine.js";

const call = (properties: JsonObject, handler: Handler) => {
  const test = testEngine({ handler });
  return test.run(pipeline([web("call", properties)])).then((result) => ({ ...result, sent: test.sent }));
};

describe("a 202", () => {
  const accepted = { status: 202, headers: { Location: "/operations/1", "Retry-After": "20" } };
  const polled: Handler = (_request, count) => (count < 4 ? accepted : { body: { done: true } });

  it("with a Location is polled with the same authentication until it is done", async () => {
    const { sent, ...result } = await call(
      { method: "POST", body: "{}", authentication: { type: "Basic", username: "u", password: "p" } },
      polled,
    );
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "POST https://host.example/call",
      ...Array(3).fill("GET https://host.example/operations/1"),
    ]);
    expect(sent.at(-1)?.headers["Authorization"]).toMatch(/^Basic /);
    expect(result.activity("call")).toMatchObject({ output: { done: true }, durationInMs: 60_000 });
  });

  it("is polled with a new token each time, because an operation may outlive one", async () => {
    let tokens = 0;
    const test = testEngine({ handler: polled, token: async () => `t${++tokens}` });
    await test.run(pipeline([web("call", { authentication: { type: "MSI", resource: "r" } })]));
    expect(test.sent.map(({ headers }) => headers["Authorization"])).toEqual([
      "Bearer t1",
      "Bearer t2",
      "Bearer t3",
      "Bearer t4",
    ]);
  });

  it("is polled with the request's own headers on its own host alone, the token goes along", async () => {
    const test = testEngine({
      handler: (_request, count) =>
        [accepted, { status: 202, headers: { Location: "https://region.example/1" } }][count - 1] ?? {},
    });
    const headers = { "X-Key": "k", "Content-Type": "application/json" };
    const authentication = { type: "MSI", resource: "r" };
    await test.run(pipeline([web("call", { method: "POST", body: "{}", headers, authentication })]));
    expect(test.sent.slice(1).map(({ url, headers: sent }) => [url, sent])).toEqual([
      ["https://host.example/operations/1", { "X-Key": "k", Authorization: "Bearer token-for-r" }],
      ["https://region.example/1", { Authorization: "Bearer token-for-r" }],
    ]);
  });

  it("is the answer itself with turnOffAsync, and without a Location", async () => {
    const off = await call({ turnOffAsync: true }, polled);
    expect(off.sent).toHaveLength(1);
    const bare = await call({}, () => ({ status: 202, headers: { "Operation-Location": "https://host.example/1" } }));
    expect(bare.sent).toHaveLength(1);
    expect(bare.activity("call").status).toBe("Succeeded");
  });

  it("whose operation fails, fails the activity", async () => {
    const result = await call({}, (_request, count) =>
      count === 1 ? accepted : { status: 409, body: { error: "lost" } },
    );
    expect(result.activity("call")).toMatchObject({ status: "Failed", error: { errorCode: "2108" } });
  });
});
