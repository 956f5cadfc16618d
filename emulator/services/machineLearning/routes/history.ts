import type { FastifyInstance, FastifyRequest } from "fastify";
import { audiences, machineLearningApiUrl } from "../../../../contract/hosts.js";
import type { Json, JsonObject } from "../../../../contract/json.js";
import { authenticate, authorize } from "../caller.js";
import type { Context } from "../context.js";
import { notFound } from "../errors.js";
import { hostOf, workspaceIn } from "../hosts.js";
import type { Jobs } from "../jobs/jobs.js";
import { type JobRecord, namesOf } from "../jobs/record.js";
import { actions } from "../names.js";

const runs =
  "/history/v1.0/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.MachineLearningServices/workspaces/:workspace/runs/:run";

/**
 * `https://<region>.api.azureml.ms`: discovery and run history. A batch job is a run with one child, `batchscoring`,
 * which carries the reason of a failure.
 */
export function historyRoutes(application: FastifyInstance, context: Context, jobs: Jobs): void {
  const { platform } = context;

  application.get("/discovery", async (request) => {
    const api = machineLearningApiUrl(hostOf(request.hostname)?.region ?? "");
    return { api, history: api };
  });

  application.get(runs, async (request) => {
    const { job, isChild } = await runOf(request);
    return isChild ? childRun(job) : parentRun(job);
  });

  application.get(`${runs}/children`, async (request) => {
    const { job, isChild } = await runOf(request);
    return { value: isChild ? [] : [childRun(job)], continuationToken: null, nextLink: null };
  });

  application.get(`${runs}/details`, async (request) => {
    const { job, isChild } = await runOf(request);
    const { runId, status, startTimeUtc, endTimeUtc, error, properties } = isChild ? childRun(job) : parentRun(job);
    return {
      runId,
      target: job.references.computeId,
      status,
      startTimeUtc,
      endTimeUtc,
      error,
      properties,
      logFiles: {},
    } as Json;
  });

  async function runOf(request: FastifyRequest): Promise<{ job: JobRecord; isChild: boolean }> {
    const caller = await authenticate(platform, request, audiences.machineLearning);
    const path = request.params as Readonly<Record<string, string>>;
    const region = hostOf(request.hostname)?.region ?? "";
    const workspace = workspaceIn(platform.resources, region, path);
    if (!workspace) throw notFound(`There is no workspace '${path["workspace"]}' in the region '${region}'.`);
    authorize(platform, caller, [actions.readRun], workspace.id);
    const run = path["run"] ?? "";
    const job = jobs.ofRun(workspace.id, run);
    if (!job) throw notFound(`Run ${run} was not found.`);
    return { job, isChild: job.childRunId === run.toLowerCase() };
  }
}

function parentRun(job: JobRecord): JsonObject {
  const message =
    "Pipeline has failed child jobs. Failed nodes: /batchscoring. For more details and logs, please go to the job detail page and check the child jobs.";
  return {
    ...run(job),
    runId: job.name,
    parentRunId: null,
    displayName: job.displayName,
    runType: "azureml.PipelineRun",
    error: errorOf(job, message),
  };
}

function childRun(job: JobRecord): JsonObject {
  const properties = { "azureml.moduleName": "batchscoring", "azureml.pipelinerunid": job.name };
  const error = errorOf(job, job.error ?? "");
  const runType = "azureml.StepRun";
  return {
    ...run(job),
    runId: job.childRunId,
    parentRunId: job.name,
    displayName: "batchscoring",
    runType,
    properties,
    error,
  };
}

function run(job: JobRecord): JsonObject {
  const { endpoint, deployment } = namesOf(job);
  return {
    rootRunId: job.name,
    experimentName: endpoint,
    createdUtc: job.createdAt,
    startTimeUtc: job.startedAt ?? null,
    endTimeUtc: job.endedAt ?? null,
    status: job.status,
    target: job.references.computeId,
    tags: { "azureml.deploymentname": deployment },
    properties: {},
  };
}

function errorOf(job: JobRecord, message: string): Json {
  if (job.status !== "Failed") return null;
  const time = job.endedAt ?? null;
  return { error: { code: "UserError", message, messageParameters: {}, details: [] }, time };
}
