import { beforeEach, describe, expect, it } from "vitest";
import { removeOthers } from "../../emulator/deploy/removal.js";
import { registration, type TestDeployment, testDeployment } from "./testDeployment.js";

let test: TestDeployment;
let deployed: TestDeployment["deployed"];
let calls: TestDeployment["calls"];
let options: TestDeployment["options"];
let deployment: TestDeployment["deployment"];

beforeEach(() => {
  test = testDeployment();
  ({ deployed, calls, options, deployment } = test);
});

describe("what left the program", () => {
  it("is deleted, dependents first", async () => {
    await deployment.register(registration("base"));
    await deployment.register(registration("middle", {}, { dependencies: ["urn:base"] }));
    await deployment.register(registration("top", {}, { dependencies: ["urn:middle"] }));
    await test.remove("urn:base");
    expect(calls.slice(3)).toEqual(["delete /top", "delete /middle"]);
    expect(deployed.all().map(({ name }) => name)).toEqual(["base"]);
  });

  it("is forgotten when it is kept, or when what it goes with goes too", async () => {
    await deployment.register(registration("vault"));
    await deployment.register(registration("secret", {}, { deletedWith: "urn:vault" }));
    await deployment.register(registration("asset", {}, { retainOnDelete: true }));
    await test.remove();
    expect(calls.slice(3)).toEqual(["delete /vault"]);
    expect(deployed.all()).toEqual([]);
  });

  it("stays on record until what it goes with is gone", async () => {
    await deployment.register(registration("vault"));
    await deployment.register(registration("secret", {}, { deletedWith: "urn:vault" }));
    const refusing = { ...options.providerOf("t"), delete: async () => Promise.reject(new Error("locked")) };
    await expect(removeOthers({ ...options, providerOf: () => refusing }, new Set())).rejects.toThrow("locked");
    expect(deployed.all().map(({ name }) => name)).toEqual(["vault", "secret"]);
  });

  it("is deleted by itself when what it would go with is kept", async () => {
    await deployment.register(registration("vault", {}, { retainOnDelete: true }));
    await deployment.register(registration("secret", {}, { deletedWith: "urn:vault" }));
    await test.remove();
    expect(calls.slice(2)).toEqual(["delete /secret"]);
    expect(deployed.all()).toEqual([]);
  });

  it("is forgotten when the program has the same resource under another name", async () => {
    await deployment.register(registration("old"));
    await deployment.register(registration("new", { name: "old" }));
    await test.remove("urn:new");
    expect(calls).toEqual(["create old", "create old"]);
    expect(deployed.all().map(({ name }) => name)).toEqual(["new"]);
  });

  it("is deleted by itself while what it goes with stays", async () => {
    await deployment.register(registration("vault"));
    await deployment.register(registration("rule", {}, { deletedWith: "urn:vault" }));
    await test.remove("urn:vault");
    expect(calls.slice(2)).toEqual(["delete /rule"]);
  });

  it("and is protected is refused by name", async () => {
    await deployment.register(registration("a", {}, { protect: true }));
    await expect(test.remove()).rejects.toMatchObject({ urn: "urn:a" });
    expect(deployed.all()).toHaveLength(1);
  });
});
