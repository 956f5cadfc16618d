import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { principals, subscription } from "../../../emulator/platform/subscription.js";
import { startTestEmulator, type TestEmulator } from "../../helpers/testEmulator.js";
import { signInClient } from "./signInClient.js";

const { tenantId } = subscription;
const { appId, objectId } = principals.scoring;
const v1 = `/${tenantId}/oauth2/token`;
const v2 = `/${tenantId}/oauth2/v2.0/token`;
let emulator: TestEmulator;
let client: ReturnType<typeof signInClient>;
let secret: string;

beforeAll(async () => {
  emulator = await startTestEmulator();
  client = signInClient(emulator);
  secret = emulator.platform.directory.secretOf(appId) ?? "";
});
afterAll(async () => {
  await client.close();
  await emulator.close();
});

/** A good request, with some of its fields replaced or (undefined) left out. */
function form(fields: Record<string, string | undefined> = {}): string {
  const all = {
    grant_type: "client_credentials",
    client_id: appId,
    client_secret: secret,
    resource: "https://vault.azure.net",
    scope: "https://vault.azure.net/.default",
    ...fields,
  };
  return new URLSearchParams(
    Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
  ).toString();
}

describe("the v1 token endpoint", () => {
  it("answers with texts, and the resource as it was sent", async () => {
    const { status, headers, body } = await client.post(v1, form({ resource: "https://management.azure.com/" }));
    expect(status).toBe(200);
    expect(headers["cache-control"]).toContain("no-store");
    expect(body).toEqual({
      token_type: "Bearer",
      expires_in: "3599",
      ext_expires_in: "3599",
      expires_on: expect.stringMatching(/^\d{10}$/),
      not_before: expect.stringMatching(/^\d{10}$/),
      resource: "https://management.azure.com/",
      access_token: expect.any(String),
    });
    expect(decodeJwt(body.access_token)).toMatchObject({
      aud: "https://management.azure.com/",
      oid: objectId,
      ver: "1.0",
      exp: Number(body.expires_on),
      nbf: Number(body.not_before),
    });
  });

  it("takes a form whose values were not encoded, as a Web activity's expression builds it", async () => {
    const written = `grant_type=client_credentials&client_id=${appId}&client_secret=${secret}&resource=https://vault.azure.net`;
    const { status, body } = await client.post(v1, written);
    expect(status).toBe(200);
    expect(decodeJwt(body.access_token).aud).toBe("https://vault.azure.net");
  });

  it("ignores case in its path and takes a charset in the type", async () => {
    const path = `/${tenantId.toUpperCase()}/OAuth2/Token`;
    const type = "application/x-www-form-urlencoded; charset=utf-8";
    expect((await client.post(path, form(), { "content-type": type })).status).toBe(200);
  });
});

describe("the v2 token endpoint", () => {
  it("answers with numbers and the resource's own kind of token", async () => {
    const { status, body } = await client.post(v2, form());
    expect(status).toBe(200);
    expect(body).toEqual({
      token_type: "Bearer",
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: expect.any(String),
    });
    expect(decodeJwt(body.access_token)).toMatchObject({ aud: "https://vault.azure.net", ver: "1.0", appid: appId });
  });

  it("takes the client's credentials from an Authorization header, too", async () => {
    const basic = `Basic ${Buffer.from(`${appId}:${encodeURIComponent(secret)}`).toString("base64")}`;
    const body = form({ client_id: undefined, client_secret: undefined });
    expect((await client.post(v2, body, { authorization: basic })).status).toBe(200);
  });
});

describe("a sign-in is refused in Entra ID's words", () => {
  const cases: [string, string, Record<string, string | undefined>, number, string, number, string][] = [
    ["wrong secret", v1, { client_secret: "wrong" }, 401, "invalid_client", 7000215, "Invalid client secret provided."],
    [
      "no secret",
      v1,
      { client_secret: undefined },
      401,
      "invalid_client",
      7000218,
      "'client_assertion' or 'client_secret'",
    ],
    [
      "unknown application",
      v1,
      { client_id: tenantId },
      400,
      "unauthorized_client",
      700016,
      `identifier '${tenantId}'`,
    ],
    ["no application", v1, { client_id: undefined }, 400, "invalid_request", 900144, "'client_id'"],
    ["no grant", v1, { grant_type: undefined }, 400, "invalid_request", 900144, "'grant_type'"],
    ["another grant", v1, { grant_type: "password" }, 400, "unsupported_grant_type", 70003, "'password'"],
    ["no resource", v1, { resource: undefined }, 400, "invalid_request", 900144, "'resource'"],
    ["no scope", v2, { scope: undefined }, 400, "invalid_request", 900144, "'scope'"],
    [
      "a bare scope",
      v2,
      { scope: "https://ml.azure.com" },
      400,
      "invalid_scope",
      1002012,
      "must have a scope value with",
    ],
    [
      "an unknown resource",
      v1,
      { resource: "https://example.com" },
      400,
      "invalid_resource",
      500011,
      "https://example.com",
    ],
    [
      "another tenant",
      v1.replace(/^\/6/, "/7"),
      {},
      400,
      "invalid_request",
      90002,
      `Tenant '7${tenantId.slice(1)}' not found`,
    ],
    ["another tenant's name", "/contoso.com/oauth2/token", {}, 400, "invalid_request", 90002, "'contoso.com'"],
    ["no tenant's name", "/nobody/oauth2/token", {}, 400, "invalid_request", 900023, "'nobody'"],
    ["no tenant", "/common/oauth2/v2.0/token", {}, 400, "invalid_request", 50059, "No tenant-identifying information"],
  ];

  it.each(cases)("%s", async (_title, path, fields, status, error, code, words) => {
    const answer = await client.post(path, form(fields));
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error, error_codes: [code] });
    expect(answer.body.error_description).toMatch(new RegExp(`^AADSTS${code}: `));
    expect(answer.body.error_description).toContain(words);
  });

  it("with a trace, the caller's correlation id and a timestamp, and without the secret", async () => {
    const correlationId = "0f0e0d0c-0b0a-4908-8706-050403020100";
    const headers = { "client-request-id": correlationId };
    const { headers: answered, body } = await client.post(v1, form({ client_secret: "wrong-secret-value" }), headers);
    expect(body).toMatchObject({
      trace_id: answered["x-ms-request-id"],
      correlation_id: correlationId,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
      error_uri: "https://login.microsoftonline.com/error?code=7000215",
    });
    expect(body.error_description).toContain(
      ` Trace ID: ${body.trace_id} Correlation ID: ${correlationId} Timestamp: ${body.timestamp}`,
    );
    expect(JSON.stringify(body)).not.toContain("wrong-secret-value");
  });

  it("when the body is not a form by its Content-Type", async () => {
    for (const type of ["application/json", "text/plain"]) {
      const { status, body } = await client.post(v1, form(), { "content-type": type });
      expect(status).toBe(400);
      expect(body.error_description).toContain(
        "AADSTS900144: The request body must contain the following parameter: 'grant_type'.",
      );
    }
  });

  it("for a client assertion, which is not supported, by name", async () => {
    const { status, body } = await client.post(v2, form({ client_secret: undefined, client_assertion: "e30.e30.x" }));
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: "invalid_request", error_codes: [] });
    expect(body.error_description).toContain("does not support client assertions");
  });

  it("for a managed identity, which has no secret to sign in with", async () => {
    const identity = emulator.platform.directory.managedIdentity("/subscriptions/s/workspaces/w", "w");
    const { body } = await client.post(v1, form({ client_id: identity.appId }));
    expect(body.error_codes).toEqual([700016]);
  });

  it("for a storage account that does not exist, and no longer once it does", async () => {
    const fields = { resource: "https://account1.blob.core.windows.net" };
    expect((await client.post(v1, form(fields))).body.error_codes).toEqual([500011]);
    emulator.platform.resources.put({
      id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/account1",
      type: "Microsoft.Storage/storageAccounts",
      name: "account1",
      body: {},
      createdWith: "2024-01-01",
    });
    expect((await client.post(v1, form(fields))).status).toBe(200);
  });

  it("for what the host has on Azure and the emulator has not, by name", async () => {
    const { status, body } = await client.post(`/${tenantId}/oauth2/v2.0/devicecode`, form());
    expect(status).toBe(404);
    expect(body.error).toBe("invalid_request");
    expect(body.error_description).toContain(`POST /${tenantId}/oauth2/v2.0/devicecode on login.microsoftonline.com`);
  });
});
