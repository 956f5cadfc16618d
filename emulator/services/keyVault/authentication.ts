import type { FastifyRequest } from "fastify";
import { audiences } from "../../../contract/hosts.js";
import type { Principal } from "../../platform/directory.js";
import type { Platform } from "../../platform/platform.js";
import { subscription } from "../../platform/subscription.js";
import type { RefusedToken } from "../../platform/tokens.js";
import { badParameter, challenge, vaultError } from "./errors.js";
import { type Vault, vaultAt } from "./vault.js";

/** A request to a vault's host whose sender is known. */
export interface VaultCall {
  readonly vault: Vault;
  readonly caller: Principal;
}

/**
 * Finds the vault and the caller. A request without a good token gets 401 with the challenge before anything else of it
 * is looked at: the official clients send their first request empty on purpose.
 */
export async function identify(platform: Platform, request: FastifyRequest): Promise<VaultCall> {
  const check = await platform.tokens.check(request.headers.authorization, audiences.keyVault);
  if (!check.accepted) throw challenge(refusalText(check));
  const vault = vaultAt(platform.resources, request.headers.host ?? "");
  if (!vault) throw vaultError(404, "VaultNotFound", `The vault of ${request.headers.host} was not found.`);
  requireVersion(request.query);
  return { vault, caller: check.principal };
}

/** `appid=…;oid=…;iss=…`: how the vault's refusals name a caller. */
export function callerText({ appId, objectId }: Principal): string {
  return `appid=${appId};oid=${objectId};iss=https://sts.windows.net/${subscription.tenantId}/`;
}

function refusalText(check: RefusedToken): string {
  switch (check.refusal) {
    case "missing":
      return "AKV10000: Request is missing a Bearer or PoP token.";
    case "audience":
      return `AKV10022: Invalid audience. Expected https://vault.azure.net, found: ${check.audience ?? ""}.`;
    case "issuer":
      return `AKV10032: Invalid issuer. Expected one of https://sts.windows.net/${subscription.tenantId}/, found ${check.issuer ?? ""}.`;
    case "expired":
      return "[TokenExpired] Error validating token: 'S2S12086'.";
    case "notYetValid":
      return "Error validating token: IDX10222";
    case "malformed":
      return "[BearerReadAccessTokenFailed] Error validating token: 'S2S12005'.";
    case "signature":
      return "AKV10046: Unable to resolve the key used for signature validation.";
    case "principal":
      return "[AggregatedAuthenticationFailure] Error validating token: 'S2S17001'.";
  }
}

/** Any version that could be one is taken; a request without is not. */
function requireVersion(query: unknown): void {
  const version = typeof query === "object" && query !== null ? Reflect.get(query, "api-version") : undefined;
  if (typeof version !== "string" || version === "") throw badParameter("api-version must be specified");
  if (!/^(\d{4}-\d{2}-\d{2}|7\.\d)(-preview[.\d]*)?$/.test(version)) {
    throw badParameter(`The specified version (${version}) is not recognized.`);
  }
}
