import { hostNames } from "../../contract/hosts.js";
import type { ActivityDefinition, PipelineDefinition } from "../../contract/pipeline.js";
import { after, afterEnd, fail, ifCondition, type Retries, setVariable, until, wait, web } from "./activities.js";
import { bearerOfActivity, bearerOfVariable, expression, jobIsOver, tokenForm } from "./expressions.js";

/** Where the pipeline finds everything; all URLs without a slash at the end. */
export interface ScoringPipelinePlace {
  readonly tenantId: string;
  /** `https://<vault>.vault.azure.net` */
  readonly vaultUrl: string;
  readonly clientIdSecret: string;
  readonly clientSecretSecret: string;
  /** `https://<region>.experiments.azureml.net` */
  readonly experimentsUrl: string;
  /** `https://<region>.api.azureml.ms` */
  readonly machineLearningApiUrl: string;
  readonly machineLearningWorkspaceId: string;
  /** `https://<endpoint>.<region>.inference.ml.azure.com/jobs` */
  readonly scoringUri: string;
  /** The ARM id of the data asset's version that is scored when no other input is given. */
  readonly dataAssetId: string;
  /** The ARM id of the datastore that takes the scores. */
  readonly scoresDatastoreId: string;
  readonly datastore: string;
  readonly relativePath: string;
}

/** What the stack configuration decides about the pipeline. */
export interface ScoringPipelineSettings {
  readonly registerDataset: "attempt" | "required" | "skip";
  readonly pollSeconds: number;
  readonly propagationRetries: number;
  readonly statusRetries: number;
  /** d.hh:mm:ss */
  readonly jobTimeout: string;
}

const json = "application/json";
const form = "application/x-www-form-urlencoded";
const vaultResource = "https://vault.azure.net";
const managementResource = "https://management.core.windows.net/";
const machineLearningResource = "https://ml.azure.com/";

/**
 * The pipeline that reads the application's credentials, signs in, registers the dataset, starts the batch job, waits
 * for it and fails with the job's own message: Synapse's definition, as published by PUT /pipelines/{name}.
 */
export function scoringPipeline(place: ScoringPipelinePlace, settings: ScoringPipelineSettings): PipelineDefinition {
  const propagation = { retry: settings.propagationRetries, retryIntervalInSeconds: 60 };
  return {
    description: "Scores a CSV with an Azure Machine Learning batch endpoint and waits for the job",
    parameters: {
      inputUri: { type: "String", defaultValue: place.dataAssetId },
      correlationId: { type: "String", defaultValue: "" },
    },
    variables: Object.fromEntries(
      ["clientid", "clienttoken", "token", "tokenml", "jobName", "jobStatus"].map((name) => [name, { type: "String" }]),
    ),
    activities: [
      ...credentials(place, propagation),
      ...tokens(place, propagation),
      ...(settings.registerDataset === "skip" ? [] : [registerDataset(place, propagation)]),
      ...invocation(place, settings.registerDataset),
      waitForJob(place, settings, propagation),
      outcome(place),
    ],
    annotations: [],
  };
}

function credentials(place: ScoringPipelinePlace, retries: Retries): ActivityDefinition[] {
  const secretUrl = (name: string) => `${place.vaultUrl}/secrets/${name}?api-version=7.0`;
  const read = { method: "GET", identityFor: vaultResource, hidden: "both", retries } as const;
  return [
    web({ ...read, name: "clientid", url: secretUrl(place.clientIdSecret) }),
    setVariable({
      variable: "clientid",
      value: "@activity('clientid').output.value",
      dependsOn: after("clientid"),
      secret: true,
    }),
    web({
      ...read,
      name: "clientsecret",
      url: secretUrl(place.clientSecretSecret),
      dependsOn: after("Set clientid"),
    }),
    setVariable({
      variable: "clienttoken",
      value: "@activity('clientsecret').output.value",
      dependsOn: after("clientsecret"),
      secret: true,
    }),
  ];
}

function tokenRequest(place: ScoringPipelinePlace, resource: string, retries: Retries) {
  return {
    method: "POST",
    url: `https://${hostNames.login}/${place.tenantId}/oauth2/token`,
    headers: { "Content-Type": form },
    body: tokenForm(resource),
    hidden: "both",
    retries,
  } as const;
}

function tokens(place: ScoringPipelinePlace, retries: Retries): ActivityDefinition[] {
  return [
    web({
      ...tokenRequest(place, managementResource, retries),
      name: "Getbearertoken",
      dependsOn: after("Set clienttoken"),
    }),
    setVariable({
      variable: "token",
      value: "@activity('Getbearertoken').output.access_token",
      dependsOn: after("Getbearertoken"),
      secret: true,
    }),
    web({
      ...tokenRequest(place, machineLearningResource, retries),
      name: "scoring_token",
      dependsOn: after("Set token"),
    }),
    setVariable({
      variable: "tokenml",
      value: "@activity('scoring_token').output.access_token",
      dependsOn: after("scoring_token"),
      secret: true,
    }),
  ];
}

function registerDataset(place: ScoringPipelinePlace, retries: Retries): ActivityDefinition {
  return web({
    name: "dataset_id",
    method: "POST",
    url: `${place.experimentsUrl}/dataset/v1.0${place.machineLearningWorkspaceId}/saveddatasets/from-data-path`,
    headers: { Authorization: bearerOfVariable("tokenml"), "Content-Type": json },
    body: JSON.stringify({ DatastoreName: place.datastore, RelativePath: place.relativePath }),
    dependsOn: after("Set tokenml"),
    hidden: "input",
    retries,
  });
}

function invocation(
  place: ScoringPipelinePlace,
  register: ScoringPipelineSettings["registerDataset"],
): ActivityDefinition[] {
  const body = {
    properties: {
      InputData: { trips: { JobInputType: "UriFile", Uri: "@{pipeline().parameters.inputUri}" } },
      OutputData: {
        score: {
          JobOutputType: "UriFile",
          Uri: `${place.scoresDatastoreId}/paths/scores/@{pipeline().RunId}/predictions.csv`,
        },
      },
    },
  };
  return [
    web({
      name: "invoke_batch",
      method: "POST",
      url: place.scoringUri,
      headers: { Authorization: bearerOfVariable("tokenml"), "Content-Type": json },
      body: JSON.stringify(body, null, 2),
      dependsOn: { attempt: afterEnd("dataset_id"), required: after("dataset_id"), skip: after("Set tokenml") }[
        register
      ],
      hidden: "input",
      // a repeated POST starts a second job
      retries: { retry: 0, retryIntervalInSeconds: 30 },
      timeout: "0.00:20:00",
      httpRequestTimeout: "00:10:00",
    }),
    setVariable({
      variable: "jobName",
      value: "@activity('invoke_batch').output.name",
      dependsOn: after("invoke_batch"),
      secret: false,
    }),
  ];
}

function waitForJob(
  place: ScoringPipelinePlace,
  settings: ScoringPipelineSettings,
  propagation: Retries,
): ActivityDefinition {
  return until({
    name: "wait_for_job",
    condition: expression(jobIsOver),
    timeout: settings.jobTimeout,
    dependsOn: after("Set jobName"),
    activities: [
      // a job may outlive a token, so each round asks for a new one
      web({ ...tokenRequest(place, machineLearningResource, propagation), name: "fresh_token" }),
      web({
        name: "check_job",
        method: "GET",
        url: `@concat('${place.scoringUri}/',variables('jobName'))`,
        headers: { Authorization: bearerOfActivity("fresh_token") },
        dependsOn: after("fresh_token"),
        hidden: "input",
        retries: { retry: settings.statusRetries, retryIntervalInSeconds: 30 },
      }),
      setVariable({
        variable: "jobStatus",
        value: "@activity('check_job').output.properties.status",
        dependsOn: after("check_job"),
        secret: false,
      }),
      ifCondition({
        name: "unless_over",
        condition: expression(jobIsOver),
        dependsOn: [{ activity: "Set jobStatus", dependencyConditions: ["Completed", "Skipped"] }],
        whenFalse: [wait("Wait", settings.pollSeconds)],
      }),
    ],
  });
}

function outcome(place: ScoringPipelinePlace): ActivityDefinition {
  const history = `${place.machineLearningApiUrl}/history/v1.0${place.machineLearningWorkspaceId}/runs/`;
  const firstError = "activity('job_error').output?.value?[0]?.error?.error?.message";
  return ifCondition({
    name: "job_outcome",
    condition: expression("@equals(variables('jobStatus'),'Completed')"),
    dependsOn: after("wait_for_job"),
    whenFalse: [
      web({
        name: "job_error",
        method: "GET",
        url: `@concat('${history}',variables('jobName'),'/children')`,
        headers: { Authorization: bearerOfActivity("fresh_token") },
        hidden: "input",
        retries: { retry: 2, retryIntervalInSeconds: 30 },
      }),
      fail({
        name: "Fail",
        message: expression(
          `@concat('Batch job ',variables('jobName'),' ended ',variables('jobStatus'),': ',coalesce(${firstError},'see Studio'))`,
        ),
        errorCode: "BatchJobFailed",
        dependsOn: afterEnd("job_error"),
      }),
    ],
  });
}
