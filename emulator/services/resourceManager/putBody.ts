import { regionName } from "../../../contract/hosts.js";
import { isJsonObject, type JsonObject } from "../../../contract/json.js";
import { objectAt } from "../../platform/json.js";
import type { StoredResource } from "../../platform/resources.js";
import type { ArmRequest } from "./armRequest.js";
import { armErrors } from "./errors.js";
import { type Located, relativeId } from "./locate.js";

/** The body of a PUT; for a PATCH the resource as it is with the given members merged in. */
export function bodyOf(
  request: ArmRequest,
  { type, id, groupName }: Located,
  existing: StoredResource | undefined,
): JsonObject {
  if (typeof request.body === "string") throw armErrors.mediaType();
  if (!isJsonObject(request.body)) throw armErrors.invalidContent("A JSON object is required.");
  const body = withRegion(request.body);
  if (request.method === "PUT") return body;
  if (type.patchable === false) throw armErrors.methodNotAllowed("PATCH", type.type);
  if (!existing) throw armErrors.resourceNotFound(relativeId(id), groupName);
  const { id: _id, name: _name, type: _type, systemData: _systemData, ...members } = existing.body;
  return { ...members, ...body, properties: merged(objectAt(members, "properties"), objectAt(body, "properties")) };
}

function withRegion(body: JsonObject): JsonObject {
  return typeof body["location"] === "string" ? { ...body, location: regionName(body["location"]) } : body;
}

/** A JSON merge patch but for null, which sets null: providers tell it from an absent member. */
function merged(present: JsonObject, patch: JsonObject): JsonObject {
  const changed = Object.entries(patch).map(([name, value]) => {
    const before = present[name];
    return [name, isJsonObject(before) && isJsonObject(value) ? merged(before, value) : value];
  });
  return { ...present, ...Object.fromEntries(changed) };
}
