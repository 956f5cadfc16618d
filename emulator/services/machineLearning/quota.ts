import { regionName } from "../../../contract/hosts.js";
import type { JsonObject } from "../../../contract/json.js";
import { objectAt, propertiesOf, textAt } from "../../platform/json.js";
import type { Resources } from "../../platform/resources.js";
import { subscription } from "../../platform/subscription.js";
import { badRequest } from "./errors.js";
import { types } from "./names.js";
import { type VmSize, vmSizeNamed, vmSizes } from "./vmSizes.js";

export type VmPriority = "Dedicated" | "LowPriority";

/** vCPUs that a new pay-as-you-go subscription may use in a region: all clusters together, by priority. */
const totalLimits: Readonly<Record<VmPriority, number>> = { Dedicated: 20, LowPriority: 0 };
/** The same by family, for dedicated nodes; families with GPUs have to be asked for. */
const usualFamilyLimit = 10;
const familyLimits: Readonly<Record<string, number>> = { standardDSv2Family: 6, standardESv3Family: 20 };
/** Low-priority nodes are limited in total alone. */
const unlimited = -1;

const familyLimit = ({ family, gpus }: VmSize) => familyLimits[family] ?? (gpus > 0 ? 0 : usualFamilyLimit);

/** `standardDSv2Family` as sentences have it: `Standard DSv2`. */
const spoken = (family: string) => family.replace(/^standard/, "Standard ").replace(/Family$/, "");

/** Refuses a cluster whose smallest number of nodes, one at least, is beyond the subscription's quota (400). */
export function checkQuota(size: VmSize, priority: VmPriority, minNodes: number): void {
  const nodes = Math.max(1, minNodes);
  const wanted = nodes * size.vCPUs;
  if (priority === "Dedicated" && wanted > familyLimit(size)) {
    throw overQuota(`${spoken(size.family)} family`, familyLimit(size), "family", nodes, wanted);
  }
  if (wanted > totalLimits[priority]) throw overQuota("total", totalLimits[priority], "total vCPU", nodes, wanted);
}

function overQuota(whose: string, limit: number, quota: string, nodes: number, vCpus: number) {
  const node = `requested managed compute node${nodes === 1 ? "" : "s"}`;
  return badRequest(
    "ClusterMinNodesExceedCoreQuota",
    `The specified subscription has a ${whose} vCPU quota of ${limit} and cannot accomodate for at least ${nodes} ${node} which maps to ${vCpus} vCPUs. Talk to your Subscription Admin or refer to https://docs.microsoft.com/azure/machine-learning/how-to-manage-quotas#request-quota-increases to increase the ${quota} quota.`,
  );
}

/** What `locations/{l}/usages` lists: limits, and the vCPUs of the nodes that the region's clusters hold at present. */
export function usagesIn(resources: Resources, location: string): readonly JsonObject[] {
  const held = resources.ofType(types.compute).flatMap(({ body, id }) => {
    if (regionName(String(body["location"])) !== location) return [];
    const cluster = objectAt(propertiesOf({ body }), "properties");
    const size = vmSizeNamed(textAt(cluster, "vmSize") ?? "");
    const nodes = Number(cluster["currentNodeCount"] ?? 0);
    return size ? [{ id, family: size.family, priority: cluster["vmPriority"], vCpus: nodes * size.vCPUs }] : [];
  });
  const used = (priority: VmPriority, family?: string) =>
    held
      .filter((each) => each.priority === priority && (family === undefined || each.family === family))
      .reduce((sum, { vCpus }) => sum + vCpus, 0);
  const usage = (kind: string, value: string, localizedValue: string, currentValue: number, limit: number) => ({
    id: `/subscriptions/${subscription.subscriptionId}/providers/Microsoft.MachineLearningServices/locations/${location}/${kind}/usages/${value}`,
    type: `Microsoft.MachineLearningServices/${kind}/usages`,
    amlWorkspaceLocation: location,
    ...{ unit: "Count", currentValue, limit, name: { value, localizedValue } },
  });
  const families = [...new Map(vmSizes.map((size) => [size.family, size])).values()];
  return [
    ...(["Dedicated", "LowPriority"] as const).map((priority) => {
      const name = priority === "Dedicated" ? "Dedicated" : "Low Priority";
      const kind = `total${priority}Cores`;
      const value = `Total${priority}Cores`;
      return usage(kind, value, `Total Cluster ${name} Regional vCPUs`, used(priority), totalLimits[priority]);
    }),
    ...families.flatMap((size) => {
      const { family } = size;
      const name = `${spoken(family)} Family Cluster`;
      const dedicated = used("Dedicated", family);
      const low = used("LowPriority", family);
      return [
        usage("vmFamily/dedicatedCores", family, `${name} Dedicated vCPUs`, dedicated, familyLimit(size)),
        usage("vmFamily/lowPriorityCores", family, `${name} Low Priority vCPUs`, low, unlimited),
      ];
    }),
  ];
}
