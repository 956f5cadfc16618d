import { isJsonObject, type Json } from "../../contract/json.js";

/** A refusal by Resource Manager or Entra ID: HTTP status, the service's code and sentence. */
export class ArmError extends Error {
  override readonly name = "ArmError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The error in an answer's body: ARM's envelope, a failed operation's status, or Entra ID's form. */
export function armErrorOf(status: number, body: Json): ArmError {
  const outer = isJsonObject(body) ? body : {};
  if (typeof outer["error_description"] === "string") {
    const sentence = outer["error_description"].split(" Trace ID:")[0] ?? "";
    return new ArmError(status, /^AADSTS\d+/.exec(sentence)?.[0] ?? String(outer["error"]), sentence);
  }
  const inner = isJsonObject(outer["error"]) ? outer["error"] : outer;
  const code = typeof inner["code"] === "string" ? inner["code"] : `HTTP ${status}`;
  const text = typeof body === "string" ? body.slice(0, 500) : "";
  return new ArmError(status, code, typeof inner["message"] === "string" ? inner["message"] : text);
}
