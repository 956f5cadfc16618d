import { z } from "zod";
import type { Configuration } from "../config.js";
import type { Existing } from "../existing.js";
import type { ExistingResources } from "../plan.js";
import type { Arm } from "./arm.js";

const resource = z.looseObject({
  location: z.string().optional(),
  identity: z.looseObject({ principalId: z.string().nullish() }).nullish(),
  properties: z.looseObject({
    enableRbacAuthorization: z.boolean().nullish(),
    storageAccount: z.string().nullish(),
    properties: z.record(z.string(), z.string().nullable()).nullish(),
  }),
});
type Resource = z.infer<typeof resource>;

/** What one of the settings `existing…` names, how it is read, and what it must be. */
interface Kind {
  readonly key: keyof ExistingResources;
  readonly setting: string;
  readonly apiVersion: string;
  readonly fault: (found: Resource, existing: Existing, configuration: Configuration) => string | undefined;
}

/** The first API version that made endpoints without v1 datasets. */
const firstWithoutV1Datasets = "2022-05-01";

const kinds: readonly Kind[] = [
  {
    key: "scoringVault",
    setting: "existingScoringVault",
    apiVersion: "2024-11-01",
    fault: ({ properties }, { name }) =>
      properties.enableRbacAuthorization === true
        ? undefined
        : `the vault ${name} is guarded by access policies, not by roles; change it: az keyvault update --name ${name} --enable-rbac-authorization true`,
  },
  {
    key: "machineLearningWorkspace",
    setting: "existingMachineLearningWorkspace",
    apiVersion: "2025-12-01",
    fault: ({ properties }, { name }) =>
      properties.storageAccount ? undefined : `the workspace ${name} has no storage account of its own`,
  },
  {
    key: "batchEndpoint",
    setting: "existingBatchEndpoint",
    apiVersion: "2025-12-01",
    fault({ properties }, { name }, { batchApi }) {
      const madeWith = properties.properties?.["BatchEndpointCreationApiVersion"];
      if (batchApi !== "preview" || !madeWith || madeWith < firstWithoutV1Datasets) return undefined;
      return `the endpoint ${name} was made with API version ${madeWith}: those since ${firstWithoutV1Datasets} take no v1 datasets; use today's body: pulumi config set batchApi ga`;
    },
  },
  {
    key: "synapseWorkspace",
    setting: "existingSynapseWorkspace",
    apiVersion: "2021-06-01",
    fault: ({ identity }, { name }) =>
      identity?.principalId
        ? undefined
        : `the workspace ${name} has no system-assigned identity for its Web activities`,
  },
];

/** What was found out about the existing resources. */
export interface ExistingFacts {
  readonly findings: readonly string[];
  /** The region of the machine learning workspace, if that is an existing one. */
  readonly machineLearningLocation: string | undefined;
}

/** Reads the existing resources: each must be there, in this subscription, and fit for its part. */
export async function readExisting(
  arm: Arm,
  existing: ExistingResources,
  configuration: Configuration,
  subscriptionId: string,
): Promise<ExistingFacts> {
  let machineLearningLocation: string | undefined;
  const findings = await Promise.all(
    kinds.map(async ({ key, setting, apiVersion, fault }) => {
      const named = existing[key];
      if (named === undefined) return [];
      if (named.subscriptionId.toLowerCase() !== subscriptionId.toLowerCase()) {
        return [`${setting}: ${named.id} is not in the subscription of this deployment, ${subscriptionId}`];
      }
      const said = await arm.get(named.id, apiVersion);
      if (said.kind === "nothing") return [`${setting}: there is no ${named.id}; set another, or none to have it made`];
      if (said.kind === "refusal") return [`${setting}: ${said.message}`];
      const found = resource.safeParse(said.json);
      if (!found.success) return [`${setting}: ${named.id} is not as expected: ${z.prettifyError(found.error)}`];
      if (key === "machineLearningWorkspace") machineLearningLocation = found.data.location;
      const wrong = fault(found.data, named, configuration);
      return wrong === undefined ? [] : [`${setting}: ${wrong}`];
    }),
  );
  return { findings: findings.flat(), machineLearningLocation };
}
