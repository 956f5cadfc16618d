import type { Json, JsonObject } from "../../../contract/json.js";
import { objectAt } from "../../platform/json.js";
import type { StoredResource } from "../../platform/resources.js";
import type { PutRequest, PutStyle, ResourceType } from "../../platform/resourceType.js";
import type { ArmContext } from "./armRequest.js";
import { armErrors } from "./errors.js";
import { locate, parentOf, relativeId } from "./locate.js";
import type { Operation } from "./operations.js";
import { parseTarget } from "./path.js";

/** What a PUT needs to go on after its process was killed. */
export interface PendingPut {
  readonly request: { readonly resourceGroup: string; readonly body: JsonObject };
  readonly final: JsonObject;
  readonly previous: JsonObject | null;
}

/** Goes on with a PUT that a killed process left: its effect is applied again. */
export function resumePut(context: ArmContext, operation: Operation, request: Json): void {
  const pending = request as unknown as PendingPut;
  context.operations.runInBackground(operation, async () => {
    const resource = context.platform.resources.get(operation.resourceId);
    const target = parseTarget(operation.resourceId.split("/").filter(Boolean));
    const caller = context.platform.directory.byObjectId(operation.callerId);
    if (!resource || !target || !caller) throw armErrors.resourceNotFound(relativeId(operation.resourceId), "");
    const located = locate(context, target, operation.apiVersion);
    const put: PutRequest = {
      ...pending.request,
      id: resource.id,
      name: resource.name,
      parent: parentOf(context, located, "write"),
      existing: pending.previous ? { ...resource, body: pending.previous } : undefined,
      apiVersion: operation.apiVersion,
      caller,
    };
    const style = styleOf(located.type, pending.previous !== null);
    await finish(context, located.type, resource, put, pending, style === "synchronous");
  });
}

/** Applies the effect; then the resource has its final state. A failed synchronous PUT leaves things as they were. */
export async function finish(
  context: ArmContext,
  type: ResourceType,
  resource: StoredResource,
  put: PutRequest,
  pending: PendingPut,
  synchronous: boolean,
): Promise<void> {
  const { resources } = context.platform;
  const settle = (state: string) => {
    const stored = resources.get(resource.id);
    if (stored && !synchronous) resources.put({ ...stored, body: withState(stored.body, state) });
  };
  try {
    await type.apply?.(
      { ...resource, body: { ...pending.final, id: resource.id, name: resource.name, type: resource.type } },
      put,
    );
  } catch (error) {
    if (!synchronous) settle("Failed");
    else if (pending.previous) resources.put({ ...resource, body: pending.previous });
    else resources.remove(resource.id);
    throw error;
  }
  settle(stateOf(pending.final) ?? "Succeeded");
}

/** A provider that answers a new resource with a Location alone answers an update with the resource. */
export const styleOf = (type: ResourceType, isUpdate: boolean): PutStyle =>
  isUpdate && type.putStyle === "location" ? "synchronous" : type.putStyle;

/** `properties.provisioningState` of a body. */
export function stateOf(body: JsonObject): string | undefined {
  const state = objectAt(body, "properties")["provisioningState"];
  return typeof state === "string" ? state : undefined;
}

/** The body with another `provisioningState`. */
export const withState = (body: JsonObject, provisioningState: string): JsonObject => ({
  ...body,
  properties: { ...objectAt(body, "properties"), provisioningState },
});
