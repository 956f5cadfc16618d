import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import { sameAudience } from "../../contract/hosts.js";
import type { Directory } from "./directory.js";
import type { SigningKey } from "./signingKey.js";
import type { TokenCheck, TokenRefusal } from "./tokens.js";

export interface TokenCheckOptions {
  readonly audiences: readonly string[];
  readonly key: SigningKey;
  readonly issuers: readonly string[];
  readonly directory: Directory;
  readonly now: () => Date;
}

/** Checks an Authorization header's bearer token: form, signature, issuer, audience, times, and that its owner still exists. */
export async function checkToken(authorization: string | undefined, options: TokenCheckOptions): Promise<TokenCheck> {
  const token = /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? "")?.[1];
  if (token === undefined) return { accepted: false, refusal: "missing", audience: undefined };
  const claims = unverifiedClaims(token);
  if (!claims) return { accepted: false, refusal: "malformed", audience: undefined };
  const audience = typeof claims.aud === "string" ? claims.aud : undefined;
  const refuse = (refusal: TokenRefusal): TokenCheck => ({ accepted: false, refusal, audience });
  // a key of another tenant is no key of ours: without this, the foreign tenant's token would read as forged
  if (!options.issuers.includes(String(claims.iss))) return refuse("issuer");
  const refusal = await verify(token, options);
  if (refusal) return refuse(refusal);
  if (audience === undefined || !options.audiences.some((own) => sameAudience(own, audience))) {
    return refuse("audience");
  }
  const principal = options.directory.byObjectId(String(claims["oid"]));
  return principal ? { accepted: true, principal, audience } : refuse("principal");
}

/** The claims of a well-formed token, before anything was verified. */
function unverifiedClaims(token: string): JWTPayload | undefined {
  try {
    decodeProtectedHeader(token);
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

async function verify(token: string, { key, now }: TokenCheckOptions): Promise<TokenRefusal | undefined> {
  try {
    await jwtVerify(token, key.publicKey, { algorithms: ["RS256"], currentDate: now() });
    return undefined;
  } catch (error) {
    if (error instanceof errors.JWTExpired) return "expired";
    if (error instanceof errors.JWTClaimValidationFailed) return "notYetValid";
    return "signature";
  }
}
