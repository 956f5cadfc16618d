import type { Json, JsonObject } from "../../../../contract/json.js";
import type { DeploymentSettings } from "../resourceTypes/deployment.js";

export type JobStatus =
  | "NotStarted"
  | "Preparing"
  | "Queued"
  | "Starting"
  | "Running"
  | "Finalizing"
  | "CancelRequested"
  | "Completed"
  | "Failed"
  | "Canceled";

export const terminalStatuses: readonly JobStatus[] = ["Completed", "Failed", "Canceled"];

/** A batch job with all that is needed to run it, again if need be, after its process was killed. Times are ISO 8601. */
export interface JobRecord {
  /** `batchjob-<guid>` */
  readonly name: string;
  readonly workspaceId: string;
  readonly location: string;
  readonly endpointId: string;
  readonly deploymentId: string;
  /** The run `batchscoring`, in whose folder the predictions are by default. */
  readonly childRunId: string;
  readonly displayName: string;
  /** Whose rights the input is read with, besides the cluster's. */
  readonly invokerId: string;
  readonly input: { readonly name: string; readonly type: string; readonly uri: string };
  readonly output: { readonly name: string; readonly type: string; readonly uri: string } | undefined;
  /** The deployment's, with the invocation's overrides. */
  readonly settings: Pick<
    DeploymentSettings,
    "errorThreshold" | "retrySettings" | "miniBatchSize" | "outputAction" | "outputFileName"
  >;
  /** The deployment as it was when the job was made. */
  readonly references: {
    readonly modelId: string;
    readonly codeId: string;
    readonly scoringScript: string;
    readonly environmentId: string;
    readonly computeId: string;
    readonly instanceCount: number;
  };
  readonly createdAt: string;
  readonly status: JobStatus;
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
  /** Why the child run failed. */
  readonly error: string | undefined;
  /** How often the work was begun: more than once after a killed process. */
  readonly attempts: number;
}

/** The job as the scoring host answers it; it says nothing of an error. */
export function jobEnvelope(job: JobRecord): JsonObject {
  const { input, output, settings, references } = job;
  return {
    id: `${job.deploymentId}/jobs/${job.name}`,
    name: job.name,
    type: "Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments/jobs",
    properties: {
      name: job.displayName,
      description: null,
      provisioningState: "Succeeded",
      status: job.status,
      inputData: { [input.name]: { jobInputType: input.type, uri: input.uri, mode: "ReadOnlyMount" } },
      outputData: output
        ? { [output.name]: { jobOutputType: output.type, uri: output.uri, mode: "ReadWriteMount" } }
        : {},
      compute: { target: references.computeId, instanceCount: references.instanceCount },
      output: { datastoreId: null, path: null },
      outputFileName: settings.outputFileName,
      errorThreshold: settings.errorThreshold,
      miniBatchSize: settings.miniBatchSize,
      retrySettings: settings.retrySettings,
      interactionEndpoints: {
        Studio: { jobEndpointType: "Studio", endpoint: studioUrl(job), port: null, properties: null },
      },
      tags: jobTags(job),
      properties: { "azureml.runsource": "azureml.PipelineRun", runType: "HTTP" },
    },
    systemData: { createdAt: job.createdAt, createdBy: job.invokerId, createdByType: "Application" },
  };
}

/** The job as a resource of the workspace (ARM `jobs/{name}`). */
export function jobResourceBody(job: JobRecord): JsonObject {
  const { endpoint, deployment } = namesOf(job);
  const service = (kind: string, url: string): Json => ({
    jobServiceType: kind,
    endpoint: url,
    port: null,
    status: null,
  });
  return {
    properties: {
      jobType: "Pipeline",
      displayName: job.displayName,
      experimentName: endpoint,
      status: job.status,
      description: `Pipeline submission for endpoint: ${endpoint}, deployment: ${deployment}.`,
      services: { Studio: service("Studio", studioUrl(job)) },
      computeId: job.references.computeId,
      isArchived: false,
      inputs: {},
      outputs: {},
      tags: jobTags(job),
      properties: { "azureml.runsource": "azureml.PipelineRun", runType: "HTTP" },
    },
    systemData: { createdAt: job.createdAt, createdBy: job.invokerId, createdByType: "Application" },
  };
}

export function namesOf({ endpointId, deploymentId }: JobRecord): { endpoint: string; deployment: string } {
  const last = (id: string) => id.slice(id.lastIndexOf("/") + 1);
  return { endpoint: last(endpointId), deployment: last(deploymentId) };
}

const studioUrl = ({ name, workspaceId }: JobRecord) => `https://ml.azure.com/runs/${name}?wsid=${workspaceId}`;

function jobTags(job: JobRecord): JsonObject {
  const deploymentName = namesOf(job).deployment;
  return {
    "azureml.batchrun": "true",
    "azureml.deploymentname": deploymentName,
    "azureml.jobtype": "azureml.batchjob",
  };
}
