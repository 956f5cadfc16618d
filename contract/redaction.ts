const hidden = "***";

/** Shapes of secrets that must never be printed, wherever they stand in a text. */
const secretShapes: readonly RegExp[] = [
  /\bBearer\s+[A-Za-z0-9._~+/=-]{16,}/gi,
  /\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g,
  /\b(client_secret|client_assertion|AccountKey|SharedAccessSignature|sig)=[^&;\s"'\\]+/gi,
  /("(?:access_token|client_secret|refresh_token|password|value)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi,
];

/** The text without tokens, secrets of forms and connection strings, and without each of `secrets` itself. */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let result = text;
  for (const secret of secrets) {
    if (secret.length >= 4) result = result.replaceAll(secret, hidden);
  }
  for (const shape of secretShapes) {
    result = result.replace(shape, (_match, kept?: string) =>
      typeof kept === "string" && kept.startsWith('"') ? `${kept}"${hidden}"` : hidden,
    );
  }
  return result;
}
