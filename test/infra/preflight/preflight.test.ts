import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { Answers } from "./fakeArm.js";
import {
  check,
  cluster,
  deployed,
  deployer,
  dsv2,
  group,
  healthy,
  ml,
  nameQuestion,
  own,
  permissions,
  provider,
  subscription,
  total,
  usage,
} from "./subscription.js";

describe("the preflight", () => {
  it("lets a healthy subscription pass", async () => {
    expect((await check(healthy)).findings).toEqual([]);
  });

  it("asks for nothing but the resources when all are there, whatever else Azure would say", async () => {
    const { findings, asked } = await check(deployed);
    expect(findings).toEqual([]);
    expect([...asked].sort()).toEqual([...Object.values(own), cluster].map((id) => `GET ${id}`).sort());
  });

  it("asks for the quota alone when the cluster's size changes", async () => {
    const { findings, asked } = await check({ ...healthy, ...deployed }, { vmSize: "Standard_NC6" });
    expect(findings).toHaveLength(1);
    expect(asked.filter((line) => !line.includes(group))).toEqual([`GET ${ml}/vmSizes`, `GET ${ml}/usages`]);
  });

  it("takes what Azure does not answer for no finding", async () => {
    expect((await check({})).findings).toEqual([]);
    const refused = Object.fromEntries(Object.keys(healthy).map((line) => [line, new Error("you may not")]));
    expect((await check(refused)).findings).toEqual([]);
  });

  it("reports everything at once, each with its cure", async () => {
    const { findings } = await check(
      {
        ...healthy,
        [`GET ${subscription}/providers/Microsoft.Authorization/permissions`]: permissions(["*/read"]),
        [`GET ${subscription}/providers/Microsoft.Sql`]: provider("Microsoft.Sql", "NotRegistered"),
        [nameQuestion("Microsoft.Storage/storageAccounts", "stmlabc")]: { nameAvailable: false, message: "Taken." },
      },
      { vmSize: "Standard_NC6" },
    );
    expect(findings).toHaveLength(6);
    expect(findings.every((finding) => /pulumi config set|az \w+/.test(finding))).toBe(true);
  });
});

describe("the preflight's rights", () => {
  const withRights = (actions: readonly string[], notActions: readonly string[] = [], more: Answers = {}) =>
    check({
      ...healthy,
      [`GET ${subscription}/providers/Microsoft.Authorization/permissions`]: permissions(actions, notActions),
      ...more,
    });

  it("a Contributor may not assign roles, nor purge what the role excludes", async () => {
    const { findings } = await withRights(["*"], ["Microsoft.Authorization/*/Write"]);
    expect(findings).toEqual([
      `the deployer may not assign roles (Microsoft.Authorization/roleAssignments/write); an owner can allow it:\n  az role assignment create --assignee ${deployer} --role "User Access Administrator" --scope ${subscription}`,
    ]);
  });

  it("a role on the group is enough for the group, not for purges and registrations", async () => {
    const atGroup = { [`GET ${group}/providers/Microsoft.Authorization/permissions`]: permissions(["*"]) };
    const { findings } = await withRights(["*/read"], [], atGroup);
    expect(findings).toEqual([
      expect.stringMatching(/^purgeOnDestroy: .*deletedVaults\/purge\/action.*pulumi config set purgeOnDestroy false$/),
    ]);
  });

  it("does not ask for the right to purge when nothing is purged", async () => {
    const answers = {
      ...healthy,
      [`GET ${subscription}/providers/Microsoft.Authorization/permissions`]: permissions([
        "Microsoft.Resources/*",
        "Microsoft.Authorization/*",
      ]),
    };
    expect((await check(answers, { purgeOnDestroy: "false" })).findings).toEqual([]);
    expect((await check(answers, { purgeProtection: "true" })).findings).toEqual([]);
    expect((await check(answers)).findings).toHaveLength(1);
  });

  it.each([
    ["NotRegistered", ["*/read", "Microsoft.Sql/register/action"], 0],
    ["NotRegistered", ["*/read"], 1],
    ["Registering", ["*/read"], 0],
  ])("Microsoft.Sql %s, with %s: %s findings", async (state, actions, count) => {
    const { findings, notes } = await withRights(
      [...actions, "Microsoft.Resources/*", "Microsoft.Authorization/*"],
      [],
      {
        [`GET ${subscription}/providers/Microsoft.Sql`]: provider("Microsoft.Sql", state),
      },
    );
    const refused = findings.filter((finding) => finding.includes("az provider register --namespace Microsoft.Sql"));
    expect(refused).toHaveLength(count);
    expect(notes).toEqual(state === "NotRegistered" ? ["Registering the subscription with Microsoft.Sql"] : []);
  });

  it("a preview says what it would register", async () => {
    const dryRun = (isDryRun: boolean) => pulumi.runtime.setMockOptions(undefined, "project", "dev", isDryRun);
    dryRun(true);
    const { notes } = await withRights(["*"], [], {
      [`GET ${subscription}/providers/Microsoft.Sql`]: provider("Microsoft.Sql", "NotRegistered"),
    });
    dryRun(false);
    expect(notes).toEqual(["Would register the subscription with Microsoft.Sql"]);
  });
});

describe("the preflight's regions", () => {
  it.each(["Central US", "centralus"])("%s is the same however it is typed", async (location) => {
    expect((await check(healthy, { "azure-native:location": location })).findings).toEqual([]);
  });

  it("names the setting of a region without machine learning, and of one without Synapse", async () => {
    const { findings } = await check({
      ...healthy,
      [`GET ${subscription}/providers/Microsoft.Synapse`]: provider("Microsoft.Synapse", "Registered", ["East US 2"]),
      [`GET ${subscription}/providers/Microsoft.MachineLearningServices`]: provider(
        "Microsoft.MachineLearningServices",
        "Registered",
        ["East US 2"],
      ),
    });
    expect(findings.map((finding) => finding.split(";")[0])).toEqual([
      "azure-native:location: the region centralus does not serve Microsoft.MachineLearningServices/workspaces",
      "synapseLocation: the region centralus does not serve Microsoft.Synapse/workspaces",
    ]);
  });
});

describe("the preflight's quota", () => {
  it("knows the size by its name in any case", async () => {
    expect((await check(healthy, { vmSize: "standard_ds3_v2" })).findings).toEqual([]);
  });

  it.each(["Standard_Z9", "Standard_DS2_v2"])("%s is no size of a cluster there", async (size) => {
    const { findings } = await check(healthy, { vmSize: size });
    expect(findings).toEqual([
      `vmSize: ${size} is no size of a cluster in centralus; choose another, such as Standard_DS3_v2: pulumi config set vmSize <size>`,
    ]);
  });

  it("a family without quota is named with its quota and the setting", async () => {
    const { findings } = await check(healthy, { vmSize: "Standard_NC6" });
    expect(findings).toEqual([
      'vmSize: a node of Standard_NC6 takes 6 vCPUs of the family standardNCFamily, and the quota "standardNCFamily" in centralus is 0; ask for more on https://ml.azure.com/quota, or choose a size of another family: pulumi config set vmSize <size>',
    ]);
  });

  it.each([
    ["the family's", [usage("vmFamily", dsv2, 3), usage("dedicatedCores", total, 24)], 1],
    ["all families' in the older form", [usage("vmFamily", dsv2, 24), usage("dedicatedCores", total, 0)], 1],
    ["all families' in the newer form", [usage("totalDedicatedCores", "TotalDedicatedCores", 0)], 1],
    ["low priority's, which is not used", [usage("vmFamily", "Standard DSv2 Family Cluster LowPriority vCPUs", 0)], 0],
    ["one workspace's own use", [usage("workspaces", dsv2, 0)], 0],
    ["no limit of its own", [usage("vmFamily", dsv2, -1)], 0],
  ])("a node does not fit into %s: %#", async (_whose, value, count) => {
    const { findings } = await check({ ...healthy, [`GET ${ml}/usages`]: { value } });
    expect(findings).toHaveLength(count);
  });
});

describe("the preflight's names", () => {
  it.each([
    ["Microsoft.KeyVault/vaults", "kv-scoring-abc", "nameAvailable"],
    ["Microsoft.KeyVault/vaults", "kv-ml-abc", "nameAvailable"],
    ["Microsoft.Storage/storageAccounts", "stmlabc", "nameAvailable"],
    ["Microsoft.Storage/storageAccounts", "stlakeabc", "nameAvailable"],
    ["Microsoft.Synapse/workspaces", "synw-abc", "available"],
  ])("of %s: %s is somebody else's", async (type, name, verdict) => {
    const { findings } = await check({
      ...healthy,
      [nameQuestion(type, name)]: { [verdict]: false, message: `${name} is already in use.` },
    });
    expect(findings).toEqual([
      `the name ${name} cannot be used for ${type}: ${name} is already in use.; choose other names: pulumi config set nameSuffix <letters or digits>`,
    ]);
  });

  it("a deleted vault of that name is purged or recovered", async () => {
    const { findings } = await check({
      ...healthy,
      [`GET ${subscription}/providers/Microsoft.KeyVault/locations/centralus/deletedVaults/kv-ml-abc`]: { name: "kv" },
      [nameQuestion("Microsoft.KeyVault/vaults", "kv-ml-abc")]: { nameAvailable: false, message: "deleted" },
    });
    expect(findings).toEqual([
      "a deleted vault holds the name kv-ml-abc; purge it for good or bring it back:\n  az keyvault purge --name kv-ml-abc --location centralus\n  az keyvault recover --name kv-ml-abc --location centralus",
    ]);
  });

  it("the stack's own resource may have its name", async () => {
    const taken = { nameAvailable: false, message: "taken" };
    const { findings } = await check({
      ...healthy,
      [`GET ${own.stml}`]: { id: own.stml },
      [nameQuestion("Microsoft.Storage/storageAccounts", "stmlabc")]: taken,
    });
    expect(findings).toEqual([]);
  });
});
