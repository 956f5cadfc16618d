import { redact } from "../../contract/redaction.js";

const secretNames = /authorization|cookie|secret|password|token|api-?key|account-?key|connection-?string|signature/i;
const hidden = "***";
const longestText = 20_000;

/** A value as indented JSON, without what stands under the name of a secret and without all that looks like one. */
export function maskedJson(value: unknown): string {
  const text = JSON.stringify(value, masked, 2);
  return redact(text ?? "").slice(0, longestText);
}

/** A body as it went over the wire, masked; text that is not JSON is only searched for what looks like a secret. */
export function maskedText(text: string): string {
  try {
    return maskedJson(JSON.parse(text));
  } catch {
    return redact(text).slice(0, longestText);
  }
}

function masked(name: string, value: unknown): unknown {
  if (secretNames.test(name) && value !== null) return hidden;
  return typeof value === "string" ? maskedInside(value) : value;
}

/** A text may be JSON itself, as the body of a request is in a record: there the names of secrets stand behind backslashes. */
function maskedInside(text: string): string {
  if (!/^\s*[{[]/.test(text)) return redact(text);
  try {
    return redact(JSON.stringify(JSON.parse(text), masked));
  } catch {
    return redact(text);
  }
}
