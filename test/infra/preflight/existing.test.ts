import { describe, expect, it } from "vitest";
import type { Answers } from "./fakeArm.js";
import {
  check,
  deployed,
  dsv2,
  healthy,
  ml,
  nameQuestion,
  own,
  subscription,
  subscriptionId,
  usage,
  vmSize,
} from "./subscription.js";

const other = `${subscription}/resourceGroups/theirs/providers`;

describe("the preflight's existing resources", () => {
  const vault = `${other}/Microsoft.KeyVault/vaults/theirs`;
  const workspace = `${other}/Microsoft.MachineLearningServices/workspaces/theirs`;
  const endpoint = `${workspace}/batchEndpoints/legacy`;
  const synapse = `${other}/Microsoft.Synapse/workspaces/theirs`;
  const europe = ml.replace("centralus", "westeurope");
  const theirs: Answers = {
    [`GET ${vault}`]: { properties: { enableRbacAuthorization: true } },
    [`GET ${workspace}`]: { location: "westeurope", properties: { storageAccount: "/subscriptions/…" } },
    [`GET ${endpoint}`]: { properties: { properties: { BatchEndpointCreationApiVersion: "2022-02-01-preview" } } },
    [`GET ${synapse}`]: { identity: { principalId: "an id" }, properties: {} },
    [`GET ${europe}/vmSizes`]: { value: [vmSize("Standard_DS3_v2", "standardDSv2Family")] },
    [`GET ${europe}/usages`]: { value: [usage("vmFamily", dsv2, 0)] },
  };
  const settings = {
    existingScoringVault: vault,
    existingBatchEndpoint: endpoint,
    existingSynapseWorkspace: synapse,
    batchApi: "preview",
  };

  it("several may be there at once; their names are not asked for, and the quota counts in their region", async () => {
    const { findings, asked } = await check({ ...healthy, ...theirs }, settings);
    expect(findings).toEqual([expect.stringMatching(/^vmSize: .* in westeurope is 0/)]);
    expect(asked.filter((line) => line.includes("checkNameAvailability"))).toEqual([
      nameQuestion("Microsoft.Storage/storageAccounts", "stmlabc"),
    ]);
  });

  it.each([
    [vault, undefined, `existingScoringVault: there is no ${vault}; set another, or none to have it made`],
    [vault, new Error("You may not."), "existingScoringVault: You may not."],
    [
      vault,
      { properties: { enableRbacAuthorization: false } },
      "existingScoringVault: the vault theirs is guarded by access policies, not by roles; change it: az keyvault update --name theirs --enable-rbac-authorization true",
    ],
    [
      workspace,
      { location: "centralus", properties: {} },
      "existingMachineLearningWorkspace: the workspace theirs has no storage account of its own",
    ],
    [
      endpoint,
      { properties: { properties: { BatchEndpointCreationApiVersion: "2022-05-01" } } },
      "existingBatchEndpoint: the endpoint legacy was made with API version 2022-05-01: those since 2022-05-01 take no v1 datasets; use today's body: pulumi config set batchApi ga",
    ],
    [
      synapse,
      { identity: null, properties: {} },
      "existingSynapseWorkspace: the workspace theirs has no system-assigned identity for its Web activities",
    ],
  ])("%s, answered with %j, is a finding", async (id, answer, finding) => {
    const quota = { [`GET ${europe}/usages`]: { value: [] } };
    const { findings } = await check({ ...healthy, ...theirs, ...quota, [`GET ${id}`]: answer }, settings);
    expect(findings).toEqual([finding]);
  });

  it("of another subscription are refused without a question", async () => {
    const elsewhere = vault.replace(subscriptionId, "99999999-9999-9999-9999-999999999999");
    const { findings, asked } = await check(healthy, { existingScoringVault: elsewhere });
    expect(findings).toEqual([
      `existingScoringVault: ${elsewhere} is not in the subscription of this deployment, ${subscriptionId}`,
    ]);
    expect(asked).not.toContain(`GET ${elsewhere}`);
  });

  it("that the stack made itself are still the stack's", async () => {
    const { findings, asked } = await check(deployed, { existingScoringVault: own.scoringVault });
    expect(findings).toEqual([]);
    expect(asked.filter((line) => line === `GET ${own.scoringVault}`)).toHaveLength(1);
  });
});
