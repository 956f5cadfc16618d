import { isJsonObject, type JsonObject } from "../../contract/json.js";
import type { StoredResource } from "./resources.js";

/** The object at a member; empty when there is none. */
export function objectAt(object: JsonObject, member: string): JsonObject {
  const value = object[member];
  return isJsonObject(value) ? value : {};
}

/** The text at a member, unless it is absent or empty. */
export function textAt(object: JsonObject, member: string): string | undefined {
  const value = object[member];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The `properties` of a resource; empty when there is none. */
export const propertiesOf = (resource: Pick<StoredResource, "body"> | undefined): JsonObject =>
  resource ? objectAt(resource.body, "properties") : {};
