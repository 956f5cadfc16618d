import { randomBytes } from "node:crypto";
import { decodeJwt, type JWTPayload, SignJWT } from "jose";
import { audiences, sameAudience } from "../../contract/hosts.js";
import type { Directory, Principal } from "./directory.js";
import { openSigningKey } from "./signingKey.js";
import type { Store } from "./store.js";
import { graphPermissions } from "./subscription.js";
import { createTokenCheck } from "./tokenCheck.js";
import type { Tokens } from "./tokens.js";

/** Entra ID's lives of an access token: of an application, and of a managed identity. */
const livesInSeconds = { Application: 3_599, ManagedIdentity: 86_399 } as const;
/** Entra ID dates a token back, so that a service whose clock is behind takes it at once. */
const backdatedSeconds = 300;
/** For how long a token that is made to have expired is over. */
const expiredSeconds = 60;

export interface TokenAuthorityOptions {
  readonly store: Store;
  readonly directory: Directory;
  readonly tenantId: string;
  /** Real time, since clients compare `exp` with their own watch. */
  readonly now: () => Date;
  /** RSA, PKCS #8, PEM; absent: a key of its own, kept encrypted in the store. */
  readonly signingKeyPem?: string;
  /** What a token's life is divided by when the emulator's time runs faster than a watch; 1 when absent. */
  readonly timeScale?: number;
}

/** Opens the tenant's token authority: RS256, issuers and claims as Entra ID writes them for applications. */
export async function openTokens(options: TokenAuthorityOptions): Promise<Tokens> {
  const { directory, tenantId, now, timeScale = 1 } = options;
  const key = await openSigningKey(options.store, options.signingKeyPem);
  const issuers = {
    "1.0": `https://sts.windows.net/${tenantId}/`,
    "2.0": `https://login.microsoftonline.com/${tenantId}/v2.0`,
  } as const;
  const sign = (claims: JWTPayload) =>
    new SignJWT(claims).setProtectedHeader({ typ: "JWT", alg: "RS256", kid: key.id }).sign(key.privateKey);
  return {
    async issue({ principal, audience, version }) {
      const expiresInSeconds = Math.max(1, Math.floor(livesInSeconds[principal.kind] / timeScale));
      const present = Math.floor(now().getTime() / 1000);
      const notBefore = present - backdatedSeconds;
      const expiresOn = present + expiresInSeconds;
      const claims = {
        aud: audience,
        iss: issuers[version],
        iat: notBefore,
        nbf: notBefore,
        exp: expiresOn,
        ...claimsOf(principal, version),
        ...permissionsOf(principal, audience),
        idp: issuers["1.0"],
        tid: tenantId,
        uti: randomBytes(16).toString("base64url"),
        ver: version,
      };
      const accessToken = await sign(claims);
      return {
        accessToken,
        expiresInSeconds,
        notBefore: new Date(notBefore * 1000),
        expiresOn: new Date(expiresOn * 1000),
      };
    },
    async expired(authorization) {
      const claims = claimsIn(authorization);
      if (!claims) return authorization;
      const exp = Math.floor(now().getTime() / 1000) - expiredSeconds;
      const nbf = exp - livesInSeconds.Application;
      return `Bearer ${await sign({ ...claims, iat: nbf, nbf, exp })}`;
    },
    check: createTokenCheck({ key, issuers: Object.values(issuers), directory, now }),
    publicKeys: async () => ({ keys: [{ ...key.jwk, issuer: issuers["2.0"] }] }),
  };
}

/** What a bearer token says, unverified. */
function claimsIn(authorization: string): JWTPayload | undefined {
  try {
    return decodeJwt(authorization.replace(/^Bearer +/i, ""));
  } catch {
    return undefined;
  }
}

/** The application permissions that the principal was granted on the resource; the claim is left out when there are none. */
function permissionsOf({ objectId }: Principal, audience: string): JWTPayload {
  const granted = audiences.graph.some((graph) => sameAudience(graph, audience))
    ? graphPermissions[objectId]
    : undefined;
  return granted ? { roles: granted } : {};
}

/** Who the token is for, in the names of its version; `2` says that no client secret was involved. */
function claimsOf(principal: Principal, version: "1.0" | "2.0"): JWTPayload {
  const authenticatedBy = principal.kind === "ManagedIdentity" ? "2" : "1";
  return {
    ...(version === "1.0"
      ? { appid: principal.appId, appidacr: authenticatedBy }
      : { azp: principal.appId, azpacr: authenticatedBy }),
    idtyp: "app",
    oid: principal.objectId,
    sub: principal.objectId,
    ...(principal.kind === "ManagedIdentity" && { xms_mirid: principal.resourceId }),
  };
}
