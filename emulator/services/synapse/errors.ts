import { audiences, hostNames } from "../../../contract/hosts.js";
import type { Json } from "../../../contract/json.js";
import { AzureError } from "../../platform/errors.js";
import type { TokenRefusal } from "../../platform/tokens.js";
import type { Workspace } from "./workspaces.js";

/** 400 in the bare form that the artifact operations use (a failed publish, a bad name). */
export function badArtifact(message: string, target: string | null): AzureError {
  return new AzureError(400, "BadRequest", message, { shape: "bare", extra: { target, details: null, error: null } });
}

/** 400 in the enveloped form of the run operations. */
export function badRequest(message: string, extra: Readonly<Record<string, Json>> = {}): AzureError {
  return new AzureError(400, "BadRequest", message, { extra });
}

const refusals: Readonly<Record<TokenRefusal, string>> = {
  missing: "The request has no bearer token in its Authorization header.",
  malformed: "The bearer token is not a JSON web token.",
  signature: "The bearer token's signature is not valid.",
  expired: "The bearer token has expired.",
  notYetValid: "The bearer token is not valid yet.",
  issuer: "The bearer token was not issued by the workspace's tenant.",
  principal: "The bearer token's principal is not in the workspace's tenant.",
  audience: `The bearer token's audience is not ${audiences.synapse[0]}.`,
};

/** 401 with the challenge that names the tenant's authority. */
export function unauthenticated(refusal: TokenRefusal, tenantId: string): AzureError {
  const authority = `https://${hostNames.login}/${tenantId}`;
  return new AzureError(401, "AuthenticationFailed", `Token authentication failed. ${refusals[refusal]}`, {
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

/** 404, bare, as recorded from GET of an unknown pipeline. */
export function pipelineNotFound(workspace: Workspace, name: string): AzureError {
  const [, , subscriptionId, , resourceGroup] = workspace.id.split("/");
  return new AzureError(
    404,
    "PipelineNotFound",
    `The Pipeline ${name} was not found in (subscription=${subscriptionId} resourceGroup=${resourceGroup} ` +
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

/** 412: the pipeline was changed, or is not there, since the caller read its etag. */
export function preconditionFailed(name: string): AzureError {
  return new AzureError(412, "PreconditionFailed", `The etag of pipeline ${name} is not the one in If-Match.`);
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
