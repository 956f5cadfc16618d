import { regionName } from "../../../contract/hosts.js";
import { type ArmAnswer, type ArmContext, type ArmRequest, listOf } from "./armRequest.js";
import { authorize } from "./authentication.js";
import { splitType } from "./catalog.js";
import { armErrors } from "./errors.js";
import { subscriptionId } from "./locate.js";
import { isRegion, regions } from "./locations.js";
import type { ResourceTarget } from "./path.js";

/** GET `/subscriptions/{s}/providers/{namespace}/locations/{location}/{list}`; undefined for any other path. */
export function answerRegionalList(
  context: ArmContext,
  request: ArmRequest,
  target: ResourceTarget,
): ArmAnswer | undefined {
  const [first, list = ""] = target.types;
  const [location] = target.names;
  const isList = target.types.length === 2 && target.names.length === 1 && target.scope.length === 2;
  if (!isList || location === undefined || first?.toLowerCase() !== "locations") return undefined;
  for (const { type, regionalLists } of context.catalog.types) {
    const { namespace } = splitType(type);
    const members = regionalLists?.[list.toLowerCase()];
    if (!members || namespace.toLowerCase() !== target.namespace.toLowerCase()) continue;
    if (request.method !== "GET") throw armErrors.methodNotAllowed(request.method, `${namespace}/locations/${list}`);
    authorize(context, request, `${namespace}/locations/${list}/read`, subscriptionId);
    if (!context.providers.isRegistered(namespace)) throw armErrors.notRegistered(namespace);
    if (!isRegion(location)) {
      throw armErrors.locationNotAvailable(location, `locations/${list}`, [...regions.keys()]);
    }
    return listOf(members(regionName(location)));
  }
  return undefined;
}
