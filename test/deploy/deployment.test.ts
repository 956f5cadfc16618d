import { beforeEach, describe, expect, it } from "vitest";
import { Deployment } from "../../emulator/deploy/deployment.js";
import { registration, type TestDeployment, testDeployment } from "./testDeployment.js";

let test: TestDeployment;
let store: TestDeployment["store"];
let deployed: TestDeployment["deployed"];
let calls: TestDeployment["calls"];
let events: TestDeployment["events"];
let deployment: TestDeployment["deployment"];

beforeEach(() => {
  test = testDeployment();
  ({ store, deployed, calls, events, deployment } = test);
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
    test.change = { ...test.change, replacing: ["size"] };
    await deployment.register(registration("a", { size: 1 }));
    await deployment.register(registration("a", { size: 2 }));
    await deployment.register(registration("kept", { size: 1 }, { retainOnDelete: true }));
    await deployment.register(registration("kept", { size: 2 }, { retainOnDelete: true }));
    expect(calls).toEqual(["create a", "delete /a", "create a", "create kept", "create kept"]);
  });

  it("whose replacement would lose data is refused by the inputs that call for it", async () => {
    test.change = { ...test.change, replacing: ["location"], losesData: true };
    await deployment.register(registration("a", { location: "here" }));
    await expect(deployment.register(registration("a", { location: "there" }))).rejects.toThrow(
      "the change of location",
    );
    expect(calls).toEqual(["create a"]);
  });

  it("that may have its old name is made before the old one goes, which goes when everything else is done", async () => {
    test.change = { ...test.change, replacing: ["name"], deleteBeforeReplace: false };
    await deployment.register(registration("a", { name: "one" }));
    await deployment.register(registration("a", { name: "two" }));
    expect(calls).toEqual(["create one", "create two"]);
    await test.remove("urn:a");
    expect(calls.slice(2)).toEqual(["delete /one"]);
    expect(deployed.all().map(({ id }) => id)).toEqual(["/two"]);
  });

  it("goes first where the program says deleteBeforeReplace", async () => {
    test.change = { ...test.change, replacing: ["name"], deleteBeforeReplace: false };
    await deployment.register(registration("a", { name: "one" }));
    await deployment.register(registration("a", { name: "two" }, { deleteBeforeReplace: true }));
    expect(calls).toEqual(["create one", "delete /one", "create two"]);
  });

  it("is replaced when an input changes that the program lists in replaceOnChanges", async () => {
    await deployment.register(registration("a", { rules: [{ port: 1 }], size: 1 }));
    const replaceOnChanges = ["rules[*].port"];
    await deployment.register(registration("a", { rules: [{ port: 1 }], size: 2 }, { replaceOnChanges }));
    await deployment.register(registration("a", { rules: [{ port: 2 }], size: 2 }, { replaceOnChanges }));
    expect(calls).toEqual(["create a", "update /a", "delete /a", "create a"]);
  });

  it("is known by a former name", async () => {
    await deployment.register(registration("old", { name: "a" }));
    await deployment.register(registration("new", { name: "a" }, { formerUrns: ["urn:older", "urn:old"] }));
    expect(calls).toEqual(["create a"]);
    expect(deployed.all().map(({ urn }) => urn)).toEqual(["urn:new"]);
  });

  it("whose update was not seen to end is updated again, though its inputs are as they were", async () => {
    await deployment.register(registration("a", { size: 1 }));
    test.unfinish("urn:a");
    await deployment.register(registration("a", { size: 1 }));
    await deployment.register(registration("a", { size: 1 }));
    expect(calls).toEqual(["create a", "update /a"]);
  });

  it("that somebody else has brought to what the program says is left as it is, and recorded so", async () => {
    await deployment.register(registration("a", { size: 1 }));
    test.elsewhere.set("/a", { name: "a", size: 2 });
    await new Deployment({ ...test.options, preview: true }).register(registration("a", { size: 2 }));
    expect(deployed.get("urn:a")).toMatchObject({ inputs: { size: 1 } });
    await deployment.register(registration("a", { size: 2 }));
    expect(deployed.get("urn:a")).toMatchObject({ inputs: { size: 2 }, outputs: { size: 2 } });
    await deployment.register(registration("a", { size: 3 }));
    expect(calls).toEqual(["create a", "update /a"]);
    expect(events.map(({ kind }) => kind)).toEqual([
      "started",
      "created",
      "unchanged",
      "unchanged",
      "started",
      "updated",
    ]);
  });

  it("whose deletion was not seen to end is made anew when it is gone", async () => {
    await deployment.register(registration("a"));
    test.unfinish("urn:a");
    test.gone.add("/a");
    await deployment.register(registration("a"));
    expect(calls).toEqual(["create a", "create a"]);
  });

  it("that is only read is not recorded, and is left to its owner when it was deployed before", async () => {
    const subject = { urn: "urn:a", type: "t", name: "a" };
    await expect(deployment.read(subject, "/there")).resolves.toMatchObject({ id: "/there" });
    expect(deployed.all()).toEqual([]);
    await deployment.register(registration("a"));
    await deployment.read(subject, "/a");
    await test.remove();
    expect(calls).toEqual(["create a"]);
    test.gone.add("/away");
    await expect(deployment.read(subject, "/away")).rejects.toThrow("there is no /away");
  });

  it("that is protected is not replaced", async () => {
    test.change = { ...test.change, replacing: ["size"] };
    await deployment.register(registration("a", { size: 1 }, { protect: true }));
    await expect(deployment.register(registration("a", { size: 2 }))).rejects.toThrow(/protected/);
  });
});
