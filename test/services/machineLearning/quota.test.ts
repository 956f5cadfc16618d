import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { messageOf, subscriptionPath } from "../resourceManager/testArm.js";
import { ids, WholeArm } from "../resourceManager/wholeArm.js";

let whole: WholeArm;
beforeEach(async () => {
  whole = await WholeArm.start();
  await whole.makeMachineLearning();
});
afterEach(() => whole.close());

const make = async (cluster: JsonObject, minNodeCount = 0) => {
  const properties = { scaleSettings: { minNodeCount, maxNodeCount: 4 }, ...cluster };
  const answer = await whole.arm.call("PUT", `${ids.machineLearning}/computes/cluster`, {
    body: { properties: { computeType: "AmlCompute", properties } },
  });
  await whole.arm.arm.context.operations.settled();
  return answer;
};
const inRegion = async (list: string, location = "centralus") => {
  const path = `${subscriptionPath}/providers/Microsoft.MachineLearningServices/locations/${location}/${list}`;
  return (await whole.arm.call("GET", path)).body["value"] as JsonObject[];
};

describe("a region", () => {
  it("lists the sizes that clusters can be made of, with family, vCPUs and memory", async () => {
    const sizes = await inRegion("vmSizes");
    expect(sizes.find(({ name }) => name === "Standard_DS3_v2")).toMatchObject({
      ...{ family: "standardDSv2Family", vCPUs: 4, memoryGB: 14, gpus: 0, premiumIO: true },
      ...{ maxResourceVolumeMB: 28_672, lowPriorityCapable: true },
    });
    expect(sizes.find(({ name }) => name === "Standard_D3_v2")).toMatchObject({ premiumIO: false });
  });

  it("lists the quota of a new pay-as-you-go subscription and what clusters hold of it", async () => {
    const before = await inRegion("usages");
    expect(before.find(({ name }) => (name as JsonObject)["value"] === "TotalDedicatedCores")).toMatchObject({
      ...{ unit: "Count", currentValue: 0, limit: 20, amlWorkspaceLocation: "centralus" },
      name: { localizedValue: "Total Cluster Dedicated Regional vCPUs" },
    });
    await make({ vmSize: "STANDARD_DS3_V2" }, 1);
    const family = ({ type, name }: JsonObject) =>
      (name as JsonObject)["value"] === "standardDSv2Family" && String(type).includes("dedicatedCores");
    const used = (await inRegion("usages")).find(family);
    expect(used).toMatchObject({ currentValue: 4, limit: 6 });
    expect(used?.["name"]).toMatchObject({ localizedValue: "Standard DSv2 Family Cluster Dedicated vCPUs" });
    expect((await inRegion("usages", "West US")).find(family)).toMatchObject({ currentValue: 0 });
  });

  it("answers only to who may read it, by GET, and where Azure has a region", async () => {
    const path = `${subscriptionPath}/providers/Microsoft.MachineLearningServices/locations/centralus/vmSizes`;
    expect(await whole.arm.refusal("GET", path, { as: "trigger" })).toBe("403 AuthorizationFailed");
    expect(await whole.arm.refusal("POST", path)).toBe("405 HttpMethodNotSupported");
    expect(await whole.arm.refusal("GET", path.replace("centralus", "atlantis"))).toBe(
      "400 LocationNotAvailableForResourceType",
    );
  });
});

describe("a cluster", () => {
  it("whose one node is beyond its family's quota is refused, though it begins with none", async () => {
    const answer = await make({ vmSize: "Standard_NC6s_v3" });
    expect([answer.status, messageOf(answer)]).toEqual([
      400,
      "The specified subscription has a Standard NCSv3 family vCPU quota of 0 and cannot accomodate for at least 1 requested managed compute node which maps to 6 vCPUs. Talk to your Subscription Admin or refer to https://docs.microsoft.com/azure/machine-learning/how-to-manage-quotas#request-quota-increases to increase the family quota.",
    ]);
    expect((answer.body["error"] as JsonObject)["details"]).toMatchObject([{ code: "ClusterMinNodesExceedCoreQuota" }]);
    expect((await make({ vmSize: "Standard_DS3_v2" }, 2)).status).toBe(400);
  });

  it("of low-priority nodes needs a quota of its own", async () => {
    const answer = await make({ vmSize: "Standard_DS3_v2", vmPriority: "LowPriority" });
    expect(messageOf(answer)).toContain("has a total vCPU quota of 0");
  });

  it("of a size that is none is refused, and told the sizes that are", async () => {
    const answer = await make({ vmSize: "Standard_X1" });
    expect(answer.status).toBe(400);
    expect(messageOf(answer)).toContain("The specified value Standard_X1 for property Cluster.Properties.VMSize");
    expect(messageOf(answer)).toContain("STANDARD_DS3_V2,");
  });

  it("keeps its size and priority, and changes its scale", async () => {
    await make({ vmSize: "STANDARD_DS3_V2" });
    expect((await make({ vmSize: "Standard_DS2_v2" })).status).toBe(400);
    expect((await make({ vmSize: "Standard_DS3_v2", vmPriority: "LowPriority" })).status).toBe(400);
    const scaleSettings = { minNodeCount: 0, maxNodeCount: 2 };
    const patched = await whole.arm.call("PATCH", `${ids.machineLearning}/computes/cluster`, {
      body: { properties: { properties: { scaleSettings } } },
    });
    expect(patched.status).toBe(200);
    const properties = (patched.body["properties"] as JsonObject)["properties"];
    expect(properties).toMatchObject({ vmSize: "STANDARD_DS3_V2", scaleSettings: { maxNodeCount: 2 } });
  });
});
