import type { ScoringPipelinePlace, ScoringPipelineSettings } from "../../../infra/pipeline/settings.js";

const workspaceId =
  "/subscriptions/<subid>/resourceGroups/<rgname>/providers/Microsoft.MachineLearningServices/workspaces/<workspacename>";

/** The place that the source document writes of, with its placeholders. */
export const documentPlace: ScoringPipelinePlace = {
  tenantId: "tenantid",
  vaultUrl: "https://keyvaultname.vault.azure.net",
  clientIdSecret: "secretname",
  clientSecretSecret: "secretname",
  secretVersions: {
    clientId: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    clientSecret: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
  },
  experimentsUrl: "https://centralus.experiments.azureml.net",
  machineLearningApiUrl: "https://centralus.api.azureml.ms",
  machineLearningWorkspaceId: workspaceId,
  scoringUri: "https://endpointname.centralus.inference.ml.azure.com/jobs",
  dataAssetId: `${workspaceId}/data/taxibatch2files/versions/1`,
  datasetName: "taxibatch2files",
  datasetVersion: "1",
  scoresDatastoreId: `${workspaceId}/datastores/workspaceblobstore`,
  datastore: "taxibatch2files",
  relativePath: "/example-data/taxibatch.csv",
};

/** The settings of a stack on Azure. */
export const azureSettings: ScoringPipelineSettings = {
  authentication: "servicePrincipal",
  batchApi: "ga",
  registerDataset: "attempt",
  pollSeconds: 30,
  propagationRetries: 5,
  statusRetries: 3,
  jobTimeout: "0.04:00:00",
};

/** The variant that is the source document. */
export const documentSettings: ScoringPipelineSettings = { ...azureSettings, batchApi: "preview" };
