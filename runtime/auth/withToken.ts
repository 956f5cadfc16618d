import type { TokenSource } from "./credential.js";

/**
 * Sends with a token of the audience; where the service takes it no longer (401), once more with another one. Rejects with
 * what the last sending rejects with.
 */
export async function withToken<Answer>(
  tokens: TokenSource,
  audience: string,
  send: (token: string) => Promise<Answer>,
): Promise<Answer> {
  const token = await tokens.token(audience);
  try {
    return await send(token);
  } catch (thrown) {
    if (statusOf(thrown) !== 401) throw thrown;
    const other = await tokens.token(audience, token);
    if (other === token) throw thrown;
    return send(other);
  }
}

/** As this program's client names it, or as the libraries of Azure do. */
function statusOf(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return undefined;
  if ("status" in thrown) return thrown.status;
  return "statusCode" in thrown ? thrown.statusCode : undefined;
}
