import { hostNames } from "../../../../contract/hosts.js";
import { isJsonObject } from "../../../../contract/json.js";
import type { HttpPort, IdentityPort } from "../../../engine/ports.js";
import { notEmulated } from "../../../platform/errors.js";
import type { Platform } from "../../../platform/platform.js";
import { subscription } from "../../../platform/subscription.js";
import { refusals } from "../../entra/errors.js";
import { isKnownResource } from "../../entra/resource.js";
import type { Workspace } from "../workspaces.js";

const timeoutMs = 60_000;
const maxResponseBytes = 1024 * 1024;

/** How the Web activities of a workspace sign in: as the workspace itself, or as an application with its own secret. */
export function createIdentityPort(platform: Platform, outbound: HttpPort, workspace: Workspace): IdentityPort {
  return {
    async token(request) {
      if (request.kind === "workspace") return workspaceToken(platform, workspace, request.resource);
      if (request.kind === "servicePrincipal") return applicationToken(outbound, request);
      throw notEmulated(`the user-assigned identity of credential '${request.credential}' in a Web activity`);
    },
  };
}

async function workspaceToken(platform: Platform, workspace: Workspace, resource: string): Promise<string> {
  const principal = platform.directory.byResourceId(workspace.id);
  if (!principal) throw new Error(`The workspace ${workspace.name} has no managed identity.`);
  if (!isKnownResource(resource, platform.resources)) throw refusals.unknownResource(resource, subscription.tenantId);
  return (await platform.tokens.issue({ principal, audience: resource, version: "1.0" })).accessToken;
}

async function applicationToken(
  outbound: HttpPort,
  request: Extract<Parameters<IdentityPort["token"]>[0], { kind: "servicePrincipal" }>,
): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: request.clientId,
    client_secret: request.clientSecret,
    resource: request.resource,
  });
  const answer = await outbound.send({
    method: "POST",
    url: `https://${hostNames.login}/${encodeURIComponent(request.tenant)}/oauth2/token`,
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: form.toString(),
    timeoutMs,
    maxResponseBytes,
    signal: new AbortController().signal,
  });
  const body = parse(answer.body);
  if (typeof body["access_token"] === "string" && answer.status === 200) return body["access_token"];
  const reason = body["error_description"];
  throw new Error(typeof reason === "string" ? reason : `The sign-in service answered ${answer.status}.`);
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
