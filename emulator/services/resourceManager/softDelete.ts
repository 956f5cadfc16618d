import type { DeletedResource } from "../../platform/deletedResources.js";
import type { StoredResource } from "../../platform/resources.js";
import type { PutRequest, ResourceType } from "../../platform/resourceType.js";
import type { ArmContext } from "./armRequest.js";

const dayMs = 86_400_000;

/** Keeps those of the resources, all about to be removed, whose type is soft-deleted; `ended` is not kept. */
export function keepDeleted(context: ArmContext, all: readonly StoredResource[], ended: StoredResource | undefined) {
  const { resources, clock } = context.platform;
  for (const resource of all) {
    const softDelete = context.catalog.named(resource.type)?.softDelete;
    if (!softDelete || resource === ended) continue;
    const own = `${resource.type}/`.toLowerCase();
    const below = resources
      .below(resource.id)
      .filter((child) => child.type.toLowerCase().startsWith(own) && softDelete.keeps?.(child) !== false);
    const deletedOn = clock.now();
    const purgeOn = new Date(deletedOn.getTime() + softDelete.retentionDays(resource) * dayMs);
    context.deleted.keep({ resource, below, deletedOn, purgeOn });
  }
}

/** The PUT that recovers what is kept under its id; undefined when nothing is. */
export function recovery(
  context: ArmContext,
  type: ResourceType,
  put: PutRequest,
): { readonly put: PutRequest; readonly kept: DeletedResource } | undefined {
  const kept = type.softDelete && !put.existing ? context.deleted.get(put.id) : undefined;
  if (!kept || !type.softDelete) return undefined;
  const body = type.softDelete.recover(put, kept);
  return { put: { ...put, id: kept.resource.id, name: kept.resource.name, body, existing: kept.resource }, kept };
}

/** What was below a recovered resource is there again; to be called in the transaction that stores the resource. */
export function restore(context: ArmContext, kept: DeletedResource): void {
  for (const child of kept.below.toReversed()) context.platform.resources.put(child);
  context.deleted.remove(kept.resource.id);
}

/** Ends a kept resource for good: its name is free. */
export async function purge(context: ArmContext, { resource }: DeletedResource): Promise<void> {
  await context.catalog.named(resource.type)?.softDelete?.purge?.(resource);
  context.deleted.remove(resource.id);
}

/** Ends what has been kept for its days. */
export async function purgeDue(context: ArmContext): Promise<void> {
  for (const kept of context.deleted.due(context.platform.clock.now())) await purge(context, kept);
}
