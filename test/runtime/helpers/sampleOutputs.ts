import type { StackOutputs } from "../../../contract/stackOutputs.js";

/** Outputs of a stack whose Synapse endpoint and storage are at `base`. */
export function sampleOutputs(
  base = "https://ws1.dev.azuresynapse.net",
  overrides: Partial<StackOutputs> = {},
): StackOutputs {
  return {
    tenantId: "11111111-1111-4111-8111-111111111111",
    subscriptionId: "22222222-2222-4222-8222-222222222222",
    resourceGroup: "rg-scoring",
    location: "centralus",
    synapseWorkspace: "ws1",
    synapseEndpoint: base,
    pipelineName: "batch-scoring",
    pipelineParameters: {
      correlationId: { type: "String", defaultValue: "" },
      pollSeconds: { type: "Int", defaultValue: 30 },
      apiKey: { type: "SecureString", defaultValue: "none" },
    },
    machineLearningWorkspace: "mlw1",
    batchEndpoint: "taxi",
    scoringUri: "https://taxi.centralus.inference.ml.azure.com/jobs",
    keyVault: "kv1",
    scoresUrl: base.startsWith("http://") ? `${base}/store` : "https://acct1.blob.core.windows.net/store",
    inputUrl: "https://acct1.blob.core.windows.net/input",
    synapseStudioUrl: "https://web.azuresynapse.net/monitoring",
    machineLearningStudioUrl: "https://ml.azure.com/jobs",
    portalUrl: "https://portal.azure.com/",
    next: ["npm run trigger"],
    ...overrides,
  };
}
