/** The ARM types of Microsoft.MachineLearningServices that are served. */
export const types = {
  workspace: "Microsoft.MachineLearningServices/workspaces",
  compute: "Microsoft.MachineLearningServices/workspaces/computes",
  datastore: "Microsoft.MachineLearningServices/workspaces/datastores",
  data: "Microsoft.MachineLearningServices/workspaces/data",
  code: "Microsoft.MachineLearningServices/workspaces/codes",
  model: "Microsoft.MachineLearningServices/workspaces/models",
  environment: "Microsoft.MachineLearningServices/workspaces/environments",
  batchEndpoint: "Microsoft.MachineLearningServices/workspaces/batchEndpoints",
  deployment: "Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments",
  job: "Microsoft.MachineLearningServices/workspaces/jobs",
} as const;

/** Azure RBAC actions of the data planes, checked at the workspace. */
export const actions = {
  submitToDeployment: `${types.deployment}/jobs/write`,
  submitJob: `${types.batchEndpoint}/jobs/write`,
  readJob: `${types.batchEndpoint}/jobs/read`,
  readRun: `${types.workspace}/experiments/runs/read`,
  writeUnregisteredDataset: `${types.workspace}/datasets/unregistered/write`,
  readUnregisteredDataset: `${types.workspace}/datasets/unregistered/read`,
} as const;

/** The names of assets, their versions and datastores (ARM's own pattern for them). */
export const plainName = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,254}$/;

/** The default datastore that every workspace has from the start. */
export const defaultDatastore = "workspaceblobstore";

/** The id of the workspace that a resource lies in; ids of other services are refused with undefined. */
export function workspaceIdOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.machinelearningservices\/workspaces\/[^/]+/i.exec(
    id,
  )?.[0];
}

export const sameId = (one: string, other: string) =>
  one.toLowerCase().replace(/\/+$/, "") === other.toLowerCase().replace(/\/+$/, "");
