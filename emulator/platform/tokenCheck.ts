import { compactVerify, decodeJwt, decodeProtectedHeader, type JWTPayload } from "jose";
import { sameAudience } from "../../contract/hosts.js";
import type { Directory } from "./directory.js";
import type { SigningKey } from "./signingKey.js";
import type { TokenCheck, TokenRefusal } from "./tokens.js";

export interface TokenCheckOptions {
  readonly key: SigningKey;
  readonly issuers: readonly string[];
  readonly directory: Directory;
  readonly now: () => Date;
}

/** How many tokens are remembered whose signature holds: clients show the same one hundreds of times. */
const rememberedTokens = 1_000;

/**
 * The check of an Authorization header's bearer token: form, issuer, signature, times, audience, and that its owner still
 * exists. Everything but the signature, which takes longest and cannot change, is looked at anew each time.
 */
export function createTokenCheck(options: TokenCheckOptions) {
  const { key, issuers, directory, now } = options;
  const signed = new Map<string, JWTPayload>();

  async function isSigned(token: string, claims: JWTPayload): Promise<boolean> {
    if (signed.has(token)) return true;
    try {
      await compactVerify(token, key.publicKey, { algorithms: ["RS256"] });
    } catch {
      return false;
    }
    const [oldest] = signed.keys();
    if (signed.size >= rememberedTokens && oldest !== undefined) signed.delete(oldest);
    signed.set(token, claims);
    return true;
  }

  return async (authorization: string | undefined, audiences: readonly string[]): Promise<TokenCheck> => {
    const token = /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? "")?.[1];
    if (token === undefined) return refused("missing");
    const claims = signed.get(token) ?? unverifiedClaims(token);
    if (!claims) return refused("malformed");
    // a key of another tenant is no key of ours: without this, the foreign tenant's token would read as forged
    if (!issuers.includes(String(claims.iss))) return refused("issuer", claims);
    if (!(await isSigned(token, claims))) return refused("signature", claims);
    const ended = outsideItsTimes(claims, now());
    if (ended) return refused(ended, claims);
    const audience = audienceOf(claims);
    if (audience === undefined || !audiences.some((own) => sameAudience(own, audience))) {
      return refused("audience", claims);
    }
    const principal = directory.byObjectId(String(claims["oid"]));
    return principal ? { accepted: true, principal, audience, roles: rolesOf(claims) } : refused("principal", claims);
  };
}

function refused(refusal: TokenRefusal, claims: JWTPayload = {}): TokenCheck {
  return {
    accepted: false,
    refusal,
    audience: audienceOf(claims),
    issuer: typeof claims.iss === "string" ? claims.iss : undefined,
    notBefore: momentOf(claims.nbf),
    expires: momentOf(claims.exp),
  };
}

const audienceOf = ({ aud }: JWTPayload) => (typeof aud === "string" ? aud : undefined);
const rolesOf = ({ roles }: JWTPayload): readonly string[] => (Array.isArray(roles) ? roles.map(String) : []);
const momentOf = (seconds: unknown) =>
  typeof seconds === "number" && Math.abs(seconds) < 8.64e12 ? new Date(seconds * 1000) : undefined;

/** The claims of a well-formed token, before anything was verified. */
function unverifiedClaims(token: string): JWTPayload | undefined {
  try {
    decodeProtectedHeader(token);
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

/** RFC 7519, 4.1.4 and 4.1.5, to the second and without tolerance; a token without an end has ended. */
function outsideItsTimes({ nbf, exp }: JWTPayload, now: Date): "expired" | "notYetValid" | undefined {
  const present = Math.floor(now.getTime() / 1000);
  if (typeof exp !== "number" || exp <= present) return "expired";
  return typeof nbf === "number" && nbf > present ? "notYetValid" : undefined;
}
