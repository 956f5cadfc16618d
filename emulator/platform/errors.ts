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

/** The refusal of something real Azure has and this emulator does not: named, never silently accepted. */
export function notEmulated(what: string): AzureError {
  return new AzureError(501, "NotImplemented", `The emulator does not support ${what}.`);
}
