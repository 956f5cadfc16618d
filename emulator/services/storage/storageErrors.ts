import type { ServerResponse } from "node:http";
import type { Json } from "../../../contract/json.js";
import { isJsonObject } from "../../../contract/json.js";
import { AzureError } from "../../platform/errors.js";
import { subscription } from "../../platform/subscription.js";
import type { InProcessResponse } from "./inProcessHttp.js";

/** A refusal of the blob service; `detail` is its AuthenticationErrorDetail element. */
export function storageError(status: number, code: string, message: string, detail?: string): AzureError {
  return new AzureError(status, code, message, {
    ...(detail !== undefined && { extra: { AuthenticationErrorDetail: detail } }),
    ...(status === 401 && {
      headers: {
        "www-authenticate": `Bearer authorization_uri=https://login.microsoftonline.com/${subscription.tenantId}/oauth2/authorize resource_id=https://storage.azure.com`,
      },
    }),
  });
}

export const keysNotPermitted = () =>
  storageError(
    403,
    "KeyBasedAuthenticationNotPermitted",
    "Key based authentication is not permitted on this storage account.",
  );

export const publicAccessNotPermitted = () =>
  storageError(409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account.");

export const permissionMismatch = () =>
  storageError(
    403,
    "AuthorizationPermissionMismatch",
    "This request is not authorized to perform this operation using this permission.",
  );

/** The signature, the scheme or the version of an Authorization header does not do. */
export const authenticationFailed = (detail: string) =>
  storageError(
    403,
    "AuthenticationFailed",
    "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.",
    detail,
  );

export const malformedAuthorization = () =>
  storageError(
    400,
    "InvalidAuthenticationInfo",
    "Authentication information is not given in the correct format. Check the value of Authorization header.",
  );

/** Sends a refusal in the storage service's form: XML on the blob host, JSON on the data lake host. */
export function sendStorageError(
  response: ServerResponse,
  error: AzureError,
  to: { readonly requestId: string; readonly now: Date; readonly form: "xml" | "json"; readonly clientId?: string },
): void {
  const message = `${error.message}\nRequestId:${to.requestId}\nTime:${to.now.toISOString()}`;
  const inner = isJsonObject(error.body["error"]) ? error.body["error"] : {};
  const body = to.form === "json" ? JSON.stringify({ error: { ...inner, message } }) : xmlOf({ ...inner, message });
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response.writeHead(error.status, {
    ...error.headers,
    "x-ms-error-code": error.code,
    "x-ms-request-id": to.requestId,
    ...(to.clientId !== undefined && { "x-ms-client-request-id": to.clientId }),
    "content-type": to.form === "json" ? "application/json;charset=utf-8" : "application/xml",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

function xmlOf(inner: Readonly<Record<string, Json>>): string {
  const { code = "", message = "", ...more } = inner;
  const elements = { Code: code, Message: message, ...more };
  const text = Object.entries(elements).map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`);
  return `<?xml version="1.0" encoding="utf-8"?><Error>${text.join("")}</Error>`;
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** The refusal that an answer of the blob service holds. */
export function refusalOf(response: InProcessResponse): AzureError {
  const text = response.body.toString("utf8");
  const code = String(response.headers["x-ms-error-code"] ?? "InternalError");
  const [message] = /<Message>([^\n<]*)/.exec(text)?.slice(1) ?? [];
  return storageError(response.status, code, message ?? `The storage service answered ${response.status}.`);
}
