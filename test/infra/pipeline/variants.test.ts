import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import type { PipelineDefinition } from "../../../contract/pipeline.js";
import { checkDefinition } from "../../../emulator/services/synapse/pipelines/checkDefinition.js";
import { scoringPipeline } from "../../../infra/pipeline/scoringPipeline.js";
import { activityNamed, allActivities } from "./activities.js";
import { documentPlace, documentSettings } from "./place.js";
import { nameOf, type Variant, variants } from "./variants.js";

const { secretVersions, ...withoutVersions } = documentPlace;

function definitionOf({ secretVersion, ...settings }: Variant): PipelineDefinition {
  const pinned = secretVersion === "pinned" && secretVersions !== undefined ? { secretVersions } : {};
  return scoringPipeline({ ...withoutVersions, ...pinned }, { ...documentSettings, ...settings });
}

const toJson = (definition: PipelineDefinition) => JSON.parse(JSON.stringify(definition)) as JsonObject;
const namesOf = ({ activities }: PipelineDefinition) => activities.map(({ name }) => name);
const webCalls = ({ activities }: PipelineDefinition) =>
  allActivities(activities).filter(({ type }) => type === "WebActivity");

describe.each(variants.map((variant) => [nameOf(variant), variant] as const))("the pipeline with %s", (_, variant) => {
  const definition = definitionOf(variant);

  it("is one that Synapse publishes, and never repeats its invocation", () => {
    expect(() => checkDefinition(toJson(definition), "scoring")).not.toThrow();
    expect(activityNamed("invoke_batch", definition.activities).policy?.retry).toBe(0);
    expect(activityNamed("invoke_batch", definition.activities).typeProperties).toMatchObject({
      httpRequestTimeout: "00:10:00",
    });
  });

  it("hides the input of every call with a token or a secret in it, and of no other", () => {
    for (const { name, policy, typeProperties } of webCalls(definition)) {
      const holdsToken = JSON.stringify(typeProperties).match(/Bearer |client_secret=/) !== null;
      const readsSecret = String(typeProperties?.["url"]).includes("/secrets/");
      expect(policy?.secureInput, name).toBe(holdsToken || readsSecret);
    }
  });
});

describe("what the configuration changes in the pipeline", () => {
  const choice = { authentication: "servicePrincipal", batchApi: "ga", secretVersion: "latest" } as const;
  const managed = { ...choice, authentication: "managedIdentity", registerDataset: "attempt" } as const;

  it("managedIdentity: no credential, no token, every call to Azure ML signed in as the workspace", () => {
    const definition = definitionOf(managed);
    expect(namesOf(definition)).toEqual(["dataset_id", "invoke_batch", "Set jobName", "wait_for_job", "job_outcome"]);
    expect(webCalls(definition).map(({ name }) => name)).toEqual([
      "dataset_id",
      "invoke_batch",
      "check_job",
      "job_error",
    ]);
    for (const { name, typeProperties } of webCalls(definition)) {
      expect(typeProperties?.["authentication"], name).toEqual({ type: "MSI", resource: "https://ml.azure.com" });
      expect(JSON.stringify(typeProperties), name).not.toContain("Bearer");
    }
    expect(Object.keys(definition.variables ?? {})).toEqual(["jobName", "jobStatus"]);
    expect(JSON.stringify(definition)).not.toMatch(/vault\.azure\.net|oauth2/);
  });

  it("managedIdentity and skip: the first step is the invocation", () => {
    const definition = definitionOf({ ...managed, registerDataset: "skip" });
    expect(namesOf(definition)[0]).toBe("invoke_batch");
    expect(definition.activities[0]?.dependsOn).toEqual([]);
  });

  it("pinned: each secret's version stands in its URL", () => {
    const definition = definitionOf({ ...choice, secretVersion: "pinned", registerDataset: "skip" });
    for (const name of ["clientid", "clientsecret"]) {
      const { typeProperties } = activityNamed(name, definition.activities);
      expect(typeProperties?.["url"]).toBe(
        "https://keyvaultname.vault.azure.net/secrets/secretname/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx?api-version=7.0",
      );
    }
  });

  it("preview: there is no input to choose, because the body names its dataset", () => {
    const definition = definitionOf({ ...choice, batchApi: "preview", registerDataset: "skip" });
    expect(Object.keys(definition.parameters ?? {})).toEqual(["correlationId"]);
    expect(JSON.stringify(definition)).not.toContain("inputUri");
  });
});
