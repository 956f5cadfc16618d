import { beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../contract/clock.js";
import type { JsonObject } from "../../contract/json.js";
import type { DeployEvent } from "../../emulator/deploy/deployEvent.js";
import { type DeployedResources, openDeployedResources } from "../../emulator/deploy/deployedResources.js";
import { Deployment } from "../../emulator/deploy/deployment.js";
import type { Registration } from "../../emulator/deploy/resourceMonitor.js";
import type { Change, ResourceProvider } from "../../emulator/deploy/resourceProvider.js";
import { openStore, type Store } from "../../emulator/platform/store.js";

let store: Store;
let deployed: DeployedResources;
let calls: string[];
let events: DeployEvent[];
let change: Change;
let deployment: Deployment;

const provider: ResourceProvider = {
  check: async (_type, inputs) => inputs,
  diff: async () => change,
  create: async (_type, inputs) => {
    calls.push(`create ${String(inputs["name"])}`);
    return { id: `/${String(inputs["name"])}`, outputs: inputs };
  },
  read: async (_type, old) => old,
  update: async (_type, old, inputs) => {
    calls.push(`update ${old.id}`);
    return { id: old.id, outputs: inputs };
  },
  delete: async (_type, old) => void calls.push(`delete ${old.id}`),
};

function registration(name: string, inputs: JsonObject = {}, options: Partial<Registration> = {}): Registration {
  return {
    urn: `urn:${name}`,
    type: "t",
    name,
    inputs: { name, ...inputs },
    secretInputs: [],
    dependencies: [],
    ignoreChanges: [],
    deletedWith: "",
    retainOnDelete: false,
    protect: false,
    ...options,
  };
}

beforeEach(() => {
  store = openStore(undefined, Buffer.alloc(32, 1));
  deployed = openDeployedResources(store, "project/stack");
  calls = [];
  events = [];
  change = { kind: "update" };
  deployment = new Deployment({
    deployed,
    providerOf: () => provider,
    clock: systemClock(),
    onEvent: (event) => void events.push(event),
  });
});

describe("a resource", () => {
  it("is made once; equal inputs do nothing, others update it", async () => {
    await deployment.register(registration("a", { size: 1 }));
    await deployment.register(registration("a", { size: 1 }));
    await deployment.register(registration("a", { size: 2 }));
    expect(calls).toEqual(["create a", "update /a"]);
    expect(events.map(({ kind }) => kind)).toEqual(["started", "created", "unchanged", "started", "updated"]);
  });

  it("is recorded as soon as it is made, encrypted as a whole", async () => {
    await deployment.register(registration("a", { password: "hunter2" }));
    expect(deployed.get("urn:a")).toMatchObject({ id: "/a", inputs: { password: "hunter2" } });
    expect(JSON.stringify(store.all("SELECT * FROM deployed"))).not.toContain("hunter2");
  });

  it("does not change with an ignored input", async () => {
    const ignoreChanges = ["settings.default"];
    await deployment.register(registration("a", { settings: { mode: "x" } }, { ignoreChanges }));
    await deployment.register(registration("a", { settings: { mode: "x", default: "y" } }, { ignoreChanges }));
    expect(calls).toEqual(["create a"]);
  });

  it("does not change when its provider's code alone does", async () => {
    await deployment.register(registration("a", { __provider: "one" }));
    await deployment.register(registration("a", { __provider: "two" }));
    expect(calls).toEqual(["create a"]);
  });

  it("whose provider captures a secret is refused", async () => {
    const capturing = registration("a", {}, { secretInputs: ["__provider"] });
    await expect(deployment.register(capturing)).rejects.toThrow(/captures a secret/);
  });

  it("that must be another is deleted and made anew, unless it is kept", async () => {
    change = { kind: "replace" };
    await deployment.register(registration("a", { size: 1 }));
    await deployment.register(registration("a", { size: 2 }));
    await deployment.register(registration("kept", { size: 1 }, { retainOnDelete: true }));
    await deployment.register(registration("kept", { size: 2 }, { retainOnDelete: true }));
    expect(calls).toEqual(["create a", "delete /a", "create a", "create kept", "create kept"]);
  });

  it("whose replacement would lose data is refused by the inputs that call for it", async () => {
    change = { kind: "refused", inputs: ["location"] };
    await deployment.register(registration("a", { location: "here" }));
    await expect(deployment.register(registration("a", { location: "there" }))).rejects.toThrow(
      "the change of location",
    );
    expect(calls).toEqual(["create a"]);
  });

  it("that is protected is not replaced", async () => {
    change = { kind: "replace" };
    await deployment.register(registration("a", { size: 1 }, { protect: true }));
    await expect(deployment.register(registration("a", { size: 2 }))).rejects.toThrow(/protected/);
  });
});

describe("what left the program", () => {
  it("is deleted, dependents first", async () => {
    await deployment.register(registration("base"));
    await deployment.register(registration("middle", {}, { dependencies: ["urn:base"] }));
    await deployment.register(registration("top", {}, { dependencies: ["urn:middle"] }));
    await deployment.removeOthers(new Set(["urn:base"]));
    expect(calls.slice(3)).toEqual(["delete /top", "delete /middle"]);
    expect(deployed.all().map(({ name }) => name)).toEqual(["base"]);
  });

  it("is forgotten when it is kept, or when what it goes with goes too", async () => {
    await deployment.register(registration("vault"));
    await deployment.register(registration("secret", {}, { deletedWith: "urn:vault" }));
    await deployment.register(registration("asset", {}, { retainOnDelete: true }));
    await deployment.removeOthers(new Set());
    expect(calls.slice(3)).toEqual(["delete /vault"]);
    expect(deployed.all()).toEqual([]);
  });

  it("is forgotten when the program has the same resource under another name", async () => {
    await deployment.register(registration("old"));
    await deployment.register(registration("new", { name: "old" }));
    await deployment.removeOthers(new Set(["urn:new"]));
    expect(calls).toEqual(["create old", "create old"]);
    expect(deployed.all().map(({ name }) => name)).toEqual(["new"]);
  });

  it("is deleted by itself while what it goes with stays", async () => {
    await deployment.register(registration("vault"));
    await deployment.register(registration("rule", {}, { deletedWith: "urn:vault" }));
    await deployment.removeOthers(new Set(["urn:vault"]));
    expect(calls.slice(2)).toEqual(["delete /rule"]);
  });

  it("and is protected is refused by name", async () => {
    await deployment.register(registration("a", {}, { protect: true }));
    await expect(deployment.removeOthers(new Set())).rejects.toMatchObject({ urn: "urn:a" });
    expect(deployed.all()).toHaveLength(1);
  });
});
