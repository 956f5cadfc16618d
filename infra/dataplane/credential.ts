import fs from "node:fs";
import { hostNames } from "../../contract/hosts.js";
import { azureErrorOf, refusal } from "./errors.js";
import type { Http } from "./http.js";

/** An application that signs in with its secret. */
export interface ClientSecret {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** An application that signs in with a token of an issuer that it trusts, such as a CI service. */
interface ClientAssertion {
  readonly tenantId: string;
  readonly clientId: string;
  readonly assertion: string;
}

/** An access token of the application for `<resource>/.default` (Entra ID v2); rejects with the service's sentence. */
export async function tokenOfClient(
  http: Http,
  client: ClientSecret | ClientAssertion,
  resource: string,
): Promise<string> {
  const answer = await http.send({
    method: "POST",
    url: `https://${hostNames.login}/${client.tenantId}/oauth2/v2.0/token`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: client.clientId,
      ...("clientSecret" in client
        ? { client_secret: client.clientSecret }
        : {
            client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            client_assertion: client.assertion,
          }),
      scope: `${resource}/.default`,
    }).toString(),
  });
  const token = (answer.json as { access_token?: unknown } | undefined)?.access_token;
  if (answer.status === 200 && typeof token === "string") return token;
  const { code, message } = azureErrorOf(answer);
  throw Object.assign(new Error(`application ${client.clientId} cannot sign in: ${message}`), { code });
}

/**
 * A token of whoever deploys, by azure-native's own rules: the application of ARM_CLIENT_ID and ARM_TENANT_ID with
 * ARM_CLIENT_SECRET or, where ARM_USE_OIDC says so, a federated token; else what `DefaultAzureCredential` finds.
 */
export async function deployerToken(http: Http, resource: string): Promise<string> {
  const { ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: clientSecret, ARM_TENANT_ID: tenantId } = process.env;
  if (clientId && tenantId) {
    if (clientSecret) return tokenOfClient(http, { clientId, clientSecret, tenantId }, resource);
    const assertion = await federatedToken(http);
    if (assertion) return tokenOfClient(http, { clientId, assertion, tenantId }, resource);
  }
  return tokenOfDefaultCredential(resource, tenantId);
}

/**
 * The same for what is made or changed: rejects when it is not the principal `actingAs` (an object id), because two
 * identities would own halves of one deployment. What is read or removed may have been made by another deployer.
 */
export async function deployerTokenAs(http: Http, resource: string, actingAs: string): Promise<string> {
  const token = await deployerToken(http, resource);
  const objectId = objectIdOf(token);
  if (objectId === actingAs) return token;
  throw new Error(
    `the azure-native provider signs in as ${actingAs}, this environment as ${objectId}: set ARM_CLIENT_ID, ARM_CLIENT_SECRET and ARM_TENANT_ID, or run az login with the same account`,
  );
}

/** The `oid` claim of an access token: the principal's object id. */
export function objectIdOf(token: string): string {
  const payload = token.split(".")[1] ?? "";
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as { oid?: unknown };
  if (typeof claims.oid !== "string") throw new Error("the access token has no oid claim");
  return claims.oid;
}

/** The CI service's token for the application, where ARM_USE_OIDC is set: given, in a file, or to be asked for. */
async function federatedToken(http: Http): Promise<string | undefined> {
  const { ARM_USE_OIDC, ARM_OIDC_TOKEN, ARM_OIDC_TOKEN_FILE_PATH } = process.env;
  if (!ARM_USE_OIDC || !["true", "1"].includes(ARM_USE_OIDC.toLowerCase())) return undefined;
  if (ARM_OIDC_TOKEN) return ARM_OIDC_TOKEN;
  if (ARM_OIDC_TOKEN_FILE_PATH) return fs.readFileSync(ARM_OIDC_TOKEN_FILE_PATH, "utf8").trim();
  const address = process.env["ARM_OIDC_REQUEST_URL"] || process.env["ACTIONS_ID_TOKEN_REQUEST_URL"];
  const key = process.env["ARM_OIDC_REQUEST_TOKEN"] || process.env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"];
  if (!address || !key) throw new Error("ARM_USE_OIDC is set, but no token and no address to ask for one");
  const url = new URL(address);
  if (!url.searchParams.has("audience")) url.searchParams.set("audience", "api://AzureADTokenExchange");
  const answer = await http.send({ method: "GET", url: url.href, headers: { authorization: `Bearer ${key}` } });
  const value = (answer.json as { value?: unknown } | undefined)?.value;
  if (answer.status === 200 && typeof value === "string") return value;
  throw refusal("asking for the federated token of ARM_OIDC_REQUEST_URL", answer);
}

interface DefaultCredential {
  getToken(scope: string): Promise<{ readonly token: string } | null>;
}

interface IdentityPackage {
  readonly DefaultAzureCredential: new (options: { tenantId?: string }) => DefaultCredential;
}

// the package has an ESM and a CommonJS form: only `require` survives the serialization of a dynamic provider
async function tokenOfDefaultCredential(resource: string, tenantId: string | undefined): Promise<string> {
  const require = process.getBuiltinModule("node:module").createRequire(`${process.cwd()}/credential.js`);
  const { DefaultAzureCredential } = require("@azure/identity") as IdentityPackage;
  const credential = new DefaultAzureCredential(tenantId ? { tenantId } : {});
  const answer = await credential.getToken(`${resource}/.default`);
  if (answer === null) throw new Error(`no credential gave a token for ${resource}`);
  return answer.token;
}
