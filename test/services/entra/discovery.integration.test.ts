import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { principals, subscription } from "../../../emulator/platform/subscription.js";
import { startTestEmulator, type TestEmulator } from "../../helpers/testEmulator.js";
import { signInClient } from "./signInClient.js";

const { tenantId } = subscription;
let emulator: TestEmulator;
let client: ReturnType<typeof signInClient>;

beforeAll(async () => {
  emulator = await startTestEmulator();
  client = signInClient(emulator);
});
afterAll(async () => {
  await client.close();
  await emulator.close();
});

describe("a tenant's discovery document", () => {
  it.each([
    [
      "v1",
      ".well-known/openid-configuration",
      "oauth2/token",
      "discovery/keys",
      `https://sts.windows.net/${tenantId}/`,
    ],
    [
      "v2",
      "v2.0/.well-known/openid-configuration",
      "oauth2/v2.0/token",
      "discovery/v2.0/keys",
      `https://login.microsoftonline.com/${tenantId}/v2.0`,
    ],
  ])("of %s names endpoints, keys and issuer", async (_version, path, token, keys, issuer) => {
    const { status, body } = await client.get(`/${tenantId}/${path}`);
    const base = `https://login.microsoftonline.com/${tenantId}`;
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_endpoint: `${base}/${token}`, jwks_uri: `${base}/${keys}`, issuer });
    expect(body.authorization_endpoint).toContain(base);
  });

  it("leads to the keys that its tokens are signed with", async () => {
    const { body: configuration } = await client.get(`/${tenantId}/.well-known/openid-configuration`);
    const { body: keys } = await client.get(new URL(configuration.jwks_uri).pathname);
    const principal = { ...principals.trigger, kind: "Application", resourceId: "" } as const;
    const audience = "https://dev.azuresynapse.net";
    const { accessToken } = await emulator.platform.tokens.issue({ principal, audience, version: "1.0" });
    const { issuer } = configuration;
    const { payload } = await jwtVerify(accessToken, createLocalJWKSet(keys as JSONWebKeySet), { issuer, audience });
    expect(payload["oid"]).toBe(principal.objectId);
  });

  it.each([
    "v2.0/.well-known/openid-configuration",
    ".well-known/openid-configuration",
    "discovery/keys",
    "discovery/v2.0/keys",
  ])("of nobody's tenant is refused: %s", async (path) => {
    const { status, body } = await client.get(`/contoso.com/${path}`);
    expect(status).toBe(400);
    expect(body.error_codes).toEqual([90002]);
  });
});

it.each(["common", "organizations"])("the discovery document of %s leaves the issuing tenant open", async (shared) => {
  const { body } = await client.get(`/${shared}/v2.0/.well-known/openid-configuration`);
  expect(body.issuer).toBe("https://login.microsoftonline.com/{tenantid}/v2.0");
  expect(body.token_endpoint).toBe(`https://login.microsoftonline.com/${shared}/oauth2/v2.0/token`);
});

describe("instance discovery", () => {
  const ask = (endpoint: string) =>
    client.get(`/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(endpoint)}`);

  it("says which hosts are one cloud and where the tenant's document is", async () => {
    const { status, body } = await ask(`https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/authorize`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      "api-version": "1.1",
      tenant_discovery_endpoint: `https://login.microsoftonline.com/${tenantId}/v2.0/.well-known/openid-configuration`,
    });
    expect(body.metadata[0]).toMatchObject({ preferred_network: "login.microsoftonline.com" });
    expect(body.metadata[0].aliases).toContain("login.windows.net");
  });

  it.each(["https://login.example.com/common", "nonsense"])(
    "refuses %s, which is no host of this cloud",
    async (endpoint) => {
      const { status, body } = await ask(endpoint);
      expect(status).toBe(400);
      expect(body).toMatchObject({ error: "invalid_instance", error_codes: [50049] });
    },
  );
});
