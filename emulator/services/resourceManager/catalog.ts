import type { ResourceType } from "../../platform/resourceType.js";

/** The ARM types that are served, found without regard to case. */
export interface Catalog {
  readonly types: readonly ResourceType[];
  find(namespace: string, types: readonly string[]): ResourceType | undefined;
  named(type: string): ResourceType | undefined;
}

export function createCatalog(types: readonly ResourceType[]): Catalog {
  const byName = new Map(types.map((type) => [type.type.toLowerCase(), type]));
  const named = (type: string) => byName.get(type.toLowerCase());
  return { types, named, find: (namespace, path) => named([namespace, ...path].join("/")) };
}

/** `Microsoft.KeyVault/vaults/secrets`: its namespace and `vaults/secrets`. */
export function splitType(type: string): { namespace: string; path: string } {
  const at = type.indexOf("/");
  return { namespace: type.slice(0, at), path: type.slice(at + 1) };
}
