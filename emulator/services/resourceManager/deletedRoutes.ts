import { regionName } from "../../../contract/hosts.js";
import type { DeletedResource } from "../../platform/deletedResources.js";
import type { ResourceType } from "../../platform/resourceType.js";
import { type ArmAnswer, type ArmContext, type ArmRequest, listOf, ok } from "./armRequest.js";
import { authorize } from "./authentication.js";
import { splitType } from "./catalog.js";
import { armErrors } from "./errors.js";
import { groupId, groupOf, subscriptionId } from "./locate.js";
import type { ResourceTarget } from "./path.js";
import { pollingHeaders } from "./polling.js";
import { beginDelete } from "./remove.js";
import { purge } from "./softDelete.js";

/**
 * What a provider tells of its soft-deleted resources: the list (`…/providers/Microsoft.KeyVault/deletedVaults`, of the
 * subscription or of a group), one (`…/locations/{l}/deletedVaults/{v}`) and its purge (POST, 202 with a Location).
 * Undefined for any other path.
 */
export function answerDeleted(context: ArmContext, request: ArmRequest, target: ResourceTarget): ArmAnswer | undefined {
  const [first = "", second, verb] = target.types.map((segment) => segment.toLowerCase());
  const byLocation = first === "locations" && second !== undefined;
  const type = typeListing(context, target.namespace, byLocation ? second : first);
  const listed = type?.softDelete?.listed;
  if (!type || !listed) return undefined;
  const { namespace } = splitType(type.type);
  if (!byLocation) return target.names.length === 0 ? list(context, request, target, type) : undefined;
  const [location = "", name = ""] = target.names;
  if (target.scope.length !== 2 || !listed.byLocation || name === "") return undefined;
  const action = `${namespace}/locations/${listed.collection}`;
  const id = `${subscriptionId}/providers/${namespace}/locations/${location}/${listed.collection}/${name}`;
  const find = (): DeletedResource => {
    const kept = context.deleted.named(type.type, name);
    if (kept && regionName(String(kept.resource.body["location"])) === regionName(location)) return kept;
    throw listed.byLocation?.notFound(name);
  };
  if (verb === undefined && request.method === "GET") {
    authorize(context, request, `${action}/read`, id);
    return ok(listed.bodyOf(find()));
  }
  if (verb !== "purge" || request.method !== "POST") return undefined;
  authorize(context, request, `${action}/purge/action`, id);
  const kept = find();
  listed.byLocation.checkPurge(kept);
  if (context.operations.busyWith(kept.resource.id)) throw armErrors.operationInProgress(id);
  const operation = beginDelete(context, request, kept.resource, true);
  context.operations.runInBackground(operation, () => purge(context, kept));
  return { status: 202, headers: pollingHeaders(request, "location", kept.resource, operation) };
}

function list(context: ArmContext, request: ArmRequest, target: ResourceTarget, type: ResourceType): ArmAnswer {
  const listed = type.softDelete?.listed;
  if (!listed || target.types.length !== 1 || request.method !== "GET") {
    throw armErrors.methodNotAllowed(request.method, target.types.join("/"));
  }
  const { namespace } = splitType(type.type);
  const group = groupOf(target.scope);
  const scope = group === undefined ? subscriptionId : groupId(group);
  authorize(context, request, `${namespace}/${listed.collection}/read`, scope);
  const within = `${scope}/`.toLowerCase();
  const kept = context.deleted.ofType(type.type);
  return listOf(kept.filter(({ resource }) => resource.id.toLowerCase().startsWith(within)).map(listed.bodyOf));
}

function typeListing({ catalog }: ArmContext, namespace: string, collection: string): ResourceType | undefined {
  return catalog.types.find(
    ({ type, softDelete }) =>
      splitType(type).namespace.toLowerCase() === namespace.toLowerCase() &&
      softDelete?.listed?.collection.toLowerCase() === collection,
  );
}
