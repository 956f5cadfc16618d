import type { ServerResponse } from "node:http";
import type { Json } from "../../../contract/json.js";
import { isJsonObject } from "../../../contract/json.js";
import { AzureError, type Refusal } from "../../platform/errors.js";
import type { MalformedAnswer } from "../../platform/service.js";
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

export const invalidXml = () => storageError(400, "InvalidXmlDocument", "XML specified is not syntactically valid.");

const sentences: Readonly<Record<number, readonly [code: string, message: string]>> = {
  404: ["ResourceNotFound", "The specified resource does not exist."],
  405: ["UnsupportedHttpVerb", "The resource doesn't support specified Http Verb."],
  411: ["MissingContentLengthHeader", "The Content-Length header was not specified."],
  413: ["RequestBodyTooLarge", "The request body is too large and exceeds the maximum permissible limit."],
};

/** What the HTTP layer refuses; the service has a sentence of its own for each status. */
export const httpRefusal: Refusal = (status, message) => {
  if (status >= 500) {
    return storageError(
      status,
      "InternalError",
      "Server encountered an internal error. Please try again after some time.",
    );
  }
  const [code, sentence] = sentences[status] ?? ["InvalidInput", `One of the request inputs is not valid. ${message}`];
  return storageError(status, code, sentence);
};

/** The body of a refusal in the storage service's form: XML on the blob host, JSON on the data lake host. */
export function storageErrorBody(error: AzureError, to: ErrorPlace): MalformedAnswer {
  const message = `${error.message}\nRequestId:${to.requestId}\nTime:${to.now.toISOString()}`;
  const inner = isJsonObject(error.body["error"]) ? error.body["error"] : {};
  return to.form === "json"
    ? { contentType: "application/json;charset=utf-8", body: JSON.stringify({ error: { ...inner, message } }) }
    : { contentType: "application/xml", body: xmlOf({ ...inner, message }) };
}

export interface ErrorPlace {
  readonly requestId: string;
  readonly now: Date;
  readonly form: "xml" | "json";
}

/** Sends a refusal, in place of whatever was to be sent. */
export function sendStorageError(
  response: ServerResponse,
  error: AzureError,
  to: ErrorPlace & { readonly clientId?: string },
): void {
  const { contentType, body } = storageErrorBody(error, to);
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response.writeHead(error.status, {
    ...error.headers,
    "x-ms-error-code": error.code,
    "x-ms-request-id": to.requestId,
    ...(to.clientId !== undefined && { "x-ms-client-request-id": to.clientId }),
    "content-type": contentType,
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
