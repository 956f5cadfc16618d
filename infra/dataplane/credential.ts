import { hostNames } from "../../contract/hosts.js";
import { azureErrorOf } from "./errors.js";
import type { Http } from "./http.js";

/** An application that signs in with its secret. */
export interface ClientSecret {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** An access token of the application for `<resource>/.default` (Entra ID v2); rejects with the service's sentence. */
export async function tokenOfClient(http: Http, client: ClientSecret, resource: string): Promise<string> {
  const answer = await http.send({
    method: "POST",
    url: `https://${hostNames.login}/${client.tenantId}/oauth2/v2.0/token`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: client.clientId,
      client_secret: client.clientSecret,
      scope: `${resource}/.default`,
    }).toString(),
  });
  const token = (answer.json as { access_token?: unknown } | undefined)?.access_token;
  if (answer.status === 200 && typeof token === "string") return token;
  const { code, message } = azureErrorOf(answer);
  throw Object.assign(new Error(`application ${client.clientId} cannot sign in: ${message}`), { code });
}

/**
 * A token of whoever deploys, by azure-native's own rules: the application of ARM_CLIENT_ID, ARM_CLIENT_SECRET and
 * ARM_TENANT_ID, else what `DefaultAzureCredential` finds. Rejects when it is not the principal `actingAs` (an object
 * id), because two identities would own halves of one deployment.
 */
export async function deployerToken(http: Http, resource: string, actingAs: string): Promise<string> {
  const { ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: clientSecret, ARM_TENANT_ID: tenantId } = process.env;
  const token =
    clientId && clientSecret && tenantId
      ? await tokenOfClient(http, { clientId, clientSecret, tenantId }, resource)
      : await tokenOfDefaultCredential(resource, tenantId);
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
