import type { JsonObject } from "../../../contract/json.js";
import { AzureError, codeOf, type Refusal } from "../../platform/errors.js";
import { objectAt } from "../../platform/json.js";
import type { Platform } from "../../platform/platform.js";
import type { TokenRefusal } from "../../platform/tokens.js";

const tokenSentences: Readonly<Record<TokenRefusal, string>> = {
  missing: "Access token is empty.",
  malformed: "CompactToken parsing failed with error code: 80049217",
  signature: "Access token validation failure. Invalid signature.",
  expired: "Lifetime validation failed, the token is expired.",
  notYetValid: "Lifetime validation failed, the token is not yet valid.",
  issuer: "Access token validation failure. Invalid issuer.",
  audience: "Access token validation failure. Invalid audience.",
  principal: "The identity of the calling application could not be established.",
};

const challenge = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"`;

/** The refusals, in Microsoft Graph's words. */
export const graphErrors = {
  token: (refusal: TokenRefusal) =>
    new AzureError(401, "InvalidAuthenticationToken", tokenSentences[refusal], {
      headers: { "www-authenticate": challenge },
    }),
  denied: () =>
    new AzureError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
  notFound: (id: string) =>
    new AzureError(
      404,
      "Request_ResourceNotFound",
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  delegatedOnly: () =>
    new AzureError(400, "BadRequest", "/me request is only valid with delegated authentication flow."),
  badRequest: (message: string) => new AzureError(400, "Request_BadRequest", message),
  invalidFilter: (reason: string) => new AzureError(400, "BadRequest", `Invalid filter clause: ${reason}`),
};

/** What the HTTP layer refuses. */
export function httpRefusal({ ids, clock }: Pick<Platform, "ids" | "clock">): Refusal {
  return (status, message) => {
    const innerError = innerErrorOf({ id: ids.uuid(), clientId: undefined, moment: clock.now() });
    return new AzureError(status, status === 400 ? "BadRequest" : codeOf(status), message, { extra: { innerError } });
  };
}

interface Trace {
  readonly id: string;
  readonly clientId: string | undefined;
  readonly moment: Date;
}

/** A refusal's JSON with what Microsoft Graph adds to each; its date is in UTC, without a zone. */
export function bodyOf({ body }: AzureError, request: Trace): JsonObject {
  return { error: { ...objectAt(body, "error"), innerError: innerErrorOf(request) } };
}

function innerErrorOf({ id, clientId, moment }: Trace): JsonObject {
  const date = moment.toISOString().slice(0, "2026-01-01T00:00:00".length);
  return { date, "request-id": id, "client-request-id": clientId ?? id };
}
