import type { FastifyInstance, FastifyRequest } from "fastify";
import { audiences, machineLearningApiUrl } from "../../../../contract/hosts.js";
import type { Principal } from "../../../platform/directory.js";
import { objectAt, propertiesOf, textAt } from "../../../platform/json.js";
import type { StoredResource } from "../../../platform/resources.js";
import { authenticate, authorize } from "../caller.js";
import type { Context } from "../context.js";
import { badArgument, notFound } from "../errors.js";
import { endpointAt, hostOf } from "../hosts.js";
import { type Invocation, readInvocation } from "../invocation.js";
import type { Jobs } from "../jobs/jobs.js";
import { type JobRecord, jobEnvelope } from "../jobs/record.js";
import type { Runner } from "../jobs/runner.js";
import { actions, workspaceIdOf } from "../names.js";
import { deploymentSettings } from "../resourceTypes/deployment.js";
import { dataVersionAt, resolveUri } from "../uris.js";

const deploymentHeader = "azureml-model-deployment";
/** Endpoints made since this api-version do not take the datasets of the first SDK. */
const firstWithoutDatasets = "2022-05-01";

/** `https://<endpoint>.<region>.inference.ml.azure.com/jobs`: starts a batch job, tells its status. */
export function scoringRoutes(application: FastifyInstance, context: Context, jobs: Jobs, runner: Runner): void {
  const { platform } = context;

  application.post("/jobs", async (request, reply) => {
    const caller = await authenticate(platform, request, audiences.machineLearning);
    const endpoint = endpointOf(request);
    const workspace = workspaceOf(endpoint);
    authorize(platform, caller, [actions.submitToDeployment, actions.submitJob], workspace.id);
    const deployment = deploymentOf(endpoint, request.headers[deploymentHeader]);
    const invocation = readInvocation(request.body, workspace.id);
    checkInput(endpoint, workspace, invocation);
    const job = newJob({ workspace, endpoint, deployment, invocation, caller });
    jobs.save(job);
    runner.start(job.name);
    const managementFrontend = `${machineLearningApiUrl(job.location)}/mferp/managementfrontend`;
    return reply
      .code(201)
      .header("location", `${managementFrontend}${job.deploymentId}/jobs/${job.name}`)
      .header(deploymentHeader, deployment.name)
      .send(jobEnvelope(jobs.get(job.name) ?? job));
  });

  application.get<{ Params: { name: string } }>("/jobs/:name", async (request) => {
    const caller = await authenticate(platform, request, audiences.machineLearning);
    const endpoint = endpointOf(request);
    authorize(platform, caller, [actions.readJob], workspaceOf(endpoint).id);
    const job = jobs.get(request.params.name);
    if (job?.endpointId !== endpoint.id) {
      throw notFound(`There is no job '${request.params.name}' of the endpoint '${endpoint.name}'.`);
    }
    return jobEnvelope(job);
  });

  function endpointOf(request: FastifyRequest): StoredResource {
    const host = hostOf(request.hostname);
    const endpoint = host?.kind === "scoring" ? endpointAt(platform.resources, host) : undefined;
    if (!endpoint) throw notFound(`There is no batch endpoint at ${request.hostname}.`);
    return endpoint;
  }

  function workspaceOf(endpoint: StoredResource): StoredResource {
    const workspace = platform.resources.get(workspaceIdOf(endpoint.id) ?? "");
    if (!workspace) throw notFound(`The workspace of the endpoint '${endpoint.name}' does not exist any more.`);
    return workspace;
  }

  function deploymentOf(endpoint: StoredResource, header: string | string[] | undefined): StoredResource {
    const named = typeof header === "string" && header !== "" ? header : undefined;
    const byDefault = textAt(objectAt(propertiesOf(endpoint), "defaults"), "deploymentName");
    const deployment = platform.resources.get(`${endpoint.id}/deployments/${named ?? byDefault ?? ""}`);
    if (deployment && propertiesOf(deployment)["provisioningState"] === "Succeeded") return deployment;
    if (named !== undefined) throw notFound(`There is no deployment '${named}' of the endpoint '${endpoint.name}'.`);
    throw badArgument(
      `No valid deployments to route to. The endpoint '${endpoint.name}' has no default deployment: set properties.defaults.deploymentName, or name one in the header '${deploymentHeader}'.`,
    );
  }

  function checkInput(endpoint: StoredResource, workspace: StoredResource, { kind, input, output }: Invocation): void {
    if (kind === "dataset" && endpoint.createdWith.slice(0, firstWithoutDatasets.length) >= firstWithoutDatasets) {
      throw badArgument(
        `The endpoint '${endpoint.name}' was created with API version ${endpoint.createdWith}: V1 datasets are not supported by batch endpoints created with API version 2022-05-01 or newer. Give the input as InputData.`,
      );
    }
    const asset = dataVersionAt(platform.resources, workspace, input.uri);
    const dataType = asset && textAt(propertiesOf(asset), "dataType");
    if (dataType !== undefined && dataType !== "uri_file") {
      throw badArgument(
        `The data asset '${input.uri}' is of type ${dataType}: a job input of type UriFile needs uri_file.`,
      );
    }
    resolveUri(platform.resources, workspace, input.uri);
    if (output && !resolveUri(platform.resources, workspace, output.uri).datastore) {
      throw badArgument(`The output '${output.uri}' is not a path in a datastore of the workspace.`);
    }
  }

  function newJob(parts: {
    readonly workspace: StoredResource;
    readonly endpoint: StoredResource;
    readonly deployment: StoredResource;
    readonly invocation: Invocation;
    readonly caller: Principal;
  }): JobRecord {
    const { workspace, endpoint, deployment, invocation, caller } = parts;
    const properties = propertiesOf(deployment);
    const settings = deploymentSettings.safeParse({
      ...properties,
      ...invocation.overrides,
      retrySettings: { ...objectAt(properties, "retrySettings"), ...objectAt(invocation.overrides, "retrySettings") },
    });
    if (!settings.success) {
      throw badArgument(
        `The job's settings are not valid: ${settings.error.issues.map(({ message }) => message).join("; ")}.`,
      );
    }
    const { errorThreshold, miniBatchSize, outputAction, outputFileName, resources } = settings.data;
    const code = objectAt(properties, "codeConfiguration");
    return {
      name: `batchjob-${platform.ids.uuid()}`,
      workspaceId: workspace.id,
      location: String(workspace.body["location"]),
      endpointId: endpoint.id,
      deploymentId: deployment.id,
      childRunId: platform.ids.uuid(),
      displayName: `${deployment.name}-${platform.clock.now().getTime().toString(36)}`,
      invokerId: caller.objectId,
      input: invocation.input,
      output: invocation.output,
      settings: {
        errorThreshold,
        miniBatchSize,
        outputAction,
        outputFileName,
        retrySettings: settings.data.retrySettings,
      },
      references: {
        modelId: textAt(objectAt(properties, "model"), "assetId") ?? "",
        codeId: textAt(code, "codeId") ?? "",
        scoringScript: textAt(code, "scoringScript") ?? "",
        environmentId: textAt(properties, "environmentId") ?? "",
        computeId: textAt(properties, "compute") ?? "",
        instanceCount: resources.instanceCount,
      },
      createdAt: platform.clock.now().toISOString(),
      status: "NotStarted",
      startedAt: undefined,
      endedAt: undefined,
      error: undefined,
      attempts: 0,
    };
  }
}
