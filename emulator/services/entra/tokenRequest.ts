import type { Directory, Principal } from "../../platform/directory.js";
import { refusals } from "./errors.js";
import { resourceOfScope } from "./resource.js";

/** Which of Entra ID's two token endpoints was called: v1 takes `resource`, v2 takes `scope`. */
export type EndpointVersion = "v1" | "v2";

export interface TokenRequest {
  readonly principal: Principal;
  /** As the caller spelt it. */
  readonly resource: string;
}

/**
 * The fields of a token request. Any other Content-Type than a form's has none, as at Entra ID; values that were not
 * percent-encoded (`resource=https://…/`) are taken as they stand.
 */
export function formOf(contentType: string | undefined, body: unknown): URLSearchParams {
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType ?? "");
  return new URLSearchParams(isForm && typeof body === "string" ? body : "");
}

/** Checks a client credentials request and says who asks for what; throws a `SignInError`. */
export function readTokenRequest(options: {
  readonly version: EndpointVersion;
  readonly tenant: string;
  readonly form: URLSearchParams;
  readonly authorization: string | undefined;
  readonly directory: Directory;
}): TokenRequest {
  const { form, tenant, directory, version } = options;
  const grant = required(form, "grant_type");
  if (grant !== "client_credentials") throw refusals.unsupportedGrant(grant);
  const basic = basicCredentials(options.authorization);
  const clientId = basic?.clientId ?? required(form, "client_id");
  const resource = version === "v1" ? required(form, "resource") : resourceOfScope(required(form, "scope"));
  const principal = directory.byAppId(clientId);
  if (principal?.kind !== "Application") throw refusals.unknownApplication(clientId, tenant);
  if (form.has("client_assertion")) throw refusals.clientAssertion();
  const secret = basic?.secret ?? form.get("client_secret");
  if (!secret) throw refusals.noCredential();
  if (secret !== directory.secretOf(principal.appId)) throw refusals.wrongSecret(clientId);
  return { principal, resource };
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (!value) throw refusals.missingParameter(name);
  return value;
}

/** OAuth 2.0's other place for a client's credentials (RFC 6749, 2.3.1): both parts are form-encoded. */
function basicCredentials(authorization: string | undefined): { clientId: string; secret: string } | undefined {
  const encoded = /^Basic +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [clientId = "", ...secret] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return { clientId: formDecoded(clientId), secret: formDecoded(secret.join(":")) };
}

function formDecoded(text: string): string {
  return new URLSearchParams(`text=${text.replaceAll("&", "%26")}`).get("text") ?? "";
}
