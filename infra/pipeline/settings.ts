/** Where the pipeline finds everything; all URLs without a slash at the end. */
export interface ScoringPipelinePlace {
  readonly tenantId: string;
  /** `https://<vault>.vault.azure.net` */
  readonly vaultUrl: string;
  readonly clientIdSecret: string;
  readonly clientSecretSecret: string;
  /** The version of each secret to read, for a pipeline that goes on with it after a change; absent: the latest. */
  readonly secretVersions?: { readonly clientId: string; readonly clientSecret: string };
  /** `https://<region>.experiments.azureml.net` */
  readonly experimentsUrl: string;
  /** `https://<region>.api.azureml.ms` */
  readonly machineLearningApiUrl: string;
  readonly machineLearningWorkspaceId: string;
  /** `https://<endpoint>.<region>.inference.ml.azure.com/jobs` */
  readonly scoringUri: string;
  /** The ARM id of the data asset's version that is scored when no other input is given. */
  readonly dataAssetId: string;
  /** The data asset's name and version, which the source document's body names. */
  readonly datasetName: string;
  readonly datasetVersion: string;
  /** The ARM id of the datastore that takes the scores. */
  readonly scoresDatastoreId: string;
  readonly datastore: string;
  readonly relativePath: string;
}

/** What the stack configuration decides about the pipeline. */
export interface ScoringPipelineSettings {
  /** Who calls the batch endpoint: an application with a secret, or the Synapse workspace itself. */
  readonly authentication: "servicePrincipal" | "managedIdentity";
  /** The invocation's body: today's, or the source document's, which old endpoints alone take. */
  readonly batchApi: "ga" | "preview";
  readonly registerDataset: "attempt" | "required" | "skip";
  readonly pollSeconds: number;
  readonly propagationRetries: number;
  readonly statusRetries: number;
  /** d.hh:mm:ss */
  readonly jobTimeout: string;
}
