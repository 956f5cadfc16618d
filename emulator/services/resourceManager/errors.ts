import { AzureError } from "../../platform/errors.js";

/** The refusals of Resource Manager itself, in its own words; each resource type adds its provider's. */
export const armErrors = {
  authorizationFailed: (appId: string, objectId: string, action: string, scope: string) =>
    new AzureError(
      403,
      "AuthorizationFailed",
      `The client '${appId}' with object id '${objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    ),
  missingApiVersion: () =>
    new AzureError(
      400,
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required for all requests.",
    ),
  invalidApiVersion: (version: string) =>
    new AzureError(
      400,
      "InvalidApiVersionParameter",
      `The api-version '${version}' is invalid. It must be a date, 'YYYY-MM-DD', or a date with '-preview', such as '2024-11-01'.`,
    ),
  invalidSubscriptionId: (id: string) =>
    new AzureError(
      400,
      "InvalidSubscriptionId",
      `The provided subscription identifier '${id}' is malformed or invalid.`,
    ),
  subscriptionNotFound: (id: string) =>
    new AzureError(404, "SubscriptionNotFound", `The subscription '${id}' could not be found.`),
  groupNotFound: (name: string) =>
    new AzureError(404, "ResourceGroupNotFound", `Resource group '${name}' could not be found.`),
  groupBeingDeleted: (name: string) =>
    new AzureError(
      409,
      "ResourceGroupBeingDeleted",
      `The resource group '${name}' is in deprovisioning state and cannot perform this operation.`,
    ),
  resourceNotFound: (relativeId: string, group: string) =>
    new AzureError(
      404,
      "ResourceNotFound",
      `The Resource '${relativeId}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    ),
  parentNotFound: (verb: string, type: string, parentId: string) =>
    new AzureError(
      404,
      "ParentResourceNotFound",
      `Failed to perform '${verb}' on resource(s) of type '${type}', because the parent resource '${parentId}' could not be found.`,
    ),
  invalidNamespace: (namespace: string) =>
    new AzureError(404, "InvalidResourceNamespace", `The resource namespace '${namespace}' is invalid.`),
  invalidType: (type: string, namespace: string, apiVersion: string) =>
    new AzureError(
      404,
      "InvalidResourceType",
      `The resource type '${type}' could not be found in the namespace '${namespace}' for api version '${apiVersion}'.`,
    ),
  notRegistered: (namespace: string) =>
    new AzureError(
      409,
      "MissingSubscriptionRegistration",
      `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
      { extra: { details: [{ code: "MissingSubscriptionRegistration", target: namespace }] } },
    ),
  invalidContent: (reason: string) =>
    new AzureError(
      400,
      "InvalidRequestContent",
      `The request content was invalid and could not be deserialized: '${reason}'.`,
    ),
  mediaType: () =>
    new AzureError(
      415,
      "UnsupportedMediaType",
      "The content media type is not supported. Only 'application/json' is supported.",
    ),
  locationRequired: () =>
    new AzureError(400, "LocationRequired", "The location property is required for this definition."),
  locationNotAvailable: (location: string, type: string, regions: readonly string[]) =>
    new AzureError(
      400,
      "LocationNotAvailableForResourceType",
      `The provided location '${location}' is not available for resource type '${type}'. List of available regions for the resource type is '${regions.join(",")}'.`,
    ),
  locationChanged: (name: string, existing: string, group: string, wanted: string) =>
    new AzureError(
      409,
      "InvalidResourceLocation",
      `The resource '${name}' already exists in location '${existing}' in resource group '${group}'. A resource with the same name cannot be created in location '${wanted}'. Please select a new resource name.`,
    ),
  operationInProgress: (id: string) =>
    new AzureError(
      409,
      "AnotherOperationInProgress",
      `Another operation on this or dependent resource is in progress: ${id}. Retry when it has ended.`,
    ),
  operationNotFound: (id: string) => new AzureError(404, "OperationNotFound", `The operation '${id}' was not found.`),
  methodNotAllowed: (method: string, what: string) =>
    new AzureError(405, "HttpMethodNotSupported", `The HTTP method '${method}' is not supported for ${what}.`),
  /** A 4xx: clients repeat a 5xx for minutes. */
  notSupported: (what: string) => new AzureError(400, "NotImplemented", `The emulator does not support ${what}.`),
};
