import type { StoredResource } from "../../platform/resources.js";
import type { ArmAnswer, ArmContext, ArmRequest } from "./armRequest.js";
import { authorize } from "./authentication.js";
import { armErrors } from "./errors.js";
import { groupNamed, groupType, locate } from "./locate.js";
import type { Operation } from "./operations.js";
import type { ResourceTarget } from "./path.js";
import { pollingHeaders } from "./polling.js";

/** DELETE of a resource in a group: 204 when it is not there; what is below it goes first. */
export async function deleteResource(
  context: ArmContext,
  request: ArmRequest,
  target: ResourceTarget,
): Promise<ArmAnswer> {
  const { type, id, groupName } = locate(context, target, request.apiVersion);
  authorize(context, request, `${type.type}/delete`, id);
  groupNamed(context.platform.resources, groupName);
  if (type.deletable === false) throw armErrors.methodNotAllowed("DELETE", type.type);
  const resource = context.platform.resources.get(id);
  if (!resource) return { status: 204 };
  refuseBusy(context, id);
  const operation = beginDelete(context, request, resource);
  if (type.putStyle !== "asyncOperation" && type.putStyle !== "asyncOperationAndLocation") {
    await context.operations.run(operation, () => removeWithBelow(context, resource));
    return { status: 200 };
  }
  const headers = pollingHeaders(request, "asyncOperationAndLocation", resource, operation);
  context.operations.runInBackground(operation, () => removeWithBelow(context, resource));
  return { status: 202, headers };
}

/** DELETE of a resource group: 202 and a Location that answers 202 until everything in it is gone. */
export function deleteGroup(context: ArmContext, request: ArmRequest, name: string): ArmAnswer {
  const group = groupNamed(context.platform.resources, name);
  authorize(context, request, "Microsoft.Resources/subscriptions/resourceGroups/delete", group.id);
  refuseBusy(context, group.id);
  const operation = context.platform.store.transaction(() => {
    setGroupState(context, group, "Deleting");
    return beginDelete(context, request, group);
  });
  const headers = pollingHeaders(request, "location", group, operation);
  context.operations.runInBackground(operation, () => removeGroup(context, group));
  return { status: 202, headers };
}

/** Goes on with a deletion that a killed process left. */
export function resumeDelete(context: ArmContext, operation: Operation): void {
  const resource = context.platform.resources.get(operation.resourceId);
  context.operations.runInBackground(operation, async () => {
    if (!resource) return;
    await (resource.type === groupType ? removeGroup(context, resource) : removeWithBelow(context, resource));
  });
}

async function removeGroup(context: ArmContext, group: StoredResource): Promise<void> {
  try {
    await removeWithBelow(context, group);
  } catch (error) {
    setGroupState(context, group, "Succeeded");
    throw error;
  }
}

/** Deepest first, so that no type sees its children left behind; then roles at and below it end, and its identity. */
async function removeWithBelow(context: ArmContext, resource: StoredResource): Promise<void> {
  const { resources, store, directory } = context.platform;
  for (const each of [...resources.below(resource.id), resource]) {
    await context.catalog.named(each.type)?.remove?.(each);
    store.transaction(() => {
      context.access.removeWithin(each.id);
      directory.removeManagedIdentity(each.id);
      resources.remove(each.id);
    });
  }
}

function refuseBusy({ operations }: ArmContext, id: string): void {
  const busy = operations.busyWithin(id);
  if (busy !== undefined) throw armErrors.operationInProgress(busy);
}

function beginDelete(context: ArmContext, request: ArmRequest, resource: StoredResource): Operation {
  const { caller, apiVersion } = request;
  const start = { kind: "delete" as const, resourceId: resource.id, callerId: caller.objectId, apiVersion };
  return context.operations.begin(start, null);
}

function setGroupState(context: ArmContext, group: StoredResource, provisioningState: string): void {
  context.platform.resources.put({ ...group, body: { ...group.body, properties: { provisioningState } } });
}
