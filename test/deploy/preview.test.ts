import { beforeEach, describe, expect, it } from "vitest";
import { Deployment } from "../../emulator/deploy/deployment.js";
import { unknownValue } from "../../emulator/deploy/properties.js";
import { removeOthers } from "../../emulator/deploy/removal.js";
import { registration, type TestDeployment, testDeployment } from "./testDeployment.js";

let test: TestDeployment;
let deployed: TestDeployment["deployed"];
let calls: TestDeployment["calls"];
let events: TestDeployment["events"];
let options: TestDeployment["options"];
let deployment: TestDeployment["deployment"];

const preview = () => new Deployment({ ...options, preview: true });

beforeEach(() => {
  test = testDeployment();
  ({ deployed, calls, events, options, deployment } = test);
});

describe("a preview", () => {
  it("tells what would be done and does nothing of it", async () => {
    await deployment.register(registration("a", { size: 1 }));
    await deployment.register(registration("b"));
    const record = deployed.all();
    events.length = 0;
    await preview().register(registration("a", { size: 2 }));
    await preview().register(registration("c"));
    await removeOthers({ ...options, preview: true }, new Set(["urn:a"]));
    expect(events.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["updated a", "created c", "deleted b"]);
    expect(calls).toEqual(["create a", "create b"]);
    expect(deployed.all()).toEqual(record);
  });

  it("shows each field that changes, a secret and what is not known yet by those words", async () => {
    const secretInputs = ["password", "keys[*].value"];
    const inputs = { size: 1, old: true, password: "hunter2", keys: [{ value: "k1" }], nested: { list: [1, 2] } };
    await deployment.register(registration("a", inputs, { secretInputs }));
    events.length = 0;
    const news = {
      size: unknownValue,
      password: "hunter3",
      keys: [{ value: "k2" }],
      nested: { list: [1, 3] },
      fresh: "x",
    };
    // what was a secret stays one on the screen
    await preview().register(registration("a", news, { secretInputs: ["keys[*].value"] }));
    expect(events[0]?.changes).toEqual([
      { path: "size", kind: "changed", old: "1", new: "[unknown]" },
      { path: "old", kind: "removed", old: "true" },
      { path: "password", kind: "changed", old: "[secret]", new: "[secret]" },
      { path: "keys[0].value", kind: "changed", old: "[secret]", new: "[secret]" },
      { path: "nested.list[1]", kind: "changed", old: "2", new: "3" },
      { path: "fresh", kind: "added", new: '"x"' },
    ]);
  });

  it("goes on after what a deployment would refuse, and names it at the end", async () => {
    test.change = { ...test.change, replacing: ["location"], losesData: true };
    await deployment.register(registration("a", { location: "here" }));
    const previewed = preview();
    await previewed.register(registration("a", { location: "there" }));
    expect(previewed.refusals).toMatchObject([
      { urn: "urn:a", message: expect.stringContaining("the change of location") },
    ]);
    expect(events.at(-1)).toMatchObject({ kind: "replaced" });
  });
});
