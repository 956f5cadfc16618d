import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { explainFailure } from "../../../runtime/synapse/failure.js";
import { activityRun, pipelineRun } from "../../../runtime/synapse/schemas.js";
import { readStructure } from "../../../runtime/synapse/structure.js";
import { sampleOutputs } from "../helpers/sampleOutputs.js";
import { activity } from "../helpers/synapseServer.js";

const structure = readStructure([
  {
    name: "hidden",
    type: "WebActivity",
    typeProperties: { url: "https://kv1.vault.azure.net/secrets/a?api-version=7.0" },
  },
  { name: "computed", type: "WebActivity", typeProperties: { url: "@concat('https://', 'x')" } },
]);
const outputs = sampleOutputs();

function explain(
  runMessage: string,
  failed: readonly { name: string; message: string; url?: string; type?: string; output?: JsonObject }[],
) {
  const run = pipelineRun.parse({ runId: "r", pipelineName: "p", status: "Failed", message: runMessage });
  const activities = failed.map(({ name, message, url, type, output }) =>
    activityRun.parse(
      activity(name, "Failed", {
        activityType: type ?? "WebActivity",
        output: output ?? {},
        input: url === undefined ? {} : { url },
        error: { errorCode: "2108", message, target: name },
      }),
    ),
  );
  return explainFailure(run, activities, structure, outputs);
}

const scoring = "https://taxi.centralus.inference.ml.azure.com/jobs";

describe("the cause of a failed run", () => {
  it("is read from a response body that is the whole message", () => {
    const { cause } = explain("Operation on target invoke failed: x", [
      {
        name: "invoke",
        url: scoring,
        message: '{"error":{"code":"BadArgument","message":"Dataset type is not supported."}}',
      },
    ]);
    expect(cause).toBe(`invoke failed: BadArgument from ${scoring}: Dataset type is not supported.`);
  });

  it("has the status of the output, and of the definition the URL that secureInput hides", () => {
    const { cause, cure } = explain("Operation on target hidden failed: x", [
      { name: "hidden", message: "no", output: { ADFHttpStatusCodeInResponse: "403" } },
    ]);
    expect(cause).toBe("hidden failed: 403 from https://kv1.vault.azure.net/secrets/a: no");
    expect(cure).toContain("Key Vault Secrets User");
  });

  it.each([
    ["@concat('https://taxi.centralus.inference.ml.azure.com/jobs/',variables('jobName'))"],
    ["https://taxi.centralus.inference.ml.azure.com/jobs/@{variables('jobName')}?api-version=1"],
    [{ type: "Expression", value: "@concat('https://taxi.centralus.inference.ml.azure.com/jobs/',variables('j'))" }],
  ])("has, of the address that the deployed definition computes, what is not computed: %j", (url) => {
    const computed = readStructure([{ name: "check_job", type: "WebActivity", typeProperties: { url } }]);
    const run = pipelineRun.parse({ runId: "r", status: "Failed", message: "Operation on target check_job failed: x" });
    const error = { errorCode: "2108", message: "no", target: "check_job" };
    const output = { ADFHttpStatusCodeInResponse: "403" };
    const failed = activityRun.parse(activity("check_job", "Failed", { input: {}, output, error }));
    const { cause, cure } = explainFailure(run, [failed], computed, outputs);
    expect(cause).toBe("check_job failed: 403 from https://taxi.centralus.inference.ml.azure.com/jobs/…: no");
    expect(cure).toContain("AzureML Data Scientist");
  });

  it("has no URL where that is hidden and computed", () => {
    const { cause } = explain("Operation on target computed failed: x", [{ name: "computed", message: "no" }]);
    expect(cause).toBe("computed failed: no");
  });

  it("has the URL of a call that got no answer", () => {
    const { cause } = explain("Operation on target invoke failed: x", [
      {
        name: "invoke",
        message: `Error calling the endpoint '${scoring}'. Response status code: 'NA - Unknown'. More details: reset`,
      },
    ]);
    expect(cause).toContain(`invoke failed: ${scoring}: Error calling the endpoint`);
  });

  it.each([
    [`Invoking Web Activity failed with HttpStatusCode - 'NotFound', message - 'gone'`, "404", "gone"],
    [
      `Invoking Web Activity failed with HttpStatusCode - '429 : Too Many Requests', message - '{"message":"slow"}'`,
      "429",
      "slow",
    ],
  ])("has the status however the service writes it: %s", (message, status, sentence) => {
    const { cause } = explain("Operation on target invoke failed: x", [{ name: "invoke", url: scoring, message }]);
    expect(cause).toBe(`invoke failed: ${status} from ${scoring}: ${sentence}`);
  });

  it("has the sign-in service's sentence, and its cure names the vault", () => {
    const body =
      '{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.\\r\\nTrace ID: 1"}';
    const { cause, cure } = explain("Operation on target token failed: x", [
      {
        name: "token",
        url: "https://login.microsoftonline.com/t/oauth2/token?a=b",
        message: `Invoking Web Activity failed with HttpStatusCode - '401 : Unauthorized', message - '${body}'`,
      },
    ]);
    expect(cause).toBe(
      "token failed: 401 from https://login.microsoftonline.com/t/oauth2/token: AADSTS7000215: Invalid client secret provided.",
    );
    expect(cure).toContain("vault kv1");
  });

  it("is the innermost activity that failed", () => {
    const { cause } = explain(
      "Operation on target wait_for_job failed: Activity failed because an inner activity failed; Inner activity name: get_status, Error: boom",
      [
        { name: "get_status", message: "boom", url: scoring },
        {
          name: "wait_for_job",
          message: "Activity failed because an inner activity failed; Inner activity name: get_status, Error: boom",
        },
      ],
    );
    expect(cause).toBe(`get_status failed: ${scoring}: boom`);
  });

  it("is the activity that the run names, not a failure that was handled", () => {
    const { cause } = explain("Operation on target job_failed failed: the job went wrong", [
      { name: "register", message: "gone", url: scoring },
      { name: "job_failed", type: "Fail", message: "the job went wrong: no space left" },
      { name: "later", message: "also handled" },
    ]);
    expect(cause).toBe("job_failed: the job went wrong: no space left");
  });

  it("of a Fail activity leads to the job's log", () => {
    const { cure } = explain("Operation on target job_failed failed: x", [
      { name: "job_failed", type: "Fail", message: "x" },
    ]);
    expect(cure).toBe("read the job's log: https://ml.azure.com/jobs");
  });

  it.each([
    "Row 4 has a quote that is not closed or stands inside a value.",
    "The file lacks the columns distance, tolls.",
    "The file is not UTF-8 text.",
  ])("of a Fail activity that speaks of the input file leads to the file: %s", (sentence) => {
    const { cause, cure } = explain("Operation on target Fail failed: x", [
      { name: "Fail", type: "Fail", message: `Batch job j1 ended Failed: ${sentence}` },
    ]);
    expect(cause).toBe(`Fail: Batch job j1 ended Failed: ${sentence}`);
    expect(cure).toBe("mend the input file and start again; the job's log: https://ml.azure.com/jobs");
  });

  it.each([
    ["SecretNotFound", "az keyvault secret set"],
    ["InternalError", "start the run again later"],
    ["TooManyRequests", "start the run again later"],
    ["Forbidden", "Key Vault Secrets User"],
  ])("has its cure by the vault's code %s where secureOutput hides the status", (code, cure) => {
    const message = JSON.stringify({ error: { code, message: "no" } });
    expect(explain("Operation on target hidden failed: x", [{ name: "hidden", message }]).cure).toContain(cure);
  });

  it("without a known activity is the run's own message, and the cure the page that shows it", () => {
    expect(explain("Out of quota", [])).toMatchObject({
      cause: "the run failed: Out of quota",
      cure: "look at the run's activities in Synapse Studio: https://web.azuresynapse.net/monitoring",
    });
  });

  it("hides tokens and signatures", () => {
    const { cause } = explain("Operation on target invoke failed: x", [
      {
        name: "invoke",
        url: `${scoring}?sig=abc123`,
        message: "refused Bearer eyJabc.eyJdef.sig with client_secret=topsecret&x",
      },
    ]);
    expect(cause).not.toMatch(/abc123|eyJ|topsecret/);
  });

  it.each([
    ["https://kv1.vault.azure.net/secrets/x", "'403 : Forbidden'", "Key Vault Secrets User"],
    ["https://kv1.vault.azure.net/secrets/x", "'404 : Not Found'", "az keyvault secret set"],
    [scoring, "'403 : Forbidden'", "AzureML Data Scientist"],
    [scoring, "'503 : Service Unavailable'", "start the run again later"],
    ["https://elsewhere.example/", "'403 : Forbidden'", "Synapse Studio"],
  ])("has the cure for %s with %s", (url, status, cure) => {
    const message = `Invoking Web Activity failed with HttpStatusCode - ${status}, message - 'no'`;
    expect(explain("Operation on target a failed: x", [{ name: "a", url, message }]).cure).toContain(cure);
  });
});
