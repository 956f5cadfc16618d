import { audiences } from "../../../contract/hosts.js";
import type { Principal } from "../../platform/directory.js";
import { AzureError } from "../../platform/errors.js";
import type { Platform } from "../../platform/platform.js";
import { subscription } from "../../platform/subscription.js";
import type { RefusedToken } from "../../platform/tokens.js";
import { utcTime } from "../../platform/utcTime.js";
import type { ArmContext, ArmRequest } from "./armRequest.js";
import { armErrors } from "./errors.js";

/** The caller of a bearer token for Resource Manager; refuses with ARM's 401s and their WWW-Authenticate. */
export async function authenticate(platform: Platform, authorization: string | undefined): Promise<Principal> {
  const check = await platform.tokens.check(authorization, audiences.resourceManager);
  if (check.accepted) return check.principal;
  const [code, message] = refusal(check, platform.clock.now());
  const challenge = `Bearer authorization_uri="https://login.microsoftonline.com/${subscription.tenantId}", error="invalid_token", error_description="${message}"`;
  throw new AzureError(401, code, message, { headers: { "www-authenticate": challenge } });
}

/** Throws ARM's 403 unless one of the caller's roles allows the action at the scope. */
export function authorize(context: ArmContext, request: ArmRequest, action: string, scope: string): void {
  const { objectId, appId } = request.caller;
  if (context.access.mayAct(objectId, action, scope)) return;
  throw armErrors.authorizationFailed(appId, objectId, action, scope === "" ? "/" : scope);
}

function refusal(check: RefusedToken, now: Date): [code: string, message: string] {
  switch (check.refusal) {
    case "missing":
      return ["AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."];
    case "expired":
      return [
        "ExpiredAuthenticationToken",
        `The access token expiry UTC time '${utcTime(check.expires)}' is earlier than current UTC time '${utcTime(now)}'.`,
      ];
    case "notYetValid":
      return ["InvalidAuthenticationToken", "The access token is not valid yet. Check the clock of this machine."];
    case "audience": {
      const allowed = audiences.resourceManager
        .toReversed()
        .flatMap((audience) => [`'${audience}/'`, `'${audience}'`])
        .join(",");
      return [
        "InvalidAuthenticationTokenAudience",
        `The access token has been obtained for wrong audience or resource '${check.audience ?? ""}'. It should exactly match with one of the allowed audiences ${allowed}.`,
      ];
    }
    case "issuer":
      return [
        "InvalidAuthenticationTokenTenant",
        `The access token is from the wrong issuer '${check.issuer ?? ""}'. It must match the tenant 'https://sts.windows.net/${subscription.tenantId}/' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/${subscription.tenantId}' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later.`,
      ];
    case "malformed":
    case "signature":
    case "principal":
      return ["InvalidAuthenticationToken", "The access token is invalid."];
  }
}
