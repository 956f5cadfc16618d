import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { ActivityDefinition, PipelineDefinition } from "../../../contract/pipeline.js";
import { scoringPipeline } from "../../../infra/pipeline/scoringPipeline.js";
import { documentPlace, documentSettings } from "./place.js";

const bearer = { Authorization: "@concat('Bearer ',variables('tokenml'))" };
const secretUrl =
  "https://keyvaultname.vault.azure.net/secrets/secretname/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx?api-version=7.0";
const identity = { type: "MSI", resource: "https://vault.azure.net" };
const tokenUrl = "https://login.microsoftonline.com/tenantid/oauth2/token";

/** The source document's flow, in its own words; names that it shows in pictures alone are this project's. */
const document: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["clientid", { method: "GET", url: secretUrl, authentication: identity }],
  ["Set clientid", { variableName: "clientid", value: "@activity('clientid').output.value" }],
  ["clientsecret", { method: "GET", url: secretUrl, authentication: identity }],
  ["Set clienttoken", { variableName: "clienttoken", value: "@activity('clientsecret').output.value" }],
  [
    "Getbearertoken",
    {
      method: "POST",
      url: tokenUrl,
      body: "@concat('grant_type=client_credentials&client_id=',variables('clientid'),'&resource=https://management.core.windows.net/&client_secret=',variables('clienttoken'))",
    },
  ],
  ["Set token", { variableName: "token", value: "@activity('Getbearertoken').output.access_token" }],
  [
    "scoring_token",
    {
      method: "POST",
      url: tokenUrl,
      body: "@concat('grant_type=client_credentials&client_id=',variables('clientid'),'&resource=https://ml.azure.com/&client_secret=',variables('clienttoken'))",
    },
  ],
  ["Set tokenml", { variableName: "tokenml", value: "@activity('scoring_token').output.access_token" }],
  [
    "dataset_id",
    {
      method: "POST",
      url: "https://centralus.experiments.azureml.net/dataset/v1.0/subscriptions/<subid>/resourceGroups/<rgname>/providers/Microsoft.MachineLearningServices/workspaces/<workspacename>/saveddatasets/from-data-path",
      headers: bearer,
      body: '{"DatastoreName":"taxibatch2files","RelativePath":"/example-data/taxibatch.csv"}',
    },
  ],
  [
    "invoke_batch",
    {
      method: "POST",
      url: "https://endpointname.centralus.inference.ml.azure.com/jobs",
      headers: { ...bearer, "Content-Type": "application/json" },
      body: `{
  "properties": {
    "dataset": {
      "dataInputType": "DatasetVersion",
      "datasetName": "taxibatch2files",
      "datasetVersion": "1"
    }
  }
}`,
    },
  ],
];
const documentVariables = ["clientid", "clienttoken", "token", "tokenml"];

/** Everything that the document says, by its place: `<activity>.<property>`, `variables.<name>`, `order`. */
function statementsOfDocument(): Map<string, string> {
  const steps = document.flatMap(([name, properties], index) => {
    const before = document[index - 1]?.[0];
    const type = "variableName" in properties ? "SetVariable" : "WebActivity";
    const dependsOn = before === undefined ? [] : [{ activity: before, dependencyConditions: ["Succeeded"] }];
    return statements(name, { type, dependsOn, ...properties });
  });
  return new Map([...steps, ...documentVariables.map((name) => [`variables.${name}`, "String"] as const)]);
}

/** The same of a definition; of a step that the document does not have, its name alone. */
function statementsOf(definition: PipelineDefinition): Map<string, string> {
  const known = new Set(document.map(([name]) => name));
  const step = ({ name, type, dependsOn, policy, typeProperties }: ActivityDefinition) =>
    known.has(name)
      ? statements(name, { type, dependsOn, ...typeProperties, ...prefixed("policy", policy) })
      : [[name, "a step"] as const];
  const declared = (kind: "variables" | "parameters") =>
    Object.entries(definition[kind] ?? {}).map(([name, { type }]) => [`${kind}.${name}`, type] as const);
  return new Map([...definition.activities.flatMap(step), ...declared("variables"), ...declared("parameters")]);
}

function statements(name: string, properties: Readonly<Record<string, unknown>>): (readonly [string, string])[] {
  return Object.entries(properties).flatMap(([key, value]) =>
    key === "headers"
      ? Object.entries(value as object).map(([header, text]) => [`${name}.headers.${header}`, String(text)] as const)
      : [[`${name}.${key}`, typeof value === "string" ? value : JSON.stringify(value)] as const],
  );
}

const prefixed = (prefix: string, given: object = {}) =>
  Object.fromEntries(Object.entries(given).map(([key, value]) => [`${prefix}.${key}`, value]));

/** The places where a definition says something else than the document, more, or less. */
function differences(definition: PipelineDefinition): string[] {
  const [theirs, ours] = [statementsOfDocument(), statementsOf(definition)];
  return [...new Set([...theirs.keys(), ...ours.keys()])].filter((place) => theirs.get(place) !== ours.get(place));
}

/** The places (`*` stands for anything) in the first column of a table of the page, each with the row's last cell. */
function listed(heading: string): ReadonlyMap<string, string> {
  const page = readFileSync(path.resolve(import.meta.dirname, "../../../docs/source-documents.md"), "utf8");
  const table = page.slice(page.indexOf(heading)).split("\n\n")[1] ?? "";
  const rows = table.split("\n").slice(2);
  return new Map(
    rows.flatMap((row) => {
      const cells = row.split("|").map((cell) => cell.trim());
      const places = [...(cells[1] ?? "").matchAll(/`([^`]+)`/g)].map((match) => String(match[1]));
      return places.map((place) => [place, cells[3] ?? ""] as const);
    }),
  );
}

const fits = (pattern: string, place: string) =>
  pattern.startsWith("*") ? place.endsWith(pattern.slice(1)) : place === pattern;

function expectListed(found: readonly string[], places: ReadonlyMap<string, string>): void {
  const patterns = [...places.keys()];
  expect(found.filter((place) => !patterns.some((pattern) => fits(pattern, place)))).toEqual([]);
  expect(patterns.filter((pattern) => !found.some((place) => fits(pattern, place)))).toEqual([]);
}

const deviations = listed("Deviations of the pipeline");
const choices = listed("What the configuration chooses");

describe("the pipeline with servicePrincipal, preview and pinned secrets", () => {
  const pipeline = scoringPipeline(documentPlace, documentSettings);

  it("has the document's steps in its order, and what was added after them", () => {
    const names = pipeline.activities.map(({ name }) => name);
    expect(names.slice(0, document.length)).toEqual(document.map(([name]) => name));
  });

  it("is the document word by word but for the listed deviations, each of which is there", () => {
    expectListed(differences(pipeline), deviations);
  });

  it("deviates by whole words alone: the form's type, the escaped secret, the condition", () => {
    const ours = statementsOf(pipeline);
    for (const [place, theirs] of statementsOfDocument()) {
      const text = ours.get(place)?.replace("uriComponent(variables('clienttoken'))", "variables('clienttoken')");
      expect(text?.replace("Completed", "Succeeded"), place).toBe(theirs);
    }
  });

  it.each([...deviations, ...choices])("%s: the list has a reason", (_place, reason) => {
    expect(reason.length).toBeGreaterThan(20);
  });
});

describe("the pipeline as it is by default", () => {
  it("differs from the document by the deviations and by what the configuration chooses", () => {
    const { secretVersions: _pinned, ...place } = documentPlace;
    const pipeline = scoringPipeline(place, { ...documentSettings, batchApi: "ga" });
    expectListed(differences(pipeline), new Map([...deviations, ...choices]));
  });
});
