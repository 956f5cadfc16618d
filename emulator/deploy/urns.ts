import type { Alias } from "@pulumi/pulumi/proto/alias_pb.js";

/** What a URN is made of. */
export interface UrnParts {
  readonly project: string;
  readonly stack: string;
  /** The URN of the parent; empty for none. */
  readonly parent: string;
  readonly type: string;
  readonly name: string;
}

/** The type of the resource that stands for the stack itself. */
export const stackType = "pulumi:pulumi:Stack";

/** `urn:pulumi:<stack>::<project>::<types of the parents>$<type>::<name>` */
export function urnOf({ project, stack, parent, type, name }: UrnParts): string {
  const parentType = qualifiedType(parent);
  const qualified = parentType === "" || parentType === stackType ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

/** The type in a URN, with the types of the resource's parents before it. */
export function qualifiedType(urn: string): string {
  return urn.split("::")[2] ?? "";
}

/**
 * The URNs that a resource may have had before: by its own aliases, and for each URN that its parent may have had. A child
 * whose name begins with its parent's is taken to have followed the parent's name.
 */
export function formerUrns(
  parts: UrnParts,
  aliases: readonly Alias[],
  formerParents: readonly string[],
): readonly string[] {
  const own = aliases.map((alias) => aliasUrn(parts, alias));
  const inherited = formerParents.flatMap((parent) => {
    const [nameNow, nameThen] = [nameIn(parts.parent), nameIn(parent)];
    const follows = nameNow !== "" && parts.name.startsWith(nameNow);
    const name = follows ? nameThen + parts.name.slice(nameNow.length) : parts.name;
    const there = { ...parts, parent, name };
    return [urnOf(there), ...aliases.map((alias) => aliasUrn(there, alias))];
  });
  return [...new Set([...own, ...inherited])];
}

function aliasUrn(parts: UrnParts, alias: Alias): string {
  const spec = alias.getSpec();
  if (spec === undefined) return alias.getUrn();
  const parent = spec.getNoparent() ? "" : spec.getParenturn() || parts.parent;
  return urnOf({
    project: spec.getProject() || parts.project,
    stack: spec.getStack() || parts.stack,
    parent,
    type: spec.getType() || parts.type,
    name: spec.getName() || parts.name,
  });
}

function nameIn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
