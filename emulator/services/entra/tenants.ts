import { isGuid } from "../../platform/guid.js";
import { subscription } from "../../platform/subscription.js";
import { refusals } from "./errors.js";

const shared = ["common", "organizations", "consumers"];
const domain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

/** The tenant that a path names, or `common` and its like, in lower case; throws a `SignInError` for any other. */
export function tenantOf(segment: string): string {
  const tenant = segment.toLowerCase();
  if (tenant === subscription.tenantId || shared.includes(tenant)) return tenant;
  throw isGuid(tenant) || domain.test(tenant) ? refusals.unknownTenant(segment) : refusals.malformedTenant(segment);
}

/** The tenant itself: `common` and its like do not say whose application signs in. */
export function singleTenantOf(segment: string): string {
  const tenant = tenantOf(segment);
  if (tenant !== subscription.tenantId) throw refusals.noTenant();
  return tenant;
}
