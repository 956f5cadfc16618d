import { describe, expect, it } from "vitest";
import { evaluateText } from "../../../emulator/engine/expressions/evaluateText.js";
import { scoringPipeline } from "../../../infra/pipeline/scoringPipeline.js";
import type { ScoringPipelineSettings } from "../../../infra/pipeline/settings.js";
import { activityNamed, allActivities } from "./activities.js";
import { documentPlace, documentSettings } from "./place.js";

const { secretVersions: _pinned, ...place } = documentPlace;
const settings: ScoringPipelineSettings = { ...documentSettings, batchApi: "ga" };
const pipeline = scoringPipeline(place, settings);

const named = (name: string, activities = pipeline.activities) => activityNamed(name, activities);
const properties = (name: string) => named(name).typeProperties;

describe("the scoring pipeline, compared with the source document's own texts", () => {
  it("has the document's steps in its order, then the wait and the outcome", () => {
    expect(pipeline.activities.map(({ name }) => name)).toEqual([
      "clientid",
      "Set clientid",
      "clientsecret",
      "Set clienttoken",
      "Getbearertoken",
      "Set token",
      "scoring_token",
      "Set tokenml",
      "dataset_id",
      "invoke_batch",
      "Set jobName",
      "wait_for_job",
      "job_outcome",
    ]);
  });

  it.each(["clientid", "clientsecret"])("reads %s from the vault as the workspace", (name) => {
    expect(properties(name)).toMatchObject({
      method: "GET",
      url: expect.stringMatching(/^https:\/\/keyvaultname\.vault\.azure\.net\/secrets\/[a-z-]+\?api-version=7\.0$/),
      authentication: { type: "MSI", resource: "https://vault.azure.net" },
    });
  });

  it.each([
    ["Set clientid", "clientid", "@activity('clientid').output.value"],
    ["Set clienttoken", "clienttoken", "@activity('clientsecret').output.value"],
    ["Set token", "token", "@activity('Getbearertoken').output.access_token"],
    ["Set tokenml", "tokenml", "@activity('scoring_token').output.access_token"],
  ])("%s keeps the value as the document does", (name, variableName, value) => {
    expect(properties(name)).toEqual({ variableName, value });
  });

  it.each([
    ["Getbearertoken", "https://management.core.windows.net/"],
    ["scoring_token", "https://ml.azure.com/"],
  ])("%s asks for a token with the document's form, its type named and the secret escaped", (name, resource) => {
    const document = `@concat('grant_type=client_credentials&client_id=',variables('clientid'),'&resource=${resource}&client_secret=',variables('clienttoken'))`;
    expect(properties(name)).toMatchObject({
      method: "POST",
      url: "https://login.microsoftonline.com/tenantid/oauth2/token",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: document.replace("variables('clienttoken')", "uriComponent(variables('clienttoken'))"),
    });
  });

  it("a secret arrives whole, whatever is in it", () => {
    const clienttoken = "a+b&c%=d e/f";
    const variables = { clientid: "id", clienttoken };
    const world = { now: () => 0n, newGuid: () => "" };
    const form = evaluateText(String(properties("Getbearertoken")?.["body"]), { variables }, world);
    expect(new URLSearchParams(String(form)).get("client_secret")).toBe(clienttoken);
  });

  it("registers the dataset with the document's request", () => {
    expect(properties("dataset_id")).toMatchObject({
      method: "POST",
      url: "https://centralus.experiments.azureml.net/dataset/v1.0/subscriptions/<subid>/resourceGroups/<rgname>/providers/Microsoft.MachineLearningServices/workspaces/<workspacename>/saveddatasets/from-data-path",
      headers: { Authorization: "@concat('Bearer ',variables('tokenml'))" },
      body: '{"DatastoreName":"taxibatch2files","RelativePath":"/example-data/taxibatch.csv"}',
    });
  });

  it("invokes the endpoint with the document's headers and today's body", () => {
    const invocation = properties("invoke_batch");
    expect(invocation).toMatchObject({
      method: "POST",
      url: "https://endpointname.centralus.inference.ml.azure.com/jobs",
      headers: { Authorization: "@concat('Bearer ',variables('tokenml'))", "Content-Type": "application/json" },
    });
    expect(JSON.parse(String(invocation?.["body"]))).toEqual({
      properties: {
        InputData: { trips: { JobInputType: "UriFile", Uri: "@{pipeline().parameters.inputUri}" } },
        OutputData: {
          score: {
            JobOutputType: "UriFile",
            Uri: `${place.scoresDatastoreId}/paths/scores/@{pipeline().RunId}/predictions.csv`,
          },
        },
      },
    });
    expect(pipeline.parameters).toEqual({
      inputUri: { type: "String", defaultValue: place.dataAssetId },
      correlationId: { type: "String", defaultValue: "" },
    });
  });
});

describe("the scoring pipeline's own rules", () => {
  it.each([
    ["attempt", ["Completed"], "dataset_id"],
    ["required", ["Succeeded"], "dataset_id"],
    ["skip", ["Succeeded"], "Set tokenml"],
  ] as const)("registerDataset %s: the invocation waits for %s of %s", (registerDataset, conditions, activity) => {
    const { activities } = scoringPipeline(place, { ...settings, registerDataset });
    expect(named("invoke_batch", activities).dependsOn).toEqual([{ activity, dependencyConditions: conditions }]);
    expect(activities.some(({ name }) => name === "dataset_id")).toBe(registerDataset !== "skip");
  });

  it("never repeats the invocation: a second POST would start a second job", () => {
    expect(named("invoke_batch").policy).toMatchObject({ retry: 0, timeout: "0.00:20:00" });
    expect(properties("invoke_batch")).toMatchObject({ httpRequestTimeout: "00:10:00" });
  });

  it("repeats what a new role may not have reached yet, a minute apart", () => {
    for (const name of ["clientid", "clientsecret", "Getbearertoken", "scoring_token", "dataset_id", "fresh_token"]) {
      expect(named(name).policy, name).toMatchObject({ retry: 5, retryIntervalInSeconds: 60 });
    }
    expect(named("check_job").policy).toMatchObject({ retry: 3, retryIntervalInSeconds: 30 });
  });

  it("hides what a secret goes into, and the output only where one comes out", () => {
    const hidden = Object.fromEntries(
      allActivities(pipeline.activities)
        .filter(({ type }) => type === "WebActivity" || type === "SetVariable")
        .map(({ name, policy }) => [name, `${policy?.secureInput} ${policy?.secureOutput}`]),
    );
    const both = ["clientid", "clientsecret", "Getbearertoken", "scoring_token", "fresh_token"];
    const variables = ["Set clientid", "Set clienttoken", "Set token", "Set tokenml"];
    expect(hidden).toEqual({
      ...Object.fromEntries([...both, ...variables].map((name) => [name, "true true"])),
      ...Object.fromEntries(
        ["dataset_id", "invoke_batch", "check_job", "job_error"].map((name) => [name, "true false"]),
      ),
      "Set jobName": "false false",
      "Set jobStatus": "false false",
    });
  });

  it("waits in rounds with a token of their own, until a variable holds a terminal state", () => {
    expect(properties("wait_for_job")).toMatchObject({
      timeout: "0.04:00:00",
      expression: {
        value: "@contains(createArray('Completed','Failed','Canceled','NotResponding'),variables('jobStatus'))",
        type: "Expression",
      },
    });
    expect(properties("check_job")).toMatchObject({
      url: "@concat('https://endpointname.centralus.inference.ml.azure.com/jobs/',variables('jobName'))",
      headers: { Authorization: "@concat('Bearer ',activity('fresh_token').output.access_token)" },
    });
    expect(properties("Set jobStatus")).toMatchObject({ value: "@activity('check_job').output.properties.status" });
    expect(properties("Wait")).toEqual({ waitTimeInSeconds: 30 });
  });

  it("goes on waiting when a look at the job failed", () => {
    expect(named("unless_over").dependsOn).toEqual([
      { activity: "Set jobStatus", dependencyConditions: ["Completed", "Skipped"] },
    ]);
  });

  it("fails with the job's own message from its run history, or without it", () => {
    expect(properties("job_error")).toMatchObject({
      url: `@concat('https://centralus.api.azureml.ms/history/v1.0${place.machineLearningWorkspaceId}/runs/',variables('jobName'),'/children')`,
    });
    expect(named("Fail").dependsOn).toEqual([{ activity: "job_error", dependencyConditions: ["Completed"] }]);
    expect(properties("Fail")).toEqual({
      message: {
        value:
          "@concat('Batch job ',variables('jobName'),' ended ',variables('jobStatus'),': ',coalesce(activity('job_error').output?.value?[0]?.error?.error?.message,'see Studio'))",
        type: "Expression",
      },
      errorCode: "BatchJobFailed",
    });
  });

  it("has no secret in it", () => {
    expect(JSON.stringify(pipeline)).not.toMatch(/client_secret=[^']/);
  });
});
