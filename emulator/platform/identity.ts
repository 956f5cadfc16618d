import type { Json, JsonObject } from "../../contract/json.js";
import type { Directory } from "./directory.js";
import { notEmulated } from "./errors.js";
import { subscription } from "./subscription.js";

/** The `identity` of a resource as a GET answers it: system-assigned (made at the first call) or none, which ends it; others are refused. */
export function systemIdentity(directory: Directory, id: string, name: string, type: Json | undefined): JsonObject {
  if (type === "None") {
    directory.removeManagedIdentity(id);
    return { type };
  }
  if (type !== "SystemAssigned") throw notEmulated(`the identity type '${String(type)}' of '${name}'`);
  const { objectId } = directory.managedIdentity(id, name);
  return { type, principalId: objectId, tenantId: subscription.tenantId };
}
