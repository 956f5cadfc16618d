import { isJsonObject } from "../../contract/json.js";
import { parseJson } from "./parseJson.js";

/** What a service itself says of a refusal: its code and its sentence, either of which may be missing. */
export interface ServiceError {
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/**
 * Reads the error body of an Azure service: `{"error": {code, message}}`, the bare `{code, message}`, the sign-in
 * service's `{error, error_description}`, or the storage service's XML. Other text is taken as the sentence.
 */
export function parseServiceError(body: string): ServiceError {
  const text = body.trim();
  if (text === "") return { code: undefined, message: undefined };
  if (text.startsWith("<")) return parseMarkup(text);
  return parseJsonError(text) ?? { code: undefined, message: firstLine(text) };
}

function parseJsonError(text: string): ServiceError | undefined {
  const value = parseJson(text);
  if (!isJsonObject(value)) return undefined;
  if (isJsonObject(value.error)) return pick(value.error.code, value.error.message);
  if (typeof value.error_description === "string") return pick(value.error, value.error_description);
  return pick(value.code ?? value.error, value.message);
}

function pick(code: unknown, message: unknown): ServiceError {
  return {
    code: typeof code === "string" && code !== "" ? code : undefined,
    message: typeof message === "string" && message !== "" ? firstLine(message) : undefined,
  };
}

function parseMarkup(text: string): ServiceError {
  return pick(/<Code>([^<]*)<\/Code>/.exec(text)?.[1], /<(?:Message|title)>([^<]*)</i.exec(text)?.[1]);
}

/** Sentences carry trace ids and stack traces on the lines below; the first line is what a person needs. */
function firstLine(text: string): string {
  return (text.trim().split(/\r?\n/, 1)[0] ?? "").slice(0, 1000);
}
