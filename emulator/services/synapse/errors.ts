import { audiences, hostNames } from "../../../contract/hosts.js";
import type { Json } from "../../../contract/json.js";
import { AzureError, codeOf, type Refusal } from "../../platform/errors.js";
import { subscription } from "../../platform/subscription.js";
import type { RefusedToken } from "../../platform/tokens.js";
import { utcTime } from "../../platform/utcTime.js";
import type { Workspace } from "./workspaces.js";

/** What the HTTP layer refuses, in the bare form of the development endpoint's front door. */
export const httpRefusal: Refusal = (status, message) =>
  new AzureError(status, status === 400 ? "BadRequest" : codeOf(status), message, { shape: "bare" });

/** 400 in the bare form that the artifact operations use (a failed publish, a bad name). */
export function badArtifact(message: string, target: string | null): AzureError {
  return new AzureError(400, "BadRequest", message, { shape: "bare", extra: { target, details: null, error: null } });
}

/** 400 in the enveloped form of the run operations. */
export function badRequest(message: string, extra: Readonly<Record<string, Json>> = {}): AzureError {
  return new AzureError(400, "BadRequest", message, { extra });
}

/** 400: the run that is to be repeated, or the activity that it is to begin with, is not there. */
export function badRerun(message: string, pipelineName: string): AzureError {
  const extra = { target: `pipeline/${pipelineName}/`, details: null };
  return new AzureError(400, "ReferencedPipelineRunNotValid", message, { extra });
}

/** 429: the pipeline's `concurrency` is used up and its queue is full. */
export function tooManyRuns(message: string): AzureError {
  return new AzureError(429, "TooManyRequests", message, {});
}

const failure = "Token Authentication failed";
const hidden = "'[PII is hidden]'";

/** The code and the message of a refused token, with the token library's own sentence inside. */
function refusalOf({ refusal, notBefore, expires }: RefusedToken, now: Date): readonly [code: string, message: string] {
  const current = `Current time: '${utcTime(now)}'`;
  switch (refusal) {
    case "missing":
      return ["AuthenticationFailed", `${failure} - the request has no bearer token in its Authorization header.`];
    case "malformed":
      return [
        "AuthenticationFailed",
        `${failure} with ArgumentException - IDX12741: JWT must have three segments (JWS) or five segments (JWE).`,
      ];
    case "signature":
      return [
        "AuthenticationFailed",
        `${failure} with SecurityTokenInvalidSignatureException - IDX10511: Signature validation failed. Keys tried: ${hidden}.`,
      ];
    case "expired":
      return [
        "ExpiredAuthenticationToken",
        `${failure} with SecurityTokenExpiredException - IDX10223: Lifetime validation failed. The token is expired. ValidTo: '${utcTime(expires)}', ${current}.`,
      ];
    case "notYetValid":
      return [
        "AuthenticationFailed",
        `${failure} - IDX10222: Lifetime validation failed. The token is not yet valid. ValidFrom: '${utcTime(notBefore)}', ${current}.`,
      ];
    case "issuer":
      return [
        "AuthenticationFailed",
        `${failure} with SecurityTokenInvalidIssuerException - IDX10205: Issuer validation failed. Issuer: ${hidden}. Did not match: validationParameters.ValidIssuer: ${hidden} or validationParameters.ValidIssuers: ${hidden}.`,
      ];
    case "audience":
      return [
        "InvalidTokenAuthenticationAudience",
        `${failure} with SecurityTokenInvalidAudienceException - IDX10214: Audience validation failed. Audiences: ${hidden}. Did not match: validationParameters.ValidAudience: ${hidden} or validationParameters.ValidAudiences: ${hidden}.`,
      ];
    case "principal":
      return ["AuthenticationFailed", `${failure} - the token's principal is not in the workspace's tenant.`];
  }
}

/** 401 in the bare form, with the challenge that names the tenant's authority. */
export function unauthenticated(token: RefusedToken, now: Date): AzureError {
  const [code, message] = refusalOf(token, now);
  const authority = `https://${hostNames.login}/${subscription.tenantId}`;
  return new AzureError(401, code, message, {
    shape: "bare",
    headers: { "WWW-Authenticate": `Bearer authorization="${authority}", resource="${audiences.synapse[0]}"` },
  });
}

/** 403: the workspace's firewall has no rule for the caller's address. */
export function addressNotAuthorized(address: string): AzureError {
  return new AzureError(403, "ClientIpAddressNotAuthorized", `Client Ip address : ${address}`);
}

/** 403: the workspace takes calls over private endpoints only. */
export function publicAccessDenied(workspace: Workspace): AzureError {
  return new AzureError(
    403,
    "PublicNetworkAccessDenied",
    `Public network access is disabled for workspace ${workspace.name}; no private endpoint leads to it.`,
  );
}

/** 403 of Synapse RBAC, whose code is `Unauthorized`; `scope` is `workspaces/<name>` or below. */
export function notPermitted(principalId: string, action: string, scope: string): AzureError {
  return new AzureError(
    403,
    "Unauthorized",
    `The principal '${principalId}' does not have the required Synapse RBAC permission to perform this action. ` +
      `Required permission: Action: ${action}, Scope: ${scope}.`,
  );
}

/** 404, bare, as recorded from GET of an unknown pipeline, linked service or trigger; `type` is `Pipeline`, … */
export function artifactNotFound(workspace: Workspace, type: string, name: string): AzureError {
  const [, , subscriptionId, , resourceGroup] = workspace.id.split("/");
  return new AzureError(
    404,
    `${type}NotFound`,
    `The ${type} ${name} was not found in (subscription=${subscriptionId} resourceGroup=${resourceGroup} ` +
      `workspace=${workspace.name})`,
    { shape: "bare" },
  );
}

/** 404 of every operation on a run that is not there. */
export function pipelineRunNotFound(runId: string): AzureError {
  return new AzureError(404, "PipelineRunNotFound", `The pipeline run ${runId} was not found.`);
}

/** 404 of a poll URL that no write has answered. */
export function operationNotFound(id: string): AzureError {
  return new AzureError(404, "OperationNotFound", `The operation ${id} was not found.`);
}

/** 412: the artifact was changed, or is not there, since the caller read its etag. */
export function preconditionFailed(noun: string, name: string): AzureError {
  return new AzureError(412, "PreconditionFailed", `The etag of ${noun} ${name} is not the one in If-Match.`);
}

/** 404 whose message repeats its code, as recorded. */
export function roleAssignmentNotFound(): AzureError {
  return new AzureError(404, "RoleAssignmentNotFound", "RoleAssignmentNotFound");
}

/** 404: none of the built-in roles has this id. */
export function roleDefinitionNotFound(id: string): AzureError {
  return new AzureError(404, "RoleDefinitionNotFound", `The role definition '${id}' does not exist.`);
}

/** 409: the same principal, role and scope, or the same assignment id, is there already. */
export function roleAssignmentExists(): AzureError {
  return new AzureError(409, "RoleAssignmentExists", "The role assignment already exists.");
}

/** 400: the directory has no such principal (also what Azure says until a new one was replicated). */
export function invalidPrincipal(principalId: string): AzureError {
  return new AzureError(400, "InvalidPrincipalId", `The Principal ID '${principalId}' is not valid.`);
}
