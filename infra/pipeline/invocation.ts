import type { Json } from "../../contract/json.js";
import type { ActivityDefinition, ActivityDependency } from "../../contract/pipeline.js";
import { after, afterEnd, type Retries, setVariable, web } from "./activities.js";
import { bearerOfVariable } from "./expressions.js";
import type { ScoringPipelinePlace, ScoringPipelineSettings } from "./settings.js";
import { asInvoker } from "./signIn.js";

const json = { "Content-Type": "application/json" };
const bearer = bearerOfVariable("tokenml");

/** Registers the dataset, starts the batch job and keeps its name in the variable `jobName`. */
export function invocation(
  place: ScoringPipelinePlace,
  settings: ScoringPipelineSettings,
  retries: Retries,
  signedIn: readonly ActivityDependency[],
): ActivityDefinition[] {
  const register = settings.registerDataset;
  return [
    ...(register === "skip" ? [] : [registerDataset(place, settings, retries, signedIn)]),
    web({
      ...asInvoker(settings, bearer, json),
      name: "invoke_batch",
      method: "POST",
      url: place.scoringUri,
      body: JSON.stringify(settings.batchApi === "preview" ? previewBody(place) : gaBody(place), null, 2),
      dependsOn: { attempt: afterEnd("dataset_id"), required: after("dataset_id"), skip: signedIn }[register],
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

function registerDataset(
  place: ScoringPipelinePlace,
  settings: ScoringPipelineSettings,
  retries: Retries,
  dependsOn: readonly ActivityDependency[],
): ActivityDefinition {
  return web({
    ...asInvoker(settings, bearer, json),
    name: "dataset_id",
    method: "POST",
    url: `${place.experimentsUrl}/dataset/v1.0${place.machineLearningWorkspaceId}/saveddatasets/from-data-path`,
    body: JSON.stringify({ DatastoreName: place.datastore, RelativePath: place.relativePath }),
    dependsOn,
    retries,
  });
}

function gaBody(place: ScoringPipelinePlace): Json {
  return {
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
}

/** The first preview's: names a registered dataset, and leaves the place of the scores to the service. */
function previewBody({ datasetName, datasetVersion }: ScoringPipelinePlace): Json {
  return { properties: { dataset: { dataInputType: "DatasetVersion", datasetName, datasetVersion } } };
}
