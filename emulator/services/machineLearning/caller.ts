import type { FastifyRequest } from "fastify";
import type { Principal } from "../../platform/directory.js";
import type { Platform } from "../../platform/platform.js";
import { forbidden, tokenRefused } from "./errors.js";

/** Who calls a data plane, by the Authorization header; refuses in the service's words. */
export async function authenticate(
  platform: Platform,
  { headers, hostname, url }: Pick<FastifyRequest, "headers" | "hostname" | "url">,
  audiences: readonly string[],
): Promise<Principal> {
  const check = await platform.tokens.check(headers.authorization, audiences);
  if (!check.accepted) throw tokenRefused(check.refusal, `https://${hostname}${url.split("?")[0]}`);
  return check.principal;
}

/** Azure RBAC on the workspace: each action is asked for by its own name. */
export function authorize(platform: Platform, caller: Principal, needed: readonly string[], workspaceId: string): void {
  for (const action of needed) {
    if (!platform.access.mayAct(caller.objectId, action, workspaceId)) throw forbidden(caller, action, workspaceId);
  }
}
