import type { PipelineDefinition } from "../../contract/pipeline.js";
import { invocation } from "./invocation.js";
import { outcome, waitForJob } from "./jobWatch.js";
import type { ScoringPipelinePlace, ScoringPipelineSettings } from "./settings.js";
import { signIn } from "./signIn.js";

/**
 * The pipeline that signs in (as an application whose credentials it reads, or as the workspace), registers the dataset,
 * starts the batch job, waits for it and fails with the job's own message: Synapse's definition, as published by
 * PUT /pipelines/{name}.
 */
export function scoringPipeline(place: ScoringPipelinePlace, settings: ScoringPipelineSettings): PipelineDefinition {
  const propagation = { retry: settings.propagationRetries, retryIntervalInSeconds: 60 };
  const { activities, done } = signIn(place, settings, propagation);
  const variables = [
    ...(settings.authentication === "managedIdentity" ? [] : ["clientid", "clienttoken", "token", "tokenml"]),
    "jobName",
    "jobStatus",
  ];
  return {
    description: "Scores a CSV with an Azure Machine Learning batch endpoint and waits for the job",
    parameters: {
      // the preview's body names its dataset, so there is no other input to choose
      ...(settings.batchApi === "ga" && { inputUri: { type: "String", defaultValue: place.dataAssetId } }),
      correlationId: { type: "String", defaultValue: "" },
    },
    variables: Object.fromEntries(variables.map((name) => [name, { type: "String" }])),
    activities: [
      ...activities,
      ...invocation(place, settings, propagation, done),
      waitForJob(place, settings, propagation),
      outcome(place, settings),
    ],
    annotations: [],
  };
}
