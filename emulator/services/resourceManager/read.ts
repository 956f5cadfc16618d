import { isJsonObject, type JsonObject } from "../../../contract/json.js";
import { AzureError } from "../../platform/errors.js";
import type { StoredResource } from "../../platform/resources.js";
import { type ArmAnswer, type ArmContext, type ArmRequest, listOf, ok } from "./armRequest.js";
import { authorize } from "./authentication.js";
import { armErrors } from "./errors.js";
import { groupId, groupNamed, groupOf, locate, parentOf, relativeId, subscriptionId, typeOf } from "./locate.js";
import type { ResourceTarget } from "./path.js";

/** GET or HEAD of a resource in a group. */
export function readResource(context: ArmContext, request: ArmRequest, target: ResourceTarget): ArmAnswer {
  const located = locate(context, target, request.apiVersion);
  authorize(context, request, `${located.type.type}/read`, located.id);
  groupNamed(context.platform.resources, located.groupName);
  const resource = context.platform.resources.get(located.id);
  if (!resource) throw armErrors.resourceNotFound(relativeId(located.id), located.groupName);
  return ok(resource.body);
}

/** GET of a type: in the subscription, in a group, or below a parent. */
export function listResources(context: ArmContext, request: ArmRequest, target: ResourceTarget): ArmAnswer {
  const type = typeOf(context, target, request.apiVersion);
  const all = context.platform.resources.ofType(type.type);
  const groupName = groupOf(target.scope);
  if (groupName === undefined && target.scope.length === 2 && target.types.length === 1) {
    authorize(context, request, `${type.type}/read`, subscriptionId);
    return listOf(all.filter(({ id }) => isWithin(id, subscriptionId)).map(({ body }) => body));
  }
  // a name that no resource has stands in for the list's members, so that its parents are resolved and checked
  const located = locate(context, { ...target, names: [...target.names, "-"] }, request.apiVersion);
  const within = located.id.slice(0, -2);
  authorize(context, request, `${type.type}/read`, located.ancestors.at(-1) ?? groupId(located.groupName));
  groupNamed(context.platform.resources, located.groupName);
  parentOf(context, located, "read");
  return listOf(all.filter(({ id }) => isWithin(id, within)).map(({ body }) => body));
}

const isWithin = (id: string, scope: string) => id.toLowerCase().startsWith(`${scope}/`.toLowerCase());

/** GET `/resources` of the subscription or a group: tracked resources that the caller may read, without properties. */
export function listEverything(context: ArmContext, request: ArmRequest, scope: string): ArmAnswer {
  const matches = parseFilter(request.query.get("$filter"));
  const expanded = parseExpand(request.query.get("$expand"));
  const tracked = context.platform.resources
    .below(scope)
    .filter((resource) => context.catalog.named(resource.type)?.tracked === true)
    .filter(matches)
    .filter(({ type, id }) => context.access.mayAct(request.caller.objectId, `${type}/read`, id))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const top = Number(request.query.get("$top") ?? Number.POSITIVE_INFINITY);
  return listOf(tracked.slice(0, top).map(({ body }) => ({ ...summaryOf(body), ...expansionOf(body, expanded) })));
}

function summaryOf(body: JsonObject): JsonObject {
  const shown = ["id", "name", "type", "location", "tags", "kind", "sku", "identity", "managedBy"];
  return Object.fromEntries(Object.entries(body).filter(([key]) => shown.includes(key)));
}

/** What `$expand` adds to a summary, and the place in the resource that it comes from. */
const expansions: Readonly<Record<string, readonly [member: string, inner: string]>> = {
  createdTime: ["systemData", "createdAt"],
  changedTime: ["systemData", "lastModifiedAt"],
  provisioningState: ["properties", "provisioningState"],
};

function parseExpand(expand: string | undefined): readonly string[] {
  const names = (expand ?? "").split(",").map((name) => name.trim().toLowerCase());
  const asked = names.filter((name) => name !== "");
  const known = Object.keys(expansions).filter((name) => asked.includes(name.toLowerCase()));
  if (known.length < new Set(asked).size) throw armErrors.notSupported(`$expand=${expand}`);
  return known;
}

function expansionOf(body: JsonObject, names: readonly string[]): JsonObject {
  const found = names.flatMap((name) => {
    const [member = "", inner = ""] = expansions[name] ?? [];
    const holder = body[member];
    const value = isJsonObject(holder) ? holder[inner] : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

/** `resourceType eq 'X'`, `name eq 'X'`, `resourceGroup eq 'X'`, `location eq 'X'`, joined by `and`. */
function parseFilter(filter: string | undefined): (resource: StoredResource) => boolean {
  if (filter === undefined || filter === "") return () => true;
  const terms = filter.split(/\s+and\s+/i).map((term) => {
    const [, field, value] = /^\(?\s*(\w+)\s+eq\s+'([^']*)'\s*\)?$/.exec(term.trim()) ?? [];
    const reader = field === undefined ? undefined : fields[field.toLowerCase()];
    if (!reader || value === undefined) {
      const message = `Invalid $filter '${filter}' specified in the query string.`;
      throw new AzureError(400, "InvalidFilterInQueryString", message);
    }
    return (resource: StoredResource) => reader(resource).toLowerCase() === value.toLowerCase();
  });
  return (resource) => terms.every((term) => term(resource));
}

const fields: Readonly<Record<string, (resource: StoredResource) => string>> = {
  resourcetype: ({ type }) => type,
  name: ({ name }) => name,
  resourcegroup: ({ id }) => id.split("/")[4] ?? "",
  location: ({ body }) => String(body["location"] ?? ""),
};
