import { timingSafeEqual } from "node:crypto";
import type { Endpoint, Endpoints } from "./endpoints.js";
import { invalidKey, managementUnauthorized, notFound } from "./errors.js";
import { workspace } from "./workspace.js";

/** The endpoint of a path, whose key the request must carry; 404 for another workspace or service, 401 for another key. */
export function endpointAt(
  endpoints: Endpoints,
  { workspaceId, serviceId }: { readonly workspaceId: string; readonly serviceId: string },
): Endpoint {
  requireWorkspace(workspaceId);
  const endpoint = endpoints.withId(serviceId);
  if (!endpoint) throw notFound.service();
  return endpoint;
}

export function requireWorkspace(workspaceId: string): void {
  if (workspaceId.toLowerCase() !== workspace.id) throw notFound.workspace();
}

/** Lets the holder of one of the endpoint's keys through; else 401. */
export function requireKey(endpoint: Endpoint, authorization: string | undefined): void {
  if (!holds(authorization, [endpoint.primaryKey, endpoint.secondaryKey])) throw invalidKey();
}

/** Lets the holder of the workspace's token through, and where an endpoint is given, of one of its keys; else 401. */
export function requireManager(token: string, authorization: string | undefined, endpoint?: Endpoint): void {
  const keys = endpoint ? [endpoint.primaryKey, endpoint.secondaryKey] : [];
  if (!holds(authorization, [token, ...keys])) throw managementUnauthorized();
}

function holds(authorization: string | undefined, keys: readonly string[]): boolean {
  const [, given] = /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? "") ?? [];
  if (given === undefined) return false;
  return keys.some((key) => key.length === given.length && timingSafeEqual(Buffer.from(key), Buffer.from(given)));
}
