import { principals, subscription } from "../../emulator/platform/subscription.js";
import { machineLearningId, type Plane } from "../helpers/provisioned.js";
import { type Defect, foreignTenant, wrongAudience } from "./tokenDefects.js";

/** The planes that ask for a token; those of Studio (classic) have keys. */
export type GuardedPlane = Exclude<Plane, "entra" | "webHooks" | "batchExecution" | "studioManagement">;

/** Status, code and message; where the service has one, its detail. */
export type Refusal = readonly [status: number, code: string, message: string];

const { tenantId } = subscription;
/** A signature that does not hold, for whatever reason, is one and the same refusal. */
const forged = (refusal: Refusal) => ({
  unsigned: refusal,
  "foreign key": refusal,
  "altered payload": refusal,
  "altered signature": refusal,
});
/** Stands for a moment as .NET writes it. */
export const moment = "<moment>";
const foreignIssuer = `https://sts.windows.net/${foreignTenant}/`;
const ownIssuer = `https://sts.windows.net/${tenantId}/`;

const armInvalid: Refusal = [401, "InvalidAuthenticationToken", "The access token is invalid."];
const synapseFailure = "Token Authentication failed";
const pii = "'[PII is hidden]'";
const blobMessage =
  "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.";
const blob = (detail: string): Refusal => [401, "InvalidAuthenticationInfo", `${blobMessage} ${detail}`];
const envoy = (message: string): Refusal => [401, "UserError/Auth", message];
const vault = (message: string): Refusal => [401, "Unauthorized", message];
const graph = (message: string): Refusal => [401, "InvalidAuthenticationToken", message];
const synapse = (message: string, code = "AuthenticationFailed"): Refusal => [
  401,
  code,
  `${synapseFailure} ${message}`,
];

const machineLearning: Record<Defect, Refusal> = {
  ...forged(envoy("Jwt verification fails")),
  "wrong audience": [403, "UserError/Auth", "Audiences in JWT are not allowed"],
  expired: envoy("Jwt is expired"),
  "not yet valid": envoy("Jwt not yet valid"),
  "foreign tenant": envoy("Jwt issuer is not configured"),
  "no token at all": envoy("Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections"),
};

/** How each plane words each defect. */
export const refusals: Record<GuardedPlane, Record<Defect, Refusal>> = {
  resourceManager: {
    ...forged(armInvalid),
    "wrong audience": [
      401,
      "InvalidAuthenticationTokenAudience",
      `The access token has been obtained for wrong audience or resource '${wrongAudience}'. It should exactly match with one of the allowed audiences 'https://management.core.windows.net/','https://management.core.windows.net','https://management.azure.com/','https://management.azure.com'.`,
    ],
    expired: [
      401,
      "ExpiredAuthenticationToken",
      `The access token expiry UTC time '${moment}' is earlier than current UTC time '${moment}'.`,
    ],
    "not yet valid": [
      401,
      "InvalidAuthenticationToken",
      "The access token is not valid yet. Check the clock of this machine.",
    ],
    "foreign tenant": [
      401,
      "InvalidAuthenticationTokenTenant",
      `The access token is from the wrong issuer '${foreignIssuer}'. It must match the tenant '${ownIssuer}' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/${tenantId}' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later.`,
    ],
    "no token at all": armInvalid,
  },
  keyVault: {
    ...forged(vault("AKV10046: Unable to resolve the key used for signature validation.")),
    "wrong audience": vault(`AKV10022: Invalid audience. Expected https://vault.azure.net, found: ${wrongAudience}.`),
    expired: vault("[TokenExpired] Error validating token: 'S2S12086'."),
    "not yet valid": vault("Error validating token: IDX10222"),
    "foreign tenant": vault(`AKV10032: Invalid issuer. Expected one of ${ownIssuer}, found ${foreignIssuer}.`),
    "no token at all": vault("[BearerReadAccessTokenFailed] Error validating token: 'S2S12005'."),
  },
  blob: {
    ...forged(blob("Signature validation failed. The signature key was not found.")),
    "wrong audience": blob("Audience validation failed. Audience did not match."),
    expired: blob("Lifetime validation failed. The token is expired."),
    "not yet valid": blob("Lifetime validation failed. The token is not yet valid."),
    "foreign tenant": blob("Issuer validation failed. Issuer did not match."),
    "no token at all": blob("The token is malformed."),
  },
  synapse: {
    ...forged(
      synapse(
        `with SecurityTokenInvalidSignatureException - IDX10511: Signature validation failed. Keys tried: ${pii}.`,
      ),
    ),
    "wrong audience": synapse(
      `with SecurityTokenInvalidAudienceException - IDX10214: Audience validation failed. Audiences: ${pii}. Did not match: validationParameters.ValidAudience: ${pii} or validationParameters.ValidAudiences: ${pii}.`,
      "InvalidTokenAuthenticationAudience",
    ),
    expired: synapse(
      `with SecurityTokenExpiredException - IDX10223: Lifetime validation failed. The token is expired. ValidTo: '${moment}', Current time: '${moment}'.`,
      "ExpiredAuthenticationToken",
    ),
    "not yet valid": synapse(
      `- IDX10222: Lifetime validation failed. The token is not yet valid. ValidFrom: '${moment}', Current time: '${moment}'.`,
    ),
    "foreign tenant": synapse(
      `with SecurityTokenInvalidIssuerException - IDX10205: Issuer validation failed. Issuer: ${pii}. Did not match: validationParameters.ValidIssuer: ${pii} or validationParameters.ValidIssuers: ${pii}.`,
    ),
    "no token at all": synapse(
      "with ArgumentException - IDX12741: JWT must have three segments (JWS) or five segments (JWE).",
    ),
  },
  scoring: machineLearning,
  history: machineLearning,
  datasets: machineLearning,
  graph: {
    ...forged(graph("Access token validation failure. Invalid signature.")),
    "wrong audience": graph("Access token validation failure. Invalid audience."),
    expired: graph("Lifetime validation failed, the token is expired."),
    "not yet valid": graph("Lifetime validation failed, the token is not yet valid."),
    "foreign tenant": graph("Access token validation failure. Invalid issuer."),
    "no token at all": graph("CompactToken parsing failed with error code: 80049217"),
  },
};

const authority = `https://login.microsoftonline.com/${tenantId}`;
const realm = 'Bearer realm="<url>", error="invalid_token"';

/** The challenge (WWW-Authenticate) beside each refusal; `<url>` is the URL asked for, `<message>` the refusal's message. */
export const challenges: Record<GuardedPlane, string> = {
  resourceManager: `Bearer authorization_uri="${authority}", error="invalid_token", error_description="<message>"`,
  keyVault: `Bearer authorization="${authority}", resource="https://vault.azure.net"`,
  blob: `Bearer authorization_uri=${authority}/oauth2/authorize resource_id=https://storage.azure.com`,
  synapse: `Bearer authorization="${authority}", resource="https://dev.azuresynapse.net"`,
  scoring: realm,
  history: realm,
  datasets: realm,
  graph:
    'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"',
};

const { appId, objectId } = principals.operator;
const noAuthorization = (action: string, scope: string) =>
  `The client '${appId}' with object id '${objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
const workspaces = "Microsoft.MachineLearningServices/workspaces";
const notIn = (action: string): Refusal => [
  403,
  "UserError/Authorization",
  noAuthorization(`${workspaces}/${action}`, machineLearningId),
];

/** How each plane answers a good token whose owner lacks the role. */
export const missingRole: Record<GuardedPlane, Refusal> = {
  resourceManager: [
    403,
    "AuthorizationFailed",
    noAuthorization("Microsoft.MachineLearningServices/workspaces/read", machineLearningId),
  ],
  keyVault: [
    403,
    "Forbidden",
    `The user, group or application 'appid=${appId};oid=${objectId};iss=${ownIssuer}' does not have secrets get permission on key vault 'provisioned;location=centralus'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`,
  ],
  blob: [
    403,
    "AuthorizationPermissionMismatch",
    "This request is not authorized to perform this operation using this permission. ",
  ],
  synapse: [
    403,
    "Unauthorized",
    `The principal '${objectId}' does not have the required Synapse RBAC permission to perform this action. Required permission: Action: Microsoft.Synapse/workspaces/artifacts/read, Scope: workspaces/provisioned.`,
  ],
  scoring: notIn("batchEndpoints/jobs/read"),
  history: notIn("experiments/runs/read"),
  datasets: notIn("datasets/unregistered/read"),
  graph: [403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."],
};
