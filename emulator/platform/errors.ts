import type { Json, JsonObject } from "../../contract/json.js";

/**
 * A refusal in Azure's shape. `enveloped` answers `{"error": {code, message, …}}`, `bare` the inner object alone (Synapse
 * artifacts). `headers` are sent with it (Retry-After, WWW-Authenticate).
 */
export class AzureError extends Error {
  override readonly name = "AzureError";
  readonly status: number;
  readonly code: string;
  readonly body: JsonObject;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    options: {
      shape?: "enveloped" | "bare";
      extra?: Readonly<Record<string, Json>>;
      headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    const inner = { code, message, ...options.extra };
    this.body = options.shape === "bare" ? inner : { error: inner };
    this.headers = options.headers ?? {};
  }
}

/** How one service words a refusal of the HTTP layer itself: an unknown path, a malformed body, a bug. */
export type Refusal = (status: number, message: string) => AzureError;

/** Resource Manager's codes for what the HTTP layer refuses; other services have their own. */
export function codeOf(status: number): string {
  return codes[status] ?? (status < 500 ? "BadRequest" : "InternalServerError");
}

/** Resource Manager's own wording. */
export const enveloped: Refusal = (status, message) => new AzureError(status, codeOf(status), message);

const codes: Readonly<Record<number, string>> = {
  400: "InvalidRequestContent",
  404: "NotImplemented",
  405: "HttpMethodNotSupported",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  421: "MisdirectedRequest",
  429: "TooManyRequests",
  431: "RequestHeaderFieldsTooLarge",
  503: "ServiceUnavailable",
};

/** The refusal of something real Azure has and this emulator does not: named, never silently accepted. */
export function notEmulated(what: string): AzureError {
  return new AzureError(501, "NotImplemented", `The emulator does not support ${what}.`);
}
