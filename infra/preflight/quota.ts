import { z } from "zod";
import { regionName } from "../../contract/hosts.js";
import type { Arm } from "./arm.js";

const vmSizes = z.object({
  value: z.array(
    z.object({
      name: z.string(),
      family: z.string(),
      vCPUs: z.number(),
      supportedComputeTypes: z.array(z.string()).optional(),
    }),
  ),
});
const usages = z.object({
  value: z.array(
    z.object({
      type: z.string(),
      limit: z.number(),
      name: z.object({ value: z.string(), localizedValue: z.string().optional() }),
    }),
  ),
});
const apiVersion = "2025-12-01";

/** The cluster's machine size and where it is wanted. */
export interface QuotaQuestion {
  readonly subscriptionId: string;
  readonly location: string;
  readonly vmSize: string;
}

/**
 * A finding when the region does not have the size, or the subscription's quota holds no node of it: Azure refuses the
 * cluster then, even one that starts without nodes (Microsoft.MachineLearningServices `vmSizes` and `usages`).
 */
export async function quotaFindings(arm: Arm, question: QuotaQuestion): Promise<readonly string[]> {
  const { subscriptionId, location, vmSize } = question;
  const place = `/subscriptions/${subscriptionId}/providers/Microsoft.MachineLearningServices/locations/${regionName(location)}`;
  const [sizesSaid, usagesSaid] = await Promise.all([
    arm.get(`${place}/vmSizes`, apiVersion),
    arm.get(`${place}/usages`, apiVersion),
  ]);
  const sizes = vmSizes.safeParse(sizesSaid.kind === "answer" ? sizesSaid.json : undefined);
  if (!sizes.success) return [];
  const forClusters = sizes.data.value.filter((each) => each.supportedComputeTypes?.includes("AmlCompute") ?? true);
  const size = forClusters.find(({ name }) => name.toLowerCase() === vmSize.toLowerCase());
  if (!size) {
    const some = forClusters.filter(({ vCPUs }) => vCPUs === 4).map(({ name }) => name);
    const examples = some.length > 0 ? `, such as ${some.slice(0, 3).join(", ")}` : "";
    return [
      `vmSize: ${vmSize} is no size of a cluster in ${location}; choose another${examples}: pulumi config set vmSize <size>`,
    ];
  }
  const used = usages.safeParse(usagesSaid.kind === "answer" ? usagesSaid.json : undefined);
  if (!used.success) return [];
  const short = used.data.value.find(
    (usage) => isQuotaOf(usage, size.family) && usage.limit >= 0 && usage.limit < size.vCPUs,
  );
  if (!short) return [];
  return [
    `vmSize: a node of ${size.name} takes ${size.vCPUs} vCPUs of the family ${size.family}, and the quota "${short.name.localizedValue ?? short.name.value}" in ${location} is ${short.limit}; ask for more on https://ml.azure.com/quota, or choose a size of another family: pulumi config set vmSize <size>`,
  ];
}

/** The family's own quota for dedicated machines, or that of them all: types and names differ from one API version to another. */
function isQuotaOf({ type, name }: z.infer<typeof usages>["value"][number], family: string): boolean {
  const [, kind = ""] = type.toLowerCase().split("/");
  const quota = name.value.replaceAll(" ", "").toLowerCase();
  if (kind === "dedicatedcores" || kind === "totaldedicatedcores") return true;
  return kind === "vmfamily" && [family, `${family}ClusterDedicatedvCPUs`].some((own) => own.toLowerCase() === quota);
}
