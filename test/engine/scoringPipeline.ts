import type { PipelineDefinition } from "../../contract/pipeline.js";
import type { HttpRequest } from "../../emulator/engine/ports.js";
import { type Answer, activity, inner, pipeline, setVariable, wait, web } from "./testEngine.js";

const vault = { type: "MSI", resource: "https://vault.azure.net" };
const form = { "Content-Type": "application/x-www-form-urlencoded" };
const bearer = { Authorization: "@concat('Bearer ',variables('tokenml'))" };
const secureOutput = { policy: { secureOutput: true } };
const secure = { policy: { secureInput: true, secureOutput: true } };

/** Secrets, token, invoke, wait for the job, fail with the job's error: the shape of the scoring pipeline. */
export function scoringPipeline(options: { invokeRetry?: number } = {}): PipelineDefinition {
  const status = web("status", { url: "https://ml.example/jobs/1", headers: bearer });
  return pipeline(
    [
      { ...web("clientid", { authentication: vault }), ...secureOutput },
      { ...web("clientsecret", { authentication: vault }), ...secureOutput },
      {
        ...web(
          "scoring_token",
          {
            method: "POST",
            headers: form,
            body: "@concat('client_id=',activity('clientid').output.value,'&client_secret=',uriComponent(activity('clientsecret').output.value))",
          },
          [
            ["clientid", "Succeeded"],
            ["clientsecret", "Succeeded"],
          ],
        ),
        ...secure,
        policy: { ...secure.policy, retry: 1 },
      },
      {
        ...setVariable("tokenml", "tokenml", "@activity('scoring_token').output.access_token", [
          ["scoring_token", "Succeeded"],
        ]),
        ...secure,
      },
      {
        ...web(
          "invoke_batch",
          { method: "POST", headers: bearer, body: { properties: { run: "@pipeline().RunId" } } },
          [["tokenml", "Succeeded"]],
        ),
        policy: { secureInput: true, retry: options.invokeRetry ?? 0 },
      },
      activity(
        "wait_for_job",
        "Until",
        {
          expression: {
            value: "@contains(createArray('Completed','Failed','Canceled'),variables('jobStatus'))",
            type: "Expression",
          },
          timeout: "0.04:00:00",
          activities: inner([
            { ...status, policy: { secureInput: true } },
            setVariable("job_status", "jobStatus", "@activity('status').output.status", [["status", "Succeeded"]]),
            wait("poll", 30, [["job_status", "Completed"]]),
          ]),
        },
        [["invoke_batch", "Succeeded"]],
      ),
      activity(
        "job_failed",
        "IfCondition",
        {
          expression: { value: "@not(equals(variables('jobStatus'),'Completed'))", type: "Expression" },
          ifTrueActivities: inner([
            {
              ...web("job_error", { url: "https://ml.example/runs/1", headers: bearer }),
              policy: { secureInput: true },
            },
            activity("give_up", "Fail", { message: "@activity('job_error').output.message", errorCode: "JobFailed" }, [
              ["job_error", "Completed"],
            ]),
          ]),
        },
        [["wait_for_job", "Succeeded"]],
      ),
    ],
    { variables: { tokenml: { type: "String" }, jobStatus: { type: "String" } } },
  );
}

/** The services that the pipeline calls; the job ends at its third status. They outlive the engine that calls them. */
export function scoringServices(end: "Completed" | "Failed" = "Completed") {
  const calls: string[] = [];
  let polls = 0;
  const answers: Record<string, (request: HttpRequest) => Answer> = {
    clientid: () => ({ body: { value: "id-s3cret" } }),
    clientsecret: () => ({ body: { value: "s3cret+/=" } }),
    scoring_token: (request) =>
      request.body === "client_id=id-s3cret&client_secret=s3cret%2B%2F%3D"
        ? { body: { access_token: "eyJt0ken" } }
        : { status: 401, body: { error: "invalid_client" } },
    invoke_batch: () => ({ status: 201, body: { id: "job1" } }),
    "jobs/1": () => ({ body: { status: ++polls < 3 ? "Running" : end } }),
    "runs/1": () => ({ body: { message: "3 rows could not be scored" } }),
  };
  return {
    calls,
    handler: (request: HttpRequest): Answer => {
      const name = new URL(request.url).pathname.slice(1);
      calls.push(name);
      return answers[name]?.(request) ?? { status: 404 };
    },
  };
}
