import type { Json } from "../../../contract/json.js";
import type { StoredResource } from "../../platform/resources.js";
import type { ArmAnswer, ArmContext, ArmRequest } from "./armRequest.js";
import { authorize } from "./authentication.js";
import { armErrors } from "./errors.js";
import { groupNamed, groupType, locate } from "./locate.js";
import type { Operation } from "./operations.js";
import type { ResourceTarget } from "./path.js";
import { pollingHeaders } from "./polling.js";
import { keepDeleted, purge } from "./softDelete.js";

/** What a deletion needs, besides its resource, to go on after its process was killed. */
interface PendingDelete {
  /** Whether a resource of a soft-deleted type is ended for good. */
  readonly atOnce: boolean;
}

/**
 * DELETE of a resource in a group: 204 when it is not there; what is below it goes first. One of a soft-deleted type is
 * kept for its days, unless the type's own parameter says otherwise.
 */
export async function deleteResource(
  context: ArmContext,
  request: ArmRequest,
  target: ResourceTarget,
): Promise<ArmAnswer> {
  const { type, id, groupName } = locate(context, target, request.apiVersion);
  authorize(context, request, `${type.type}/delete`, id);
  groupNamed(context.platform.resources, groupName);
  if (type.deletable === false) throw armErrors.methodNotAllowed("DELETE", type.type);
  const parameter = type.softDelete?.purgeParameter;
  const atOnce = parameter !== undefined && request.query.get(parameter.name.toLowerCase())?.toLowerCase() === "true";
  const resource = context.platform.resources.get(id);
  refuseBusy(context, id);
  if (!resource) {
    const kept = atOnce && parameter.endsKept ? context.deleted.get(id) : undefined;
    if (!kept) return { status: 204 };
    const operation = beginDelete(context, request, kept.resource, atOnce);
    await context.operations.run(operation, () => purge(context, kept));
    return { status: 200 };
  }
  const operation = beginDelete(context, request, resource, atOnce);
  if (type.putStyle !== "asyncOperation" && type.putStyle !== "asyncOperationAndLocation") {
    await context.operations.run(operation, () => removeWithBelow(context, resource, atOnce));
    return { status: 200 };
  }
  const headers = pollingHeaders(request, "asyncOperationAndLocation", resource, operation);
  context.operations.runInBackground(operation, () => removeWithBelow(context, resource, atOnce));
  return { status: 202, headers };
}

/** DELETE of a resource group: 202 and a Location that answers 202 until everything in it is gone. */
export function deleteGroup(context: ArmContext, request: ArmRequest, name: string): ArmAnswer {
  const group = groupNamed(context.platform.resources, name);
  authorize(context, request, "Microsoft.Resources/subscriptions/resourceGroups/delete", group.id);
  refuseBusy(context, group.id);
  const operation = context.platform.store.transaction(() => {
    setGroupState(context, group, "Deleting");
    return beginDelete(context, request, group, false);
  });
  const headers = pollingHeaders(request, "location", group, operation);
  context.operations.runInBackground(operation, () => removeGroup(context, group));
  return { status: 202, headers };
}

/** Goes on with a deletion that a killed process left. */
export function resumeDelete(context: ArmContext, operation: Operation, request: Json): void {
  const { atOnce } = request as unknown as PendingDelete;
  const resource = context.platform.resources.get(operation.resourceId);
  context.operations.runInBackground(operation, async () => {
    if (resource?.type === groupType) return removeGroup(context, resource);
    if (resource) return removeWithBelow(context, resource, atOnce);
    const kept = atOnce ? context.deleted.get(operation.resourceId) : undefined;
    if (kept) await purge(context, kept);
  });
}

async function removeGroup(context: ArmContext, group: StoredResource): Promise<void> {
  try {
    await removeWithBelow(context, group, false);
  } catch (error) {
    setGroupState(context, group, "Succeeded");
    throw error;
  }
}

/** Deepest first, so that no type sees its children left behind; then roles at and below it end, and its identity. */
async function removeWithBelow(context: ArmContext, resource: StoredResource, atOnce: boolean): Promise<void> {
  const all = [...context.platform.resources.below(resource.id), resource];
  // kept before anything is gone, so that a deletion that is killed on the way loses nothing
  keepDeleted(context, all, atOnce ? resource : undefined);
  try {
    for (const each of all) await removeOne(context, each, atOnce && each === resource);
  } catch (error) {
    for (const { id } of all) if (context.platform.resources.get(id)) context.deleted.remove(id);
    throw error;
  }
}

async function removeOne(context: ArmContext, resource: StoredResource, atOnce: boolean): Promise<void> {
  const { resources, store, directory } = context.platform;
  const type = context.catalog.named(resource.type);
  await type?.remove?.(resource);
  if (atOnce) await type?.softDelete?.purge?.(resource);
  store.transaction(() => {
    context.access.removeWithin(resource.id);
    directory.removeManagedIdentity(resource.id);
    resources.remove(resource.id);
  });
}

function refuseBusy({ operations }: ArmContext, id: string): void {
  const busy = operations.busyWithin(id);
  if (busy !== undefined) throw armErrors.operationInProgress(busy);
}

/** Records that a deletion, or the purge of what is kept, begins. */
export function beginDelete(
  context: ArmContext,
  request: ArmRequest,
  resource: StoredResource,
  atOnce: boolean,
): Operation {
  const { caller, apiVersion } = request;
  const start = { kind: "delete" as const, resourceId: resource.id, callerId: caller.objectId, apiVersion };
  return context.operations.begin(start, { atOnce } satisfies PendingDelete);
}

function setGroupState(context: ArmContext, group: StoredResource, provisioningState: string): void {
  context.platform.resources.put({ ...group, body: { ...group.body, properties: { provisioningState } } });
}
