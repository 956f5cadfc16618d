import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../contract/clock.js";
import type { JsonObject } from "../../contract/json.js";
import { ArmError } from "../../emulator/deploy/armError.js";
import { deployWith, previewWith, readOutputs } from "../../emulator/deploy/deploy.js";
import { inputChanges } from "../../emulator/deploy/differences.js";
import type { ResourceProvider } from "../../emulator/deploy/resourceProvider.js";
import { openStore, type Store } from "../../emulator/platform/store.js";

class Thing extends pulumi.CustomResource {
  declare readonly size: pulumi.Output<number>;
  static get(name: string, id: pulumi.Input<string>): Thing {
    return new Thing(name, undefined, { id });
  }
  constructor(name: string, size: pulumi.Input<unknown>, options?: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, { size }, options);
  }
}

let store: Store;
let made: { name: string; inputs: JsonObject }[];
let refuse: string | undefined;
const unhandled: unknown[] = [];
let others: NodeJS.UnhandledRejectionListener[];
const onUnhandled = (reason: unknown) => {
  if (process.listenerCount("unhandledRejection") === 1) unhandled.push(reason);
};

const provider: ResourceProvider = {
  check: async (_type, inputs) => inputs,
  diff: async (_type, old, inputs) => ({
    inputs: inputChanges(old.inputs, inputs, []),
    deleteBeforeReplace: true,
    losesData: false,
  }),
  async create(_type, inputs, preview) {
    if (preview) return { id: "", outputs: inputs };
    if (refuse === String(inputs["size"])) throw new ArmError(409, "Conflict", "It is being deleted.");
    made.push({ name: String(inputs["size"]), inputs });
    return { id: `/things/${String(inputs["size"])}`, outputs: inputs };
  },
  read: async (_type, id) => (id === "/things/there" ? { id, inputs: {}, outputs: { size: 7 } } : undefined),
  update: async (_type, old, inputs) => ({ id: old.id, outputs: inputs }),
  delete: async () => {},
};

function run(program: () => Promise<object>, how = deployWith) {
  const providerOf = (type: string) => {
    if (type !== "test:index:Thing") throw new Error(`the emulator does not support the resource type ${type}`);
    return provider;
  };
  return how(
    { providerOf, invoke: async (token) => Promise.reject(new Error(`no function ${token}`)) },
    {
      program,
      project: "p",
      stack: "s",
      configuration: { "p:key": "value" },
      secretKeys: [],
      store,
      clock: systemClock(),
      onEvent: () => {},
    },
  );
}

beforeEach(() => {
  store = openStore(undefined, Buffer.alloc(32, 1));
  made = [];
  refuse = undefined;
  unhandled.length = 0;
  others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  // what the deployment itself hears of while it runs is its own
  process.on("unhandledRejection", onUnhandled);
});

afterEach(async () => {
  // rejections are reported after the microtasks
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", onUnhandled);
  for (const listener of others) process.on("unhandledRejection", listener);
  store.close();
  expect(unhandled).toEqual([]);
});

describe("a program", () => {
  it("gets its configuration, makes resources in the order of their dependencies and returns its outputs", async () => {
    const { outputs, changes } = await run(async () => {
      const first = new Thing("first", new pulumi.Config().require("key"));
      const second = new Thing("second", pulumi.interpolate`${first.id}/second`);
      return { first: first.id, second: second.size };
    });
    expect(made.map(({ name }) => name)).toEqual(["value", "/things/value/second"]);
    expect(outputs).toEqual({ first: "/things/value", second: "/things/value/second" });
    expect(changes).toEqual({ created: 2, updated: 0, deleted: 0, unchanged: 0 });
    expect(readOutputs({ store, project: "p", stack: "s" })).toEqual(outputs);
  });

  it("that no longer has a resource loses it", async () => {
    await run(async () => ({ kept: new Thing("kept", 1).id, other: new Thing("other", 2).id }));
    const { changes } = await run(async () => ({ kept: new Thing("kept", 1).id }));
    expect(changes).toEqual({ created: 0, updated: 0, deleted: 1, unchanged: 1 });
  });

  it("whose resource is refused ends with that refusal, though others depend on it", async () => {
    refuse = "2";
    const program = async () => {
      const bad = new Thing("bad", 2);
      const waiting = new Thing("waiting", 3, { dependsOn: bad });
      const output = new Thing("output", bad.size);
      return { waiting: waiting.id, output: output.id };
    };
    await expect(run(program)).rejects.toMatchObject({
      exitCode: 1,
      code: "Conflict",
      urn: "urn:pulumi:s::p::test:index:Thing::bad",
      message: "bad (test:index:Thing) failed: Conflict: It is being deleted.",
    });
    expect(made).toEqual([]);
    expect(readOutputs({ store, project: "p", stack: "s" })).toBeUndefined();
  });

  it("whose resource is refused keeps what was finished, and a second deployment makes the rest", async () => {
    refuse = "2";
    const program = async () => {
      const good = new Thing("good", 1);
      return { bad: new Thing("bad", 2, { dependsOn: good }).id };
    };
    await expect(run(program)).rejects.toThrow("It is being deleted.");
    refuse = undefined;
    await expect(run(program)).resolves.toMatchObject({ changes: { created: 1, unchanged: 1 } });
  });

  it("that throws ends with its error, a wrong configuration as a wrong call", async () => {
    await expect(run(async () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    const wrong = run(async () => Promise.reject(new pulumi.RunError("key: must be a number")));
    await expect(wrong).rejects.toMatchObject({ name: "ProgramError", exitCode: 2, message: "key: must be a number" });
  });

  it("that throws after a resource was made does not lose it", async () => {
    await expect(
      run(async () => {
        const thing = new Thing("thing", 1);
        await new Promise((resolve) => thing.id.apply(resolve));
        throw new Error("broken");
      }),
    ).rejects.toThrow("broken");
    expect(store.all("SELECT urn FROM deployed")).toEqual([{ urn: "urn:pulumi:s::p::test:index:Thing::thing" }]);
  });

  it("that uses an unknown type or function, or one name twice, is refused by name", async () => {
    class Unknown extends pulumi.CustomResource {
      constructor() {
        super("test:index:Unknown", "unknown", {});
      }
    }
    await expect(run(async () => ({ unknown: new Unknown().id }))).rejects.toThrow("test:index:Unknown");
    await expect(run(async () => pulumi.runtime.invoke("test:index:call", {}))).rejects.toThrow(
      "no function test:index:call",
    );
    await expect(run(async () => [new Thing("same", 1).id, new Thing("same", 1).id])).rejects.toThrow("the same name");
  });

  it("whose own computation throws ends with its error, whatever waits for the value", async () => {
    const broken = async () => {
      const first = new Thing("first", 1);
      const size = first.size.apply((value): number => {
        throw new Error(`no use for ${value}`);
      });
      const second = new Thing("second", size);
      return { size, third: new Thing("third", 3, { dependsOn: second }).id };
    };
    await expect(run(broken)).rejects.toThrow("no use for 1");
  });

  it("whose computed output throws ends with its error", async () => {
    const broken = async () => ({
      size: new Thing("first", 1).size.apply((value): number => {
        throw new Error(`no use for ${value}`);
      }),
    });
    await expect(run(broken)).rejects.toThrow("no use for 1");
  });

  it("with an input that cannot be read ends with the resource's name", async () => {
    const file = new pulumi.asset.FileAsset("/no/such/file");
    await expect(run(async () => ({ id: new Thing("unread", file).id }))).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining("unread (test:index:Thing) failed"),
    });
    const text = new pulumi.asset.StringAsset("text");
    await expect(run(async () => ({ id: new Thing("text", text).id }))).rejects.toThrow("files as assets");
  });

  it("that returns a secret still returns its value, and the record keeps it apart from inputs", async () => {
    const { outputs } = await run(async () => ({ size: new Thing("thing", pulumi.secret(5)).size }));
    expect(outputs).toEqual({ size: 5 });
  });

  it("with several resources that are refused at once ends with each of them", async () => {
    refuse = "2";
    const both = run(async () => ({ one: new Thing("one", 2).id, other: new Thing("other", 2).id }));
    await expect(both).rejects.toMatchObject({
      exitCode: 1,
      message: [
        "2 resources failed:",
        "  one (test:index:Thing) failed: Conflict: It is being deleted.",
        "  other (test:index:Thing) failed: Conflict: It is being deleted.",
      ].join("\n"),
    });
  });

  it("that reads a resource which was made elsewhere sees it and does not own it", async () => {
    const program = async () => ({ size: Thing.get("theirs", "/things/there").size });
    await expect(run(program)).resolves.toMatchObject({ outputs: { size: 7 }, changes: { created: 0, deleted: 0 } });
    expect(store.all("SELECT urn FROM deployed")).toEqual([]);
    await expect(run(async () => ({ size: Thing.get("none", "/things/none").size }))).rejects.toThrow(
      "none (test:index:Thing) failed: there is no /things/none",
    );
  });

  it("that renames a resource, or the component round it, with an alias keeps it", async () => {
    class Group extends pulumi.ComponentResource {
      constructor(type: string, options: pulumi.ComponentResourceOptions = {}) {
        super(type, "group", {}, options);
        new Thing("inner", 2, { parent: this });
      }
    }
    await run(async () => [new Thing("before", 1), new Group("test:index:Before")]);
    const { changes } = await run(async () => [
      new Thing("after", 1, { aliases: [{ name: "before" }] }),
      new Group("test:index:After", { aliases: [{ type: "test:index:Before" }] }),
    ]);
    expect(changes).toEqual({ created: 0, updated: 0, deleted: 0, unchanged: 2 });
  });

  it("sees a secret input's output as a secret, and one that additionalSecretOutputs names", async () => {
    const isSecret: boolean[] = [];
    await run(async () => {
      const things = [
        new Thing("given", pulumi.secret(1)),
        new Thing("named", 2, { additionalSecretOutputs: ["size"] }),
        new Thing("open", 3),
      ];
      for (const { size } of things) isSecret.push(await pulumi.isSecret(size));
      return {};
    });
    expect(isSecret).toEqual([true, true, false]);
  });

  it("with an option that would be without effect is refused by its name", async () => {
    const options: pulumi.CustomResourceOptions[] = [{ import: "/x" }, { customTimeouts: { create: "5m" } }];
    for (const [index, given] of options.entries()) {
      await expect(run(async () => ({ id: new Thing(`thing${index}`, 1, given).id }))).rejects.toThrow(
        `the emulator does not support the resource option ${Object.keys(given)[0]}`,
      );
    }
  });

  it("can be previewed: what is not known yet is unknown in what depends on it, and nothing is made", async () => {
    const seen: unknown[] = [];
    const program = async () => {
      const first = new Thing("first", 1);
      first.id.apply((id) => seen.push(id));
      return { second: new Thing("second", first.id).size };
    };
    await expect(run(program, previewWith)).resolves.toMatchObject({ changes: { created: 2 } });
    expect({ made, seen, outputs: readOutputs({ store, project: "p", stack: "s" }) }).toEqual({
      made: [],
      seen: [],
      outputs: undefined,
    });
  });
});
