import type { Resources, StoredResource } from "../../platform/resources.js";
import type { ResourceType } from "../../platform/resourceType.js";
import { subscription } from "../../platform/subscription.js";
import type { ArmContext } from "./armRequest.js";
import { splitType } from "./catalog.js";
import { armErrors } from "./errors.js";
import { parseTarget, type ResourceTarget } from "./path.js";

export const subscriptionId = `/subscriptions/${subscription.subscriptionId}`;
export const groupType = "Microsoft.Resources/resourceGroups";
export const groupId = (name: string) => `${subscriptionId}/resourceGroups/${name}`;

/** Where a path leads. The id has the casing of what is stored, and of the type's own name. */
export interface Located {
  readonly type: ResourceType;
  readonly id: string;
  readonly name: string;
  /** The group as it is written in the path. */
  readonly groupName: string;
  /** Ids from the top-level resource down to the one above this. */
  readonly ancestors: readonly string[];
}

/** The group's name when segments are those of a resource group of the subscription. */
export function groupOf(scope: readonly string[]): string | undefined {
  return scope.length === 4 && scope[2]?.toLowerCase() === "resourcegroups" ? scope[3] : undefined;
}

/** Resolves `…/resourceGroups/{g}/providers/{namespace}/{type}/{name}…`; existence is not checked. */
export function locate(context: ArmContext, target: ResourceTarget, apiVersion: string): Located {
  const type = typeOf(context, target, apiVersion);
  const groupName = groupOf(target.scope);
  if (groupName === undefined) throw armErrors.invalidType(target.types.join("/"), target.namespace, apiVersion);
  const { resources } = context.platform;
  const { namespace, path } = splitType(type.type);
  const ancestors: string[] = [];
  let id = `${storedId(resources, groupId(groupName))}/providers/${namespace}`;
  for (const [index, segment] of path.split("/").entries()) {
    const name = target.names[index];
    if (name === undefined) throw armErrors.invalidType(path, namespace, apiVersion);
    if (index > 0) ancestors.push(id);
    id = storedId(resources, `${id}/${segment}/${name}`);
  }
  return { type, id, name: id.slice(id.lastIndexOf("/") + 1), groupName, ancestors };
}

/** The type of a path, or ARM's refusal of the namespace or of the type. */
export function typeOf(context: ArmContext, target: ResourceTarget, apiVersion: string): ResourceType {
  const namespace = context.providers.nameOf(target.namespace);
  const type = context.catalog.find(target.namespace, target.types);
  if (!type) throw armErrors.invalidType(target.types.join("/"), namespace, apiVersion);
  return type;
}

export function groupNamed(resources: Resources, name: string): StoredResource {
  const group = resources.get(groupId(name));
  if (!group) throw armErrors.groupNotFound(name);
  return group;
}

/**
 * The nearest stored resource above. A parent of a type that nobody serves, of one that comes with its first child
 * (`models` above `models/versions`), or called `default` (`blobServices/default`) need not be created first; any other
 * missing parent is refused.
 */
export function parentOf(context: ArmContext, { type, ancestors }: Located, verb: string): StoredResource | undefined {
  for (const id of ancestors.toReversed()) {
    const stored = context.platform.resources.get(id);
    if (stored) return stored;
    const target = parseTarget(id.split("/").filter(Boolean));
    const served = target && context.catalog.find(target.namespace, target.types);
    const appears = !served || served.madeByChild === true || target?.names.at(-1)?.toLowerCase() === "default";
    if (id !== ancestors[0] && appears) continue;
    throw armErrors.parentNotFound(verb, splitType(type.type).path, id);
  }
  return undefined;
}

/**
 * The id of a scope that role assignments and diagnostic settings may stand at: the tenant (empty), the subscription, a
 * group, a resource. ARM knows groups and top-level resources, and asks no provider about what is below them.
 */
export function existingScope(context: ArmContext, scope: readonly string[]): string {
  const { resources } = context.platform;
  if (scope.length === 0) return "";
  if (scope.length === 2) return subscriptionId;
  const group = scope[3] ?? "";
  const stored = groupNamed(resources, group);
  if (scope.length === 4) return stored.id;
  const target = parseTarget(scope);
  const [type, name] = [target?.types[0], target?.names[0]];
  if (!target || type === undefined || name === undefined || target.names.length !== target.types.length) {
    throw armErrors.resourceNotFound(scope.slice(4).join("/"), group);
  }
  const top = resources.get(`${stored.id}/providers/${target.namespace}/${type}/${name}`);
  if (!top) throw armErrors.resourceNotFound(`${target.namespace}/${type}/${name}`, group);
  return target.types
    .slice(1)
    .reduce((id, child, index) => storedId(resources, `${id}/${child}/${target.names[index + 1]}`), top.id);
}

const storedId = (resources: Resources, id: string) => resources.get(id)?.id ?? id;

/** `Microsoft.KeyVault/vaults/v`: how ARM names a resource inside its group. */
export const relativeId = (id: string) => id.slice(id.toLowerCase().lastIndexOf("/providers/") + "/providers/".length);
