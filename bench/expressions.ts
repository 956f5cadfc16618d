import { expressionsOf } from "../emulator/engine/expressions/ast.js";
import type { EvaluationContext } from "../emulator/engine/expressions/context.js";
import { evaluateTemplate } from "../emulator/engine/expressions/evaluator.js";
import { parseTemplate } from "../emulator/engine/expressions/template.js";
import { fromJson, type Value } from "../emulator/engine/expressions/values.js";
import { strings } from "../emulator/engine/plan/references.js";
import { scoringPipeline } from "../infra/pipeline/scoringPipeline.js";
import { azureSettings } from "../test/infra/pipeline/place.js";
import { perCpuSecond } from "./cpu.js";
import type { Figure } from "./figure.js";

/** What .NET's engine for the same language does a second at best, measured inside Microsoft's testing framework. */
const peer = { name: ".NET's engine, 22,000 to 35,000", evaluationsPerSecond: 35_000 };
const rounds = 50_000;
/** As long as an access token of Entra ID. */
const token = "x".repeat(1500);

/** Evaluations of the scoring pipeline's own expressions on one core, parsed before, in the state of a run near its end. */
export async function expressions(): Promise<Figure[]> {
  const texts = expressionTexts();
  const value = await perCpuSecond(rounds * texts.length, () => {
    for (let round = 0; round < rounds; round += 1) for (const text of texts) evaluateTemplate(text, context);
  });
  const ratio = Math.round(value / peer.evaluationsPerSecond);
  return [{ name: "expressions of the scoring pipeline", value, unit: "evaluations/s", peer: peer.name, ratio }];
}

function expressionTexts(): readonly string[] {
  const definition = scoringPipeline(
    {
      tenantId: "6b1f1f0c-5a55-4a0e-9d6e-2f6b1f9a7c10",
      vaultUrl: "https://kv.vault.azure.net",
      clientIdSecret: "id",
      clientSecretSecret: "secret",
      experimentsUrl: "https://centralus.experiments.azureml.net",
      machineLearningApiUrl: "https://centralus.api.azureml.ms",
      machineLearningWorkspaceId: "/subscriptions/s/resourceGroups/rg/providers/w",
      scoringUri: "https://endpoint.centralus.inference.ml.azure.com/jobs",
      dataAssetId: "/data/trips/versions/1",
      datasetName: "trips",
      datasetVersion: "1",
      scoresDatastoreId: "/datastores/workspaceblobstore",
      datastore: "taxibatch2files",
      relativePath: "/trips.csv",
    },
    azureSettings,
  );
  return [...strings(JSON.parse(JSON.stringify(definition)))]
    .map(({ text }) => text)
    .filter((text) => expressionsOf(parseTemplate(text)).length > 0);
}

const output = (json: Parameters<typeof fromJson>[0]) =>
  new Map<string, Value>([
    ["output", fromJson(json)],
    ["status", "Succeeded"],
  ]);

const activities = new Map([
  ["clientid", output({ value: "7d6a2f9c-0b61-4f7e-a3ce-5b1c8a4d2e90" })],
  ["clientsecret", output({ value: "s+e/c&r%et~with.characters" })],
  ["getbearertoken", output({ access_token: token, expires_in: "3599" })],
  ["scoring_token", output({ access_token: token, expires_in: "3599" })],
  ["fresh_token", output({ access_token: token, expires_in: "3599" })],
  ["invoke_batch", output({ name: "batchjob-4f1d9d5e", properties: { status: "Preparing" } })],
  ["check_job", output({ name: "batchjob-4f1d9d5e", properties: { status: "Running" } })],
  ["job_error", output({ value: [{ error: { error: { message: "The model cannot be loaded" } } }] })],
]);

const variables = new Map<string, Value>([
  ["clientid", "7d6a2f9c-0b61-4f7e-a3ce-5b1c8a4d2e90"],
  ["clienttoken", "s+e/c&r%et~with.characters"],
  ["token", token],
  ["tokenml", token],
  ["jobname", "batchjob-4f1d9d5e"],
  ["jobstatus", "Running"],
]);

const context: EvaluationContext = {
  now: () => 0n,
  newGuid: () => "",
  pipeline: new Map<string, Value>([
    ["RunId", "11111111-2222-4333-8444-555555555555"],
    ["parameters", fromJson({ inputUri: "/data/trips/versions/1", correlationId: "" }) as Value],
  ]),
  variable: (name) => variables.get(name.toLowerCase()),
  activity: (name) => activities.get(name.toLowerCase()),
  item: undefined,
};
