import path from "node:path";
import { readStackConfiguration } from "../../../emulator/deploy/stackConfiguration.js";
import { parseConfiguration } from "../../../infra/config.js";
import { neededProviders } from "../../../infra/dataplane/resourceProviders.js";
import { planOf } from "../../../infra/plan.js";
import { verdictOn } from "../../../infra/preflight/preflight.js";
import { type Answers, fakeArm } from "./fakeArm.js";

const root = path.resolve(import.meta.dirname, "../../..");
export const subscriptionId = "11111111-1111-1111-1111-111111111111";
export const deployer = "33333333-3333-3333-3333-333333333333";
export const subscription = `/subscriptions/${subscriptionId}`;
export const group = `${subscription}/resourceGroups/rg-synapse-batch-dev`;
export const ml = `${subscription}/providers/Microsoft.MachineLearningServices/locations/centralus`;

export const provider = (
  namespace: string,
  registrationState = "Registered",
  locations = ["Central US", "East US 2"],
) => ({
  namespace,
  registrationState,
  resourceTypes: [{ resourceType: "workspaces", locations }],
});
export const permissions = (actions: readonly string[], notActions: readonly string[] = []) => ({
  value: [{ actions, notActions, dataActions: [], notDataActions: [] }],
});
export const nameQuestion = (type: string, name: string) => {
  const [namespace] = type.split("/");
  return `POST ${subscription}/providers/${namespace}/checkNameAvailability ${JSON.stringify({ name, type })}`;
};
export const vmSize = (name: string, family: string, vCPUs = 4, supportedComputeTypes = ["AmlCompute"]) => ({
  name,
  family,
  vCPUs,
  supportedComputeTypes,
});
export const usage = (type: string, value: string, limit: number) => ({
  type: `Microsoft.MachineLearningServices/${type}/usages`,
  currentValue: 0,
  limit,
  name: { value, localizedValue: value },
});
export const dsv2 = "Standard DSv2 Family Cluster Dedicated vCPUs";
export const total = "Total Cluster Dedicated Regional vCPUs";

/** A subscription in which everything is allowed, registered, served and free. */
export const healthy: Answers = {
  [`GET ${subscription}/providers/Microsoft.Authorization/permissions`]: permissions(["*"]),
  ...Object.fromEntries(neededProviders.map((each) => [`GET ${subscription}/providers/${each}`, provider(each)])),
  [`GET ${ml}/vmSizes`]: {
    value: [
      vmSize("Standard_DS3_v2", "standardDSv2Family"),
      vmSize("Standard_NC6", "standardNCFamily", 6),
      vmSize("Standard_DS2_v2", "standardDSv2Family", 2, ["ComputeInstance"]),
    ],
  },
  [`GET ${ml}/usages`]: {
    value: [usage("dedicatedCores", total, 24), usage("vmFamily", dsv2, 24), usage("vmFamily", "standardNCFamily", 0)],
  },
};

/** What the preflight finds and asks with these answers and settings. */
export async function check(answers: Answers, settings: Readonly<Record<string, string>> = {}) {
  const { configuration: raw } = readStackConfiguration(root, "dev", {
    nameSuffix: "abc",
    scoringClientId: "66666666-6666-6666-6666-666666666666",
    scoringClientSecret: "secret",
    triggerPrincipalId: "77777777-7777-7777-7777-777777777777",
    ...settings,
  });
  const own = Object.entries(raw).map(([key, value]) => [key.replace(/^synapse-batch:/, ""), value]);
  const parsed = parseConfiguration(Object.fromEntries(own));
  if ("mistakes" in parsed) throw new Error(parsed.mistakes.join());
  const plan = planOf(parsed.configuration, { subscriptionId, project: "synapse-batch", stack: "dev" });
  const arm = fakeArm(answers);
  const verdict = await verdictOn(arm, { configuration: parsed.configuration, plan, subscriptionId, deployer });
  return { ...verdict, asked: arm.asked };
}

export const own = {
  stml: `${group}/providers/Microsoft.Storage/storageAccounts/stmlabc`,
  scoringVault: `${group}/providers/Microsoft.KeyVault/vaults/kv-scoring-abc`,
  mlVault: `${group}/providers/Microsoft.KeyVault/vaults/kv-ml-abc`,
  lake: `${group}/providers/Microsoft.Storage/storageAccounts/stlakeabc`,
  synapse: `${group}/providers/Microsoft.Synapse/workspaces/synw-abc`,
};
export const cluster = `${group}/providers/Microsoft.MachineLearningServices/workspaces/mlw-abc/computes/cpu-cluster`;
export const deployed: Answers = {
  ...Object.fromEntries(Object.values(own).map((id) => [`GET ${id}`, { id }])),
  [`GET ${cluster}`]: { id: cluster, properties: { properties: { vmSize: "STANDARD_DS3_V2" } } },
};
