import { describe, expect, it } from "vitest";
import { randomIds } from "../../contract/ids.js";
import { createApplication } from "../../emulator/platform/application.js";
import { AzureError, type Refusal } from "../../emulator/platform/errors.js";

it("refuses a body that is not JSON without repeating any of it, which may be a secret", async () => {
  const application = createApplication({ ids: randomIds, log: () => {} });
  application.put("/secrets/one", async () => ({}));
  for (const payload of ["{'value': 'hunter2'}", '{"value": hunter2}', "hunter2"]) {
    const headers = { "content-type": "application/json" };
    const answer = await application.inject({ method: "PUT", url: "/secrets/one", headers, payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { code: "InvalidRequestContent" } });
    expect(answer.payload).not.toContain("hunter");
  }
});

describe("a bug in a service", () => {
  const lines: string[] = [];
  const refusal: Refusal = (status, message) => new AzureError(status, "Own", message, { shape: "bare" });
  const application = createApplication({ ids: randomIds, log: (line) => void lines.push(line) }, refusal);
  application.get("/secrets/:name", async () => {
    throw new TypeError("Bearer abcdefghijklmnopqrstuvwxyz is not a function");
  });

  it("is answered in the service's shape, without a word of what went wrong", async () => {
    const answer = await application.inject({
      url: "/secrets/one?sig=hidden",
      headers: { host: "kv1.vault.azure.net" },
    });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toEqual({
      code: "Own",
      message: "The emulator failed on this request; its log says why.",
    });
  });

  it("is logged with its route, its error and its place, and without a secret", () => {
    expect(lines).toEqual([
      expect.stringMatching(
        /^failed: GET https:\/\/kv1\.vault\.azure\.net\/secrets\/:name: TypeError: .* is not a function at /,
      ),
    ]);
    expect(lines.join()).not.toMatch(/abcdef|hidden|one/);
  });
});

it("content that is nested deeper than Azure's reader goes is refused", async () => {
  const application = createApplication({ ids: randomIds, log: () => {} });
  application.put("/one", async () => ({}));
  const put = (depth: number) =>
    application.inject({
      method: "PUT",
      url: "/one",
      headers: { "content-type": "application/json" },
      payload: `${"[".repeat(depth)}${"]".repeat(depth)}`,
    });
  expect((await put(128)).statusCode).toBe(200);
  for (const depth of [129, 100_000]) expect((await put(depth)).statusCode).toBe(400);
});

it("content that cannot be read as the text it should be is refused as content, not as a bug", async () => {
  const application = createApplication({ ids: randomIds, log: () => {} });
  application.put("/one", async ({ body }) => ({ name: String(body) }));
  const answer = await application.inject({ method: "PUT", url: "/one", payload: { toString: null } });
  expect(answer.statusCode).toBe(400);
});
