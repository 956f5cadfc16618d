import { regionName } from "../../../contract/hosts.js";
import type { Json } from "../../../contract/json.js";
import { AzureError } from "../../platform/errors.js";
import type { StoredResource } from "../../platform/resources.js";
import type { PutStyle } from "../../platform/resourceType.js";
import type { ArmAnswer, ArmContext, ArmRequest } from "./armRequest.js";
import { authorize } from "./authentication.js";
import { splitType } from "./catalog.js";
import { armErrors } from "./errors.js";
import { subscriptionId } from "./locate.js";
import type { Operation } from "./operations.js";

/** Seconds. Python's client takes none or 0 for half a minute. */
const retryAfter = { "retry-after": "1" };

/** Where a provider keeps its operations: the path of the status and of the result, without the operation's id. */
function operationPaths(resource: StoredResource): { status: string; result: string } {
  const { namespace, path } = splitType(resource.type);
  const location = regionName(String(resource.body["location"] ?? "global"));
  const regional = `${subscriptionId}/providers/${namespace}/locations/${location}`;
  switch (namespace.toLowerCase()) {
    case "microsoft.synapse": {
      const workspace = resource.id.split("/").slice(0, 9).join("/");
      return { status: `${workspace}/operationStatuses/`, result: `${workspace}/operationResults/` };
    }
    case "microsoft.machinelearningservices":
      return path === "workspaces"
        ? { status: `${regional}/workspaceOperationsStatus/`, result: `${regional}/workspaceOperationResults/` }
        : { status: `${regional}/mfeOperationsStatus/`, result: `${regional}/mfeOperationResults/` };
    case "microsoft.storage":
      return { status: `${regional}/asyncoperations/`, result: `${regional}/asyncoperations/` };
    case "microsoft.resources":
      return { status: `${subscriptionId}/operationresults/`, result: `${subscriptionId}/operationresults/` };
    default:
      return { status: `${regional}/operationStatuses/`, result: `${regional}/operationResults/` };
  }
}

/** The headers by which a client follows an operation, which differ by provider. */
export function pollingHeaders(
  request: ArmRequest,
  style: PutStyle,
  resource: StoredResource,
  operation: Operation,
): Readonly<Record<string, string>> {
  const paths = operationPaths(resource);
  const version = `api-version=${request.apiVersion}`;
  const status = `${request.origin}${paths.status}${operation.id}?${version}`;
  const monitor = paths.result.endsWith("/asyncoperations/") ? "monitor=true&" : "";
  const result = `${request.origin}${paths.result}${operation.id}?${monitor}${version}`;
  switch (style) {
    case "synchronous":
      return {};
    case "provisioningState":
      return retryAfter;
    case "location":
      return { ...retryAfter, location: result, "content-type": "text/plain; charset=utf-8" };
    case "asyncOperation":
      return { ...retryAfter, "azure-asyncoperation": status };
    case "asyncOperationAndLocation": {
      const isMachineLearning = resource.type.toLowerCase().startsWith("microsoft.machinelearningservices/");
      if (!isMachineLearning || operation.kind === "delete") {
        return { ...retryAfter, "azure-asyncoperation": status, location: result };
      }
      const location = `${request.origin}${resource.id}?${version}`;
      return { ...retryAfter, "azure-asyncoperation": status, location, "x-ms-async-operation-timeout": "PT30M" };
    }
  }
}

const pollingPath = /^(operationresults|operationstatuses|asyncoperations|\w+operationsstatus|\w+operationresults)$/i;

/** Answers a poll; undefined when the path is not one of an operation. */
export function answerPoll(context: ArmContext, request: ArmRequest): ArmAnswer | undefined {
  const [collection, last] = request.segments.slice(-2);
  if (request.method !== "GET" || collection === undefined || last === undefined) return undefined;
  if (!pollingPath.test(collection)) return undefined;
  const operation = context.operations.get(last);
  if (!operation) throw armErrors.operationNotFound(last);
  if (operation.callerId !== request.caller.objectId) {
    authorize(context, request, "Microsoft.Resources/subscriptions/operationresults/read", operation.resourceId);
  }
  return /status(es)?$/i.test(collection) ? statusOf(request, operation) : resultOf(context, request, operation);
}

function statusOf(request: ArmRequest, operation: Operation): ArmAnswer {
  const { id, status, startedOn, endedOn, failure } = operation;
  const body: Record<string, Json> = { id: `/${request.segments.join("/")}`, name: id, status, startTime: startedOn };
  if (endedOn !== undefined) body["endTime"] = endedOn;
  if (failure) body["error"] = failure.body["error"] ?? failure.body;
  return { status: 200, body, ...(status === "InProgress" && { headers: retryAfter }) };
}

/** A failure must be a 4xx here: clients take a 200 for success whatever its body says. */
function resultOf(context: ArmContext, request: ArmRequest, operation: Operation): ArmAnswer {
  if (operation.status === "InProgress") {
    const query = [...request.query].map(([name, value]) => `${name}=${value}`).join("&");
    const location = `${request.origin}/${request.segments.join("/")}?${query}`;
    return { status: 202, headers: { ...retryAfter, location } };
  }
  if (operation.failure) {
    const { status, body } = operation.failure;
    const inner = body["error"] as { code: string; message: string };
    throw new AzureError(status, inner.code, inner.message);
  }
  const resource = operation.kind === "put" ? context.platform.resources.get(operation.resourceId) : undefined;
  return resource ? { status: 200, body: resource.body } : { status: operation.kind === "put" ? 204 : 200 };
}
