import type { AccessToken, TokenCredential } from "@azure/identity";
import type { Clock } from "../../contract/clock.js";
import { signInError } from "./signInError.js";

/** Access tokens by audience (`https://dev.azuresynapse.net`, `https://storage.azure.com`). */
export interface TokenSource {
  /**
   * Rejects with a `ProgramError` of exit code 3 that carries the sign-in service's own sentence. `refused` is a token that
   * the service takes no longer: another one is got, whatever the clock says of its life.
   */
  token(audience: string, refused?: string): Promise<string>;
}

export interface TokenSourceOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Stands in for @azure/identity where the caller has a credential already. */
  readonly credential?: TokenCredential;
}

const longestMarginMs = 5 * 60_000;

/** Tokens of the identity that the environment or the machine has, kept until shortly before they end. */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { clock } = options;
  const kept = new Map<string, { readonly token: Promise<string>; renewAt: number }>();
  let credential: Promise<TokenCredential> | undefined;
  let worked = false;

  async function fetchToken(audience: string): Promise<AccessToken> {
    try {
      credential ??= openCredential(options);
      const token = await (await credential).getToken(`${audience.replace(/\/+$/, "")}/.default`);
      if (token === null) throw new Error("the credential has no token for this service");
      worked = true;
      return token;
    } catch (thrown) {
      // the library would repeat a fault of the service from memory for a minute
      credential = undefined;
      throw signInError(thrown, audience, options.environment, worked);
    }
  }

  function renew(audience: string): Promise<string> {
    const entry = { token: fetchToken(audience).then(keep), renewAt: Number.POSITIVE_INFINITY };
    function keep(token: AccessToken): string {
      const life = token.expiresOnTimestamp - clock.now().getTime();
      entry.renewAt = token.expiresOnTimestamp - Math.min(longestMarginMs, life / 5);
      return token.token;
    }
    kept.set(audience, entry);
    entry.token.catch(() => kept.delete(audience));
    return entry.token;
  }

  return {
    async token(audience, refused) {
      const entry = kept.get(audience);
      if (refused !== undefined && entry !== undefined && (await entry.token) === refused) {
        // a credential keeps tokens of its own, by the same clock
        credential = undefined;
        return renew(audience);
      }
      return entry !== undefined && clock.now().getTime() < entry.renewAt ? entry.token : renew(audience);
    },
  };
}

async function openCredential({ credential, environment }: TokenSourceOptions): Promise<TokenCredential> {
  if (credential !== undefined) return credential;
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, AZURE_CLIENT_SECRET: secret } = environment;
  if (tenant && client && secret) {
    const { clientSecretSignIn } = await import("./clientSecretSignIn.js");
    return clientSecretSignIn(tenant, client, secret);
  }
  const { defaultSignIn } = await import("./defaultSignIn.js");
  return defaultSignIn();
}
