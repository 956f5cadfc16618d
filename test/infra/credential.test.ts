import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deployerToken as tokenFor, deployerTokenAs as tokenForActing } from "../../infra/dataplane/credential.js";
import { isHostGone } from "../../infra/dataplane/errors.js";
import type { Http, Request } from "../../infra/dataplane/http.js";
import { methodOf, readSignIn } from "../../infra/dataplane/signIn.js";

const environment = { ...process.env };
const objectId = "33333333-3333-3333-3333-333333333333";
const token = `e30.${Buffer.from(JSON.stringify({ oid: objectId })).toString("base64url")}.signature`;
const resource = "https://management.azure.com";

let sent: Request[];
const http: Http = {
  async send(request) {
    sent.push(request);
    const json = request.method === "POST" ? { access_token: token } : { value: "asked for" };
    return { status: 200, headers: {}, text: "", json };
  },
  close: async () => {},
};
const deployerToken = (client: Http, audience: string) => tokenFor(client, {}, audience);
const form = () => Object.fromEntries(new URLSearchParams(String(sent.at(-1)?.body)));

beforeEach(() => {
  sent = [];
  const signIn = /^(ARM|AZURE|ACTIONS)_/;
  process.env = Object.fromEntries(Object.entries(environment).filter(([name]) => !signIn.test(name)));
  Object.assign(process.env, { ARM_CLIENT_ID: "client", ARM_TENANT_ID: "tenant" });
});
afterEach(() => {
  process.env = { ...environment };
});

describe("the deployer signs in", () => {
  it("with the application's secret", async () => {
    process.env["ARM_CLIENT_SECRET"] = "secret";
    await expect(deployerToken(http, resource)).resolves.toBe(token);
    expect(sent.map(({ url }) => url)).toEqual(["https://login.microsoftonline.com/tenant/oauth2/v2.0/token"]);
    expect(form()).toEqual({
      grant_type: "client_credentials",
      client_id: "client",
      client_secret: "secret",
      scope: "https://management.azure.com/.default",
    });
  });

  it("with a federated token that is given", async () => {
    Object.assign(process.env, { ARM_USE_OIDC: "true", ARM_OIDC_TOKEN: "given" });
    await deployerToken(http, resource);
    expect(form()).toEqual({
      grant_type: "client_credentials",
      client_id: "client",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: "given",
      scope: "https://management.azure.com/.default",
    });
  });

  it("with a federated token from a file", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "federated-"));
    const file = path.join(folder, "token");
    writeFileSync(file, "from a file\n");
    Object.assign(process.env, { ARM_USE_OIDC: "1", ARM_OIDC_TOKEN_FILE_PATH: file });
    await deployerToken(http, resource);
    rmSync(folder, { recursive: true });
    expect(form()).toMatchObject({ client_assertion: "from a file" });
  });

  it("with a federated token that the CI service is asked for", async () => {
    process.env["ARM_USE_OIDC"] = "true";
    process.env["ACTIONS_ID_TOKEN_REQUEST_URL"] = "https://ci.example/token?api-version=2.0";
    process.env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = "key";
    await deployerToken(http, resource);
    expect(sent[0]).toMatchObject({
      url: "https://ci.example/token?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange",
      headers: { authorization: "Bearer key" },
    });
    expect(form()).toMatchObject({ client_assertion: "asked for" });
  });

  it("not at all when a federated token is wanted and there is none", async () => {
    process.env["ARM_USE_OIDC"] = "true";
    await expect(deployerToken(http, resource)).rejects.toThrow("ARM_USE_OIDC is set, but no token");
    expect(sent).toEqual([]);
  });

  it("as the principal that azure-native is, or not at all", async () => {
    process.env["ARM_CLIENT_SECRET"] = "secret";
    await expect(tokenForActing(http, {}, resource, objectId)).resolves.toBe(token);
    await expect(tokenForActing(http, {}, resource, "another")).rejects.toThrow(
      `azure-native provider signs in as another, this environment as ${objectId}`,
    );
  });
});

describe("the sign-in follows azure-native's settings:", () => {
  const configured = (settings: Readonly<Record<string, string>>) => readSignIn((key) => settings[key]);
  const secretOf = (name: string) => ({
    "azure-native:tenantId": `${name}-tenant`,
    "azure-native:clientId": name,
    "azure-native:clientSecret": `${name}-secret`,
  });

  it("the stack's configuration counts before the environment", async () => {
    Object.assign(process.env, { ARM_CLIENT_SECRET: "secret", ARM_USE_OIDC: "true", ARM_OIDC_TOKEN: "given" });
    await tokenFor(http, configured(secretOf("configured")), resource);
    expect(sent[0]?.url).toBe("https://login.microsoftonline.com/configured-tenant/oauth2/v2.0/token");
    expect(form()).toMatchObject({ client_id: "configured", client_secret: "configured-secret" });
  });

  it("what the configuration leaves out comes from the environment", async () => {
    Object.assign(process.env, { ARM_OIDC_TOKEN: "given", ARM_OIDC_REQUEST_URL: "https://ci.example" });
    await tokenFor(http, configured({ "azure-native:useOidc": "true" }), resource);
    expect(form()).toMatchObject({ client_id: "client", client_assertion: "given" });
  });

  it("a federated token is asked for with the configured address and key", async () => {
    const settings = { useOidc: "true", oidcRequestUrl: "https://ci.example/token", oidcRequestToken: "key" };
    const named = Object.entries(settings).map(([name, value]) => [`azure-native:${name}`, value]);
    await tokenFor(http, configured(Object.fromEntries(named)), resource);
    expect(sent[0]).toMatchObject({ headers: { authorization: "Bearer key" } });
    expect(form()).toMatchObject({ client_assertion: "asked for" });
  });

  it.each([
    [{ ARM_CLIENT_CERTIFICATE_PATH: "c.pem", ARM_CLIENT_SECRET: "s", ARM_USE_OIDC: "true" }, "certificate"],
    [{ ARM_CLIENT_SECRET: "s", ARM_USE_OIDC: "true", ARM_USE_MSI: "true" }, "secret"],
    [{ ARM_USE_OIDC: "true", ARM_USE_MSI: "true" }, "federated"],
    [{ ARM_USE_MSI: "true" }, "managedIdentity"],
    [{ ARM_USE_DEFAULT_AZURE_CREDENTIAL: "true", ARM_CLIENT_SECRET: "s" }, "default"],
    [{}, "default"],
  ])("of %j azure-native takes the %s", (variables, kind) => {
    Object.assign(process.env, variables);
    expect(methodOf({})).toMatchObject({ kind });
  });

  it("the default chain is asked in the tenant that is set", () => {
    expect(methodOf({})).toEqual({ kind: "default", tenantId: "tenant" });
    expect(methodOf(configured({ "azure-native:tenantId": "other" }))).toEqual({ kind: "default", tenantId: "other" });
  });

  it("an application without its tenant or its id is refused by the missing setting's name", () => {
    process.env["ARM_CLIENT_SECRET"] = "secret";
    process.env["ARM_TENANT_ID"] = "";
    expect(() => methodOf({})).toThrow("no tenant id: set azure-native:tenantId or ARM_TENANT_ID");
    Object.assign(process.env, { ARM_TENANT_ID: "tenant", ARM_CLIENT_ID: "" });
    expect(() => methodOf({})).toThrow("no client id: set azure-native:clientId or ARM_CLIENT_ID");
  });
});

describe("a host name that cannot be resolved", () => {
  const error = Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND", hostname: "w.dev.azuresynapse.net" });

  it("means that its resource is gone, another's does not", () => {
    expect(isHostGone(error, "https://w.dev.azuresynapse.net")).toBe(true);
    expect(isHostGone({ ...error, hostname: "login.microsoftonline.com" }, "https://w.dev.azuresynapse.net")).toBe(
      false,
    );
    expect(isHostGone(new Error("reset"), "https://w.dev.azuresynapse.net")).toBe(false);
  });

  it("is told by a proxy as its refusal to connect", () => {
    const proxied = (status: number) =>
      Object.assign(new Error(`Proxy response (${status}) !== 200 when HTTP Tunneling`), {
        code: "UND_ERR_ABORTED",
        hostname: "w.dev.azuresynapse.net",
      });
    expect(isHostGone(proxied(502), "https://w.dev.azuresynapse.net")).toBe(true);
    expect(isHostGone(proxied(407), "https://w.dev.azuresynapse.net")).toBe(false);
  });
});
