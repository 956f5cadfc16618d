import type { FastifyInstance, FastifyRequest } from "fastify";
import type { JsonObject } from "../../../contract/json.js";
import type { Platform } from "../../platform/platform.js";
import { endpointAt, requireKey } from "./authentication.js";
import type { CallersBlobs } from "./callersBlobs.js";
import type { Endpoint, Endpoints } from "./endpoints.js";
import { badArgument, cannotStart, notFound } from "./errors.js";
import { type ApiVersion, apiVersions, jobRequest, mainOutput } from "./jobRequest.js";
import { isTerminal, type Job, type Jobs, statusWords } from "./jobs.js";
import type { OutputPlaces } from "./outputPlaces.js";
import type { Runner } from "./runner.js";
import { swaggerDocument } from "./swagger.js";

interface Parts {
  readonly platform: Platform;
  readonly endpoints: Endpoints;
  readonly jobs: Jobs;
  readonly runner: Runner;
  readonly blobs: CallersBlobs;
  readonly places: OutputPlaces;
}

interface Parameters {
  workspaceId: string;
  serviceId: string;
  jobId: string;
}

const service = "/workspaces/:workspaceId/services/:serviceId";

/** The Batch Execution Service: submit, start, status, delete, and the swagger document. */
export function jobRoutes(application: FastifyInstance, parts: Parts): void {
  const { platform, endpoints, jobs, runner } = parts;

  const endpointOf = (request: FastifyRequest): Endpoint => {
    const endpoint = endpointAt(endpoints, request.params as Parameters);
    requireKey(endpoint, request.headers.authorization);
    return endpoint;
  };
  const jobOf = (request: FastifyRequest): Job => {
    const { jobId } = request.params as Parameters;
    const job = jobs.get(endpointOf(request).id, jobId);
    if (!job) throw notFound.job(jobId);
    return job;
  };

  application.get(`${service}/swagger.json`, (request) =>
    swaggerDocument(endpointAt(endpoints, request.params as Parameters)),
  );

  application.post(`${service}/jobs`, (request, reply) => {
    const endpoint = endpointOf(request);
    const version = versionOf(request);
    const asked = jobRequest(request.body);
    const id = platform.ids.uuid().replaceAll("-", "");
    jobs.add({ id, endpointId: endpoint.id, version, createdAt: platform.clock.now().toISOString() }, asked);
    // a bare JSON string, which would else be sent as text
    return reply.type("application/json; charset=utf-8").serializer(String).send(JSON.stringify(id));
  });

  application.post(`${service}/jobs/:jobId/start`, (request, reply) => {
    const job = jobOf(request);
    versionOf(request);
    if (job.status !== "NotStarted") throw cannotStart(job.status);
    runner.start(job);
    // 200 on the service's own page, 204 in its swagger document
    return reply.code(isSwagger(request) ? 204 : 200).send();
  });

  application.get(`${service}/jobs/:jobId`, async (request) => {
    const job = jobOf(request);
    versionOf(request);
    return statusOf(parts, job, isSwagger(request));
  });

  application.delete(`${service}/jobs/:jobId`, (request, reply) => {
    const job = jobOf(request);
    // its page has no version in this address; one that is given must be right
    if (Reflect.has(request.query as object, "api-version")) versionOf(request);
    if (isTerminal(job.status)) jobs.remove(job.id);
    else runner.cancel(job);
    return reply.code(204).send();
  });
}

function versionOf(request: FastifyRequest): ApiVersion {
  const given: unknown = Reflect.get(request.query as object, "api-version");
  const version = apiVersions.find((known) => known === given);
  if (!version) throw badArgument.version(typeof given === "string" ? given : "");
  return version;
}

/** `format=swagger`: answers as the swagger document types them, with the status as a word and no member left out. */
function isSwagger(request: FastifyRequest): boolean {
  return Reflect.get(request.query as object, "format") === "swagger";
}

/** Members without a value, and a status of 0, are left out, as on the service's own page. */
async function statusOf(parts: Parts, job: Job, inWords: boolean): Promise<JsonObject> {
  const details = job.details ?? (job.status === "Running" ? parts.runner.progressOf(job.id) : undefined);
  const results = job.status === "Finished" ? await resultsOf(parts, job) : undefined;
  const member = job.version === "1.0" ? "Result" : "Results";
  const shown = results && (job.version === "1.0" ? results[mainOutput] : results);
  if (inWords) return { StatusCode: job.status, [member]: shown ?? null, Details: details ?? null };
  const code = statusWords.indexOf(job.status);
  return {
    ...(code !== 0 && { StatusCode: code }),
    ...(shown !== undefined && { [member]: shown }),
    ...(details !== undefined && { Details: details }),
  };
}

async function resultsOf({ jobs, blobs, places }: Parts, job: Job): Promise<JsonObject> {
  const written = places.of(job, jobs.requestOf(job.id));
  const entries = written.map(async ({ name, blob }) => {
    const { baseLocation, relativeLocation } = blob;
    const location = {
      RelativeLocation: relativeLocation,
      BaseLocation: baseLocation,
      SasBlobToken: await blobs.readToken(blob),
    };
    return [name, location] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
