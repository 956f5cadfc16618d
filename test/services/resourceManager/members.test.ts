import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { knownMembers } from "../../../emulator/services/resourceManager/knownMembers.js";
import { checkedMembers } from "../../../emulator/services/resourceManager/members.js";
import { messageOf } from "./testArm.js";
import { bodies, ids, WholeArm, withProperties } from "./wholeArm.js";

describe("the members of a request's properties", () => {
  const members = {
    ...{ taken: "size box", filled: "state", refused: "lid", inert: { mode: "Off" } },
    inside: { box: { taken: "width" } },
  };
  const check = (given: JsonObject) => checkedMembers(given, members, "Microsoft.Test/boxes");

  it("are passed on, but for those that the provider fills in", () => {
    expect(check({ size: 1, box: { width: 2 }, state: "Succeeded" })).toEqual({ size: 1, box: { width: 2 } });
  });

  it("that nobody knows are refused with their path, also deep inside", () => {
    expect(() => check({ sise: 1 })).toThrow("Could not find member 'sise'");
    expect(() => check({ box: { widht: 1 } })).toThrow("Path 'properties.box.widht'");
  });

  it("that Azure has and nothing would act on are refused by name, unless they say nothing", () => {
    expect(() => check({ lid: "open" })).toThrow("does not support 'properties.lid' of 'Microsoft.Test/boxes'");
    expect(check({ lid: null, mode: "Off" })).toEqual({});
    expect(() => check({ mode: "On" })).toThrow("properties.mode");
  });
});

describe("every type of the services", () => {
  let whole: WholeArm;
  beforeEach(async () => {
    whole = await WholeArm.start();
  });
  afterEach(() => whole.close());

  it("has its members in the table, but for those that no request makes", () => {
    const named = whole.arm.arm.context.catalog.types.map(({ type }) => type.toLowerCase());
    expect(named.filter((type) => !knownMembers[type])).toEqual([
      "microsoft.machinelearningservices/workspaces/jobs",
      "microsoft.synapse/workspaces/integrationruntimes",
    ]);
    expect(Object.keys(knownMembers).filter((type) => !named.includes(type))).toEqual([]);
  });

  it("refuses a misspelt property and an envelope member that it has not, by name", async () => {
    await whole.makeMachineLearning();
    await whole.makeAll("lake", "synapse");
    for (const name of Object.keys(ids) as (keyof typeof ids)[]) {
      const misspelt = await whole.make(name, withProperties(bodies[name], { proprety: true }));
      expect([misspelt.status, messageOf(misspelt)]).toEqual([400, expect.stringContaining("'proprety'")]);
      const scaled = await whole.make(name, { ...bodies[name], scale: { capacity: 1 } });
      expect([scaled.status, messageOf(scaled)]).toEqual([400, expect.stringContaining("'scale'")]);
    }
  });

  it("takes back what it answered", async () => {
    await whole.makeMachineLearning();
    await whole.makeAll("lake", "synapse");
    for (const name of Object.keys(ids) as (keyof typeof ids)[]) {
      const { body } = await whole.arm.call("GET", ids[name]);
      const again = await whole.make(name, body);
      expect([name, again.status, messageOf(again)]).toEqual([name, 200, ""]);
    }
  });
});
