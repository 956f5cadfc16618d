import * as z from "zod";

/** The types that a pipeline's parameter may have, spelt as the specification has them. */
export const parameterType = z.enum(["Object", "String", "Int", "Float", "Bool", "Array", "SecureString"]);

/**
 * What the Pulumi program returns and the runtime needs: names, URLs and the pipeline's parameters; never a secret.
 * `pulumi stack output --json` prints this object, and so does the emulator's deployment.
 */
export const stackOutputs = z.object({
  tenantId: z.string(),
  subscriptionId: z.string(),
  resourceGroup: z.string(),
  location: z.string(),
  synapseWorkspace: z.string(),
  /** `https://<workspace>.dev.azuresynapse.net` */
  synapseEndpoint: z.url(),
  pipelineName: z.string(),
  pipelineParameters: z.record(z.string(), z.object({ type: parameterType, defaultValue: z.json().optional() })),
  machineLearningWorkspace: z.string(),
  batchEndpoint: z.string(),
  /** `https://<endpoint>.<region>.inference.ml.azure.com/jobs` */
  scoringUri: z.url(),
  keyVault: z.string(),
  /** `https://<account>.blob.core.windows.net/<container>`: scores are at `<scoresUrl>/scores/<runId>/predictions.csv` */
  scoresUrl: z.url(),
  /** `https://<account>.blob.core.windows.net/<container>`: where the input CSV is read from */
  inputUrl: z.url(),
  /** The Batch Execution Service that retrains: `https://<region>.services.azureml.net/workspaces/<w>/services/<s>` */
  besEndpoint: z.url().optional(),
  /** Synapse Studio and the Azure portal: pages for a person. */
  synapseStudioUrl: z.url(),
  machineLearningStudioUrl: z.url(),
  portalUrl: z.url(),
  /** The lines to type next. */
  next: z.array(z.string()),
});

export type StackOutputs = z.infer<typeof stackOutputs>;
