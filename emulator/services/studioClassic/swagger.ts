import { hostSuffixes } from "../../../contract/hosts.js";
import type { JsonObject } from "../../../contract/json.js";
import { retrainingOutputs, retrainingParameters } from "../../../contract/retraining.js";
import type { Endpoint } from "./endpoints.js";
import { inputName } from "./jobRequest.js";
import { statusWords } from "./jobs.js";
import { workspace } from "./workspace.js";

/** The swagger document (2.0) of an endpoint's Batch Execution Service. */
export function swaggerDocument(endpoint: Endpoint): JsonObject {
  return {
    swagger: "2.0",
    info: {
      version: "2.0",
      title: workspace.webService.name,
      description: "No description provided for this web service.",
      "x-endpoint-name": endpoint.name,
    },
    host: `${workspace.region}${hostSuffixes.studioClassic}`,
    basePath: `/workspaces/${workspace.id}/services/${endpoint.id}`,
    schemes: ["https"],
    consumes: ["application/json"],
    produces: ["application/json"],
    securityDefinitions: { Bearer: { type: "apiKey", name: "Authorization", in: "header" } },
    security: [{ Bearer: [] }],
    paths: {
      "/swagger.json": {
        get: { operationId: "getSwaggerDocument", security: [], responses: { "200": { description: "OK" } } },
      },
      "/jobs": {
        post: operation("submitJob", "Submit (but not start) a Batch Execution job", {
          parameters: [version(true), body("ExecutionRequest")],
          "200": { description: "The job's id", schema: { type: "string" } },
        }),
      },
      "/jobs/{jobId}/start": {
        post: operation("startJob", "Start a Batch Execution job", {
          parameters: [jobId, version(true)],
          "204": { description: "Started" },
        }),
      },
      "/jobs/{jobId}": {
        get: operation("getJobStatus", "Get the status or result of a Batch Execution job", {
          parameters: [jobId, version(true)],
          "200": { description: "OK", schema: reference("BatchScoreStatus") },
        }),
        delete: operation("deleteJob", "Delete a Batch Execution job", {
          parameters: [jobId, version(false)],
          "204": { description: "Deleted" },
        }),
      },
    },
    definitions,
  };
}

const reference = (name: string): JsonObject => ({ $ref: `#/definitions/${name}` });

const version = (required: boolean): JsonObject => ({ name: "api-version", in: "query", type: "string", required });

const jobId: JsonObject = { name: "jobId", in: "path", type: "string", required: true };

const body = (name: string): JsonObject => ({ name: "body", in: "body", required: true, schema: reference(name) });

function operation(
  operationId: string,
  summary: string,
  { parameters, ...responses }: { readonly parameters: readonly JsonObject[] } & JsonObject,
): JsonObject {
  const error = { description: "Error", schema: reference("ErrorResponse") };
  return { operationId, summary, parameters: [...parameters], responses: { ...responses, default: error } };
}

const object = (properties: JsonObject, required: readonly string[] = []): JsonObject => ({
  type: "object",
  properties,
  ...(required.length > 0 && { required: [...required] }),
});

const text: JsonObject = { type: "string" };
const textOf = (names: readonly string[]): JsonObject => Object.fromEntries(names.map((name) => [name, text]));
const blobsOf = (names: readonly string[]): JsonObject =>
  object(Object.fromEntries(names.map((name) => [name, reference("AzureBlobDataReference")])));

const definitions: JsonObject = {
  AzureBlobDataReference: object(textOf(["ConnectionString", "RelativeLocation", "BaseLocation", "SasBlobToken"])),
  ExecutionRequest: object({
    Input: reference("AzureBlobDataReference"),
    Inputs: blobsOf([inputName]),
    Outputs: blobsOf(Object.keys(retrainingOutputs)),
    GlobalParameters: object(textOf(Object.values(retrainingParameters))),
  }),
  BatchScoreStatus: object({
    StatusCode: { type: "string", enum: [...statusWords] },
    Results: blobsOf(Object.keys(retrainingOutputs)),
    Details: text,
  }),
  ErrorResponse: object({
    error: object(
      { code: text, message: text, details: { type: "array", items: object({ code: text, message: text }) } },
      ["code", "message"],
    ),
  }),
};
