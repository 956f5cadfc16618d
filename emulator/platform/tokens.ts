import type { Principal } from "./directory.js";

/** Why a bearer token was not accepted; each service says it in Azure's words for its own plane. */
export type TokenRefusal =
  | "missing"
  | "malformed"
  | "signature"
  | "expired"
  | "notYetValid"
  | "issuer"
  | "audience"
  /** The signature holds, but the directory no longer knows the principal. */
  | "principal";

/** A token that was not accepted, with what it says of itself: nothing of that is verified. */
export interface RefusedToken {
  readonly accepted: false;
  readonly refusal: TokenRefusal;
  readonly audience: string | undefined;
  readonly issuer: string | undefined;
  readonly notBefore: Date | undefined;
  readonly expires: Date | undefined;
}

export type TokenCheck =
  | {
      readonly accepted: true;
      readonly principal: Principal;
      readonly audience: string;
      /** The application permissions that the token carries (claim `roles`). */
      readonly roles: readonly string[];
    }
  | RefusedToken;

/** Issues and checks the tenant's access tokens (RS256). */
export interface Tokens {
  /** A signed access token of the principal for the resource, written into `aud` as requested. */
  issue(request: {
    readonly principal: Principal;
    readonly audience: string;
    /** v1 tokens: issuer https://sts.windows.net/<tenant>/, claim `appid`; v2: `azp`. */
    readonly version: "1.0" | "2.0";
  }): Promise<{
    readonly accessToken: string;
    readonly expiresInSeconds: number;
    readonly notBefore: Date;
    readonly expiresOn: Date;
  }>;
  /** Checks an Authorization header: signature, issuer, times, and that the audience is one of these (slash ignored). */
  check(authorization: string | undefined, audiences: readonly string[]): Promise<TokenCheck>;
  /** The Authorization header as it would be if its token had expired a minute ago; one that holds no token stays as it is. */
  expired(authorization: string): Promise<string>;
  /** The public keys, for the JWKS document. */
  publicKeys(): Promise<{ readonly keys: readonly Readonly<Record<string, unknown>>[] }>;
}
