import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { messageOf } from "../../../contract/errors.js";
import { retrainingOutputs } from "../../../contract/retraining.js";
import type { Platform } from "../../platform/platform.js";
import { requireManager, requireWorkspace } from "./authentication.js";
import { type BlobReferenceBody, blobReference, blobReferenceBody } from "./blobReference.js";
import { AccessFailure, type CallersBlobs } from "./callersBlobs.js";
import { type Endpoint, type Endpoints, newEndpoint } from "./endpoints.js";
import { badArgument, notFound, studioError } from "./errors.js";
import type { Jobs } from "./jobs.js";
import { endpointBody, webServiceBody } from "./managementBodies.js";
import type { Runner } from "./runner.js";
import { workspace } from "./workspace.js";

interface Parts {
  readonly platform: Platform;
  readonly endpoints: Endpoints;
  readonly jobs: Jobs;
  readonly runner: Runner;
  readonly blobs: CallersBlobs;
  /** The workspace's authorization token. */
  readonly token: string;
}

interface Parameters {
  workspaceId: string;
  webServiceId: string;
  name: string;
}

const webServices = "/workspaces/:workspaceId/webservices";
const endpointPath = `${webServices}/:webServiceId/endpoints/:name`;

const settings = z.object({
  Description: z.string().nullish(),
  ThrottleLevel: z.enum(["Low", "High"]).nullish(),
  MaxConcurrentCalls: z.coerce.number().int().min(1).max(200).nullish(),
  PreventUpdate: z.boolean().nullish(),
});

const resources = z.object({
  Resources: z.array(z.object({ Name: z.string(), Location: blobReferenceBody })).min(1),
});

/**
 * `management.azureml.net`: the web service, its endpoints, and the PATCH that points an endpoint at a retrained model.
 * The workspace's token manages all of it; an endpoint's key reads and patches that endpoint.
 */
export function managementRoutes(application: FastifyInstance, parts: Parts): void {
  const { platform, endpoints, jobs, runner, blobs, token } = parts;

  const inWorkspace = (request: FastifyRequest): Parameters => {
    const parameters = request.params as Parameters;
    requireWorkspace(parameters.workspaceId);
    return parameters;
  };
  const inService = (request: FastifyRequest): Parameters => {
    const parameters = inWorkspace(request);
    if (parameters.webServiceId.toLowerCase() !== workspace.webService.id) throw notFound.service();
    return parameters;
  };
  const manage = (request: FastifyRequest): Parameters => {
    requireManager(token, request.headers.authorization);
    return inService(request);
  };
  const endpointOf = (request: FastifyRequest): Endpoint => {
    const { name } = inService(request);
    const endpoint = endpoints.get(name);
    requireManager(token, request.headers.authorization, endpoint);
    if (!endpoint) throw notFound.endpoint(name);
    return endpoint;
  };

  application.get(webServices, (request) => {
    requireManager(token, request.headers.authorization);
    inWorkspace(request);
    return [webServiceBody(endpoints.all().length)];
  });
  application.get(`${webServices}/:webServiceId`, (request) => {
    manage(request);
    return webServiceBody(endpoints.all().length);
  });
  application.get(`${webServices}/:webServiceId/endpoints`, (request) => {
    manage(request);
    return endpoints.all().map(endpointBody);
  });
  application.get(endpointPath, (request) => endpointBody(endpointOf(request)));

  application.put(endpointPath, (request, reply) => {
    const { name } = manage(request);
    if (!/^[a-z0-9][a-z0-9_-]{0,23}$/i.test(name)) {
      throw badArgument.parameter(`'${name}' is not a name of an endpoint: up to 24 letters, digits, - and _.`);
    }
    const read = settings.safeParse(request.body ?? {});
    if (!read.success) throw badArgument.body();
    const before = endpoints.get(name);
    const id = platform.ids.uuid().replaceAll("-", "");
    const made = before ?? newEndpoint({ id, name, createdAt: platform.clock.now().toISOString() });
    endpoints.save(withSettings(made, read.data));
    return reply.code(before ? 200 : 201).send(endpointBody(endpoints.get(name) ?? made));
  });

  application.patch(endpointPath, async (request, reply) => {
    const endpoint = endpointOf(request);
    if (endpoint.name === workspace.defaultEndpoint.name || endpoint.preventUpdate) throw notUpdatable(endpoint.name);
    const read = resources.safeParse(request.body);
    if (!read.success) throw badArgument.body();
    const unknown = read.data.Resources.find(({ Name }) => Name !== workspace.trainedModel);
    if (unknown) throw unknownResource(unknown.Name);
    const [resource, ...more] = read.data.Resources;
    if (!resource || more.length > 0) throw repeatedResource();
    const model = resource.Location;
    await requireModel(blobs, model);
    endpoints.save({ ...endpoint, model });
    return reply.code(200).send();
  });

  application.delete(endpointPath, (request, reply) => {
    const { name } = manage(request);
    const endpoint = endpoints.get(name);
    if (!endpoint) throw notFound.endpoint(name);
    if (endpoint.name === workspace.defaultEndpoint.name) throw notUpdatable(name);
    for (const job of jobs.of(endpoint.id)) {
      runner.cancel(job);
      jobs.remove(job.id);
    }
    endpoints.remove(name);
    return reply.code(204).send();
  });
}

/** Reads the blob as the service does when it takes a model over: 400 when it cannot, or when it is no model. */
async function requireModel(blobs: CallersBlobs, location: BlobReferenceBody): Promise<void> {
  const blob = blobReference(workspace.trainedModel, location);
  if (!blob.relativeLocation.toLowerCase().endsWith(retrainingOutputs.output1)) {
    throw badArgument.extension(workspace.trainedModel, retrainingOutputs.output1);
  }
  const file = await blobs.read(blob, new AbortController().signal).catch((error: unknown) => {
    throw badArgument.blobNotFound(
      blob.relativeLocation,
      error instanceof AccessFailure ? error.reason : messageOf(error),
    );
  });
  // loaded where it is used: few patch an endpoint
  const { loadForest } = await import("../../../contract/forest.js");
  const forest = await loadForest(file).catch(() => {
    throw badArgument.blob(workspace.trainedModel);
  });
  forest.unload();
}

function withSettings(endpoint: Endpoint, given: z.infer<typeof settings>): Endpoint {
  return {
    ...endpoint,
    description: given.Description ?? endpoint.description,
    throttleLevel: given.ThrottleLevel ?? endpoint.throttleLevel,
    maxConcurrentCalls: given.MaxConcurrentCalls ?? endpoint.maxConcurrentCalls,
    preventUpdate: given.PreventUpdate ?? endpoint.preventUpdate,
  };
}

const notUpdatable = (name: string) =>
  studioError(
    "InvalidOperation",
    "EndpointNotUpdatable",
    `The endpoint '${name}' cannot be updated or deleted: only endpoints beside the default one can, unless they prevent it.`,
  );

const repeatedResource = () =>
  studioError(
    "BadArgument",
    "BadParameterValue",
    `The resource '${workspace.trainedModel}' is named more than once: name the one model that the endpoint is to have.`,
  );

const unknownResource = (name: string) =>
  studioError(
    "BadArgument",
    "BadParameterValue",
    `The endpoint has no resource '${name}'; it has '${workspace.trainedModel}'.`,
  );
