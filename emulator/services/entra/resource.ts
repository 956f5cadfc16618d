import { audiences, hostSuffixes, sameAudience } from "../../../contract/hosts.js";
import type { Resources } from "../../platform/resources.js";
import { refusals } from "./errors.js";

const defaultScope = "/.default";
/** OpenID Connect's own scopes, which MSAL adds to every request and which name no resource. */
const signInScopes = ["openid", "profile", "offline_access", "email"];

/**
 * The resource that a v2 `scope` asks for, as the token's `aud` spells it: `https://x//.default` means `https://x/`.
 * Throws a `SignInError` when it is not exactly one `<resource>/.default`.
 */
export function resourceOfScope(scope: string): string {
  const scopes = scope.split(" ").filter((part) => part !== "" && !signInScopes.includes(part.toLowerCase()));
  const [only, ...others] = scopes;
  if (only === undefined) throw refusals.scopeWithoutDefault(scope);
  if (others.length > 0) throw refusals.severalResources(scope);
  if (!only.toLowerCase().endsWith(defaultScope)) throw refusals.scopeWithoutDefault(only);
  return only.slice(0, -defaultScope.length);
}

/** Whether the tenant has a service principal of this name: Azure's planes, and each storage account by its own URL. */
export function isKnownResource(resource: string, resources: Resources): boolean {
  const planes: readonly string[] = Object.values(audiences).flat();
  return planes.some((audience) => sameAudience(audience, resource)) || isStorageAccount(resource, resources);
}

function isStorageAccount(resource: string, resources: Resources): boolean {
  const host = /^https:\/\/([a-z0-9.-]+)\/*$/i.exec(resource)?.[1]?.toLowerCase();
  const suffix = [hostSuffixes.blob, hostSuffixes.dataLake].find((candidate) => host?.endsWith(candidate));
  if (host === undefined || suffix === undefined) return false;
  return resources.named("Microsoft.Storage/storageAccounts", host.slice(0, -suffix.length)) !== undefined;
}
