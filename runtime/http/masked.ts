import { redact } from "../../contract/redaction.js";

const secretNames = /authorization|cookie|secret|password|token|api-?key|account-?key|connection-?string|signature/i;
const hidden = "***";
const longestText = 20_000;

/** A value as indented JSON, without what stands under the name of a secret and without all that looks like one. */
export function maskedJson(value: unknown): string {
  const text = JSON.stringify(value, (name, inner) => (secretNames.test(name) && inner !== null ? hidden : inner), 2);
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
