import { hostNames } from "../../contract/hosts.js";
import { azureErrorOf } from "./errors.js";
import type { Http } from "./http.js";
import { federatedToken, type Method, methodOf, type SignIn } from "./signIn.js";

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

/** A token of whoever deploys, by azure-native's own rules: the stack's configuration, then ARM_*, then the default. */
export async function deployerToken(http: Http, signIn: SignIn, resource: string): Promise<string> {
  const method = methodOf(signIn);
  if (method.kind === "secret") return tokenOfClient(http, method, resource);
  if (method.kind !== "federated") return tokenOfIdentityPackage(method, resource);
  const { tenantId, clientId } = method;
  return tokenOfClient(http, { tenantId, clientId, assertion: await federatedToken(http, signIn) }, resource);
}

/**
 * The same for what is made or changed: rejects when it is not the principal `actingAs` (an object id), because two
 * identities would own halves of one deployment. What is read or removed may have been made by another deployer.
 */
export async function deployerTokenAs(http: Http, signIn: SignIn, resource: string, actingAs: string): Promise<string> {
  const token = await deployerToken(http, signIn, resource);
  const objectId = objectIdOf(token);
  if (objectId === actingAs) return token;
  throw new Error(
    `the azure-native provider signs in as ${actingAs}, this environment as ${objectId}: set azure-native:tenantId, clientId and clientSecret (or ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET), or run az login with the same account`,
  );
}

/** The `oid` claim of an access token: the principal's object id. */
export function objectIdOf(token: string): string {
  const payload = token.split(".")[1] ?? "";
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as { oid?: unknown };
  if (typeof claims.oid !== "string") throw new Error("the access token has no oid claim");
  return claims.oid;
}

interface Credential {
  getToken(scope: string): Promise<{ readonly token: string } | null>;
}

interface IdentityPackage {
  readonly DefaultAzureCredential: new (options: { tenantId?: string }) => Credential;
  readonly ManagedIdentityCredential: new (options: { clientId?: string }) => Credential;
  readonly ClientCertificateCredential: new (
    tenantId: string,
    clientId: string,
    certificate: { certificatePath: string; certificatePassword?: string },
  ) => Credential;
}

// the package has an ESM and a CommonJS form: only `require` survives the serialization of a dynamic provider
async function tokenOfIdentityPackage(method: Method, resource: string): Promise<string> {
  const require = process.getBuiltinModule("node:module").createRequire(`${process.cwd()}/credential.js`);
  const credential = credentialOf(require("@azure/identity") as IdentityPackage, method);
  const answer = await credential.getToken(`${resource}/.default`);
  if (answer === null) throw new Error(`no credential gave a token for ${resource}`);
  return answer.token;
}

function credentialOf(identity: IdentityPackage, method: Method): Credential {
  if (method.kind === "certificate") {
    const { tenantId, clientId, certificatePath, certificatePassword } = method;
    return new identity.ClientCertificateCredential(tenantId, clientId, {
      certificatePath,
      ...(certificatePassword ? { certificatePassword } : {}),
    });
  }
  if (method.kind === "managedIdentity") {
    return new identity.ManagedIdentityCredential(method.clientId ? { clientId: method.clientId } : {});
  }
  const tenantId = method.kind === "default" ? method.tenantId : undefined;
  return new identity.DefaultAzureCredential(tenantId ? { tenantId } : {});
}
