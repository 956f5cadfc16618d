import type { Resources } from "./resources.js";
import type { Store } from "./store.js";

/** More than a subscription has; a client that asks for names that do not exist must not fill the memory. */
const maxRemembered = 2_000;

/**
 * The same resources, each look-up remembered until the next write: every request to a data plane looks its host's
 * resource up, some of them several times. Nothing is remembered of what a transaction reads, since that may be undone.
 */
export function rememberedResources(store: Pick<Store, "inTransaction">, resources: Resources): Resources {
  const remembered = new Map<string, unknown>();
  const lookUp = <T>(key: string, read: () => T): T => {
    if (store.inTransaction) return read();
    if (remembered.has(key)) return remembered.get(key) as T;
    const found = read();
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(key, found);
    return found;
  };
  const write = (change: () => void) => {
    remembered.clear();
    change();
  };
  return {
    get: (id) => lookUp(`get ${id}`, () => resources.get(id)),
    ofType: (type) => lookUp(`ofType ${type}`, () => resources.ofType(type)),
    named: (type, name) => lookUp(`named ${type} ${name}`, () => resources.named(type, name)),
    below: (id) => lookUp(`below ${id}`, () => resources.below(id)),
    put: (resource) => write(() => resources.put(resource)),
    remove: (id) => write(() => resources.remove(id)),
  };
}
