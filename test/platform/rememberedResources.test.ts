import { randomBytes } from "node:crypto";
import { beforeEach, expect, it } from "vitest";
import { openResources, type Resources, type StoredResource } from "../../emulator/platform/resources.js";
import { openStore, type Store } from "../../emulator/platform/store.js";

const type = "Microsoft.KeyVault/vaults";
const id = `/subscriptions/s/resourceGroups/g/providers/${type}/v`;
const vault = (tag: string): StoredResource => ({ id, type, name: "v", body: { tags: { tag } }, createdWith: "" });

let store: Store;
let resources: Resources;
beforeEach(() => {
  store = openStore(undefined, randomBytes(32));
  resources = openResources(store);
});

const tags = () =>
  [
    resources.get(id),
    resources.named(type, "v"),
    resources.ofType(type)[0],
    resources.below("/subscriptions/s")[0],
  ].map((found) => found && (found.body["tags"] as { readonly tag: string }).tag);

it("a look-up sees every write, also one that follows a look-up", () => {
  expect(tags()).toEqual([undefined, undefined, undefined, undefined]);
  resources.put(vault("one"));
  expect(tags()).toEqual(["one", "one", "one", "one"]);
  resources.put(vault("two"));
  expect(tags()).toEqual(["two", "two", "two", "two"]);
  resources.remove(id);
  expect(tags()).toEqual([undefined, undefined, undefined, undefined]);
});

it("a look-up sees nothing of what a transaction wrote and then undid", () => {
  resources.put(vault("one"));
  const undone = () =>
    store.transaction(() => {
      resources.put(vault("two"));
      expect(tags()).toEqual(["two", "two", "two", "two"]);
      throw new Error("undone");
    });
  expect(undone).toThrow("undone");
  expect(tags()).toEqual(["one", "one", "one", "one"]);
});

it("a look-up goes to the store once until the next write", () => {
  resources.put(vault("one"));
  const first = resources.get(id);
  expect(resources.get(id)).toBe(first);
  resources.put(vault("one"));
  expect(resources.get(id)).not.toBe(first);
});
