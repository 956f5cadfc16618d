import type { IncomingMessage } from "node:http";
import { audiences, blobUrl } from "../../../contract/hosts.js";
import type { Principal } from "../../platform/directory.js";
import { notEmulated } from "../../platform/errors.js";
import { propertiesOf } from "../../platform/json.js";
import type { Platform } from "../../platform/platform.js";
import type { StoredResource } from "../../platform/resources.js";
import type { TokenRefusal } from "../../platform/tokens.js";
import type { AccountKeys } from "./accountKeys.js";
import { type BlobOperation, partsOf } from "./operations.js";
import { sharedKeyAuthorization } from "./sharedKey.js";
import {
  authenticationFailed,
  keysNotPermitted,
  malformedAuthorization,
  permissionMismatch,
  publicAccessNotPermitted,
  storageError,
} from "./storageErrors.js";

/** The first version of the service that knows bearer tokens. */
const firstBearerVersion = "2017-11-09";

/** The first version that answers a refused token with 401 and a challenge; those before it answer 403. */
const firstChallengeVersion = "2019-12-12";

const signatureLifeMs = 15 * 60 * 1000;

const refusalDetails: Readonly<Record<TokenRefusal, string>> = {
  missing: "Authentication information is missing.",
  malformed: "The token is malformed.",
  signature: "Signature validation failed. The signature key was not found.",
  expired: "Lifetime validation failed. The token is expired.",
  notYetValid: "Lifetime validation failed. The token is not yet valid.",
  issuer: "Issuer validation failed. Issuer did not match.",
  audience: "Audience validation failed. Audience did not match.",
  principal: "The principal of the token was not found in the directory.",
};

/** Lets a principal through or throws 403 AuthorizationPermissionMismatch. */
export function requireRole(
  platform: Platform,
  principal: Principal,
  account: StoredResource,
  operation: BlobOperation,
): void {
  const service = `${account.id}/blobServices/default`;
  const scope = operation.container === "" ? service : `${service}/containers/${operation.container}`;
  const may = operation.plane === "control" ? platform.access.mayAct : platform.access.mayActOnData;
  const allowed = operation.anyOf.some((action) =>
    may(principal.objectId, `Microsoft.Storage/storageAccounts/blobServices/${action}`, scope),
  );
  if (!allowed) throw permissionMismatch();
}

/** Lets the holder of an account key through, unless the account forbids keys. */
export function requireKeysPermitted(account: StoredResource): void {
  if (propertiesOf(account)["allowSharedKeyAccess"] === false) throw keysNotPermitted();
}

/**
 * Checks who sends a request and whether it may be done: a token and a role, the account's key, or a shared access
 * signature (whose own check is Azurite's). Throws an `AzureError` in the storage service's words. With a `principal` in
 * the answer the request carries a token, which Azurite must not see. `now` is the caller's time, not the emulator's.
 */
export async function authorize(
  platform: Platform,
  request: IncomingMessage,
  account: StoredResource,
  keys: AccountKeys,
  operation: BlobOperation,
  now: Date,
): Promise<{ readonly principal: Principal | undefined }> {
  const authorization = request.headers.authorization ?? "";
  const [scheme = ""] = authorization.split(" ", 1);
  if (scheme.toLowerCase() === "bearer") {
    const principal = await bearerOf(platform, request, account);
    requireRole(platform, principal, account, operation);
    return { principal };
  }
  const query = new URLSearchParams(partsOf(request.url ?? "").query);
  if (scheme === "SharedKey") {
    requireKeysPermitted(account);
    requireSignature(request, account, keys);
    requireRecent(request, now);
    return { principal: undefined };
  }
  if (scheme === "SharedKeyLite") throw notEmulated("the authorization scheme SharedKeyLite on blobs");
  // not repeated: a header without a scheme may be a bare key
  if (scheme !== "") throw malformedAuthorization();
  if (query.has("sig")) {
    if (query.has("skoid")) throw notEmulated("shared access signatures made with a user delegation key");
    requireKeysPermitted(account);
    return { principal: undefined };
  }
  if (!operation.writes && propertiesOf(account)["allowBlobPublicAccess"] !== true) throw publicAccessNotPermitted();
  throw storageError(
    401,
    "NoAuthenticationInformation",
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
  );
}

async function bearerOf(platform: Platform, request: IncomingMessage, account: StoredResource): Promise<Principal> {
  const version = request.headers["x-ms-version"];
  if (typeof version !== "string" || version < firstBearerVersion) {
    throw authenticationFailed("Authentication scheme Bearer is not supported in this version.");
  }
  const check = await platform.tokens.check(request.headers.authorization, [
    ...audiences.storage,
    blobUrl(account.name),
  ]);
  if (check.accepted) return check.principal;
  if (version < firstChallengeVersion) throw authenticationFailed(refusalDetails[check.refusal]);
  throw storageError(
    401,
    "InvalidAuthenticationInfo",
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
    refusalDetails[check.refusal],
  );
}

function requireSignature(request: IncomingMessage, account: StoredResource, keys: AccountKeys): void {
  const { method = "", url = "", headers } = request;
  const known = [keys.key1, keys.key2].map((key) =>
    sharedKeyAuthorization({ method, url, headers }, account.name, key),
  );
  if (!known.includes(headers.authorization ?? "")) {
    throw authenticationFailed(
      "The MAC signature found in the HTTP request is not the same as any computed signature.",
    );
  }
}

/** A signed request is good for a quarter of an hour ("Authorize with Shared Key", "Specifying the Date header"). */
function requireRecent({ headers }: IncomingMessage, now: Date): void {
  const sent = String(headers["x-ms-date"] ?? headers.date ?? "");
  const moment = Date.parse(sent);
  if (Number.isNaN(moment)) {
    throw authenticationFailed("The Date header in the request is incorrect.");
  }
  if (now.getTime() - moment > signatureLifeMs) throw authenticationFailed(`Request date header too old: '${sent}'`);
}
