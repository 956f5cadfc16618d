import type { Json } from "../../../contract/json.js";
import { AzureError, codeOf, type Refusal } from "../../platform/errors.js";

/** The classes of refusals ("Azure Machine Learning Studio (classic) REST API Error Codes"): status and sentence. */
const classes = {
  BadArgument: [400, "Invalid argument provided."],
  InvalidOperation: [400, "The request is invalid in the current context."],
  Unauthorized: [401, "Request is unauthorized to access resource."],
  NotFound: [404, "Resource not found."],
  InternalError: [500, "Execution encountered an internal error."],
} as const;

/** A refusal in the service's shape: `{error: {code, message, details: [{code, message}]}}`. */
export function studioError(errorClass: keyof typeof classes, code: string, message: string): AzureError {
  const [status, sentence] = classes[errorClass];
  const details: Json = [{ code, message }];
  return new AzureError(status, errorClass, sentence, { extra: { details } });
}

/** 400 BadArgument; the codes and sentences are those of the service's own list. */
export const badArgument = {
  version: (given: string) =>
    studioError(
      "BadArgument",
      "BadVersionCall",
      `Invalid version parameter was passed during the API call: ${given}. Check the API help page for passing the correct version and try again.`,
    ),
  body: () =>
    studioError(
      "BadArgument",
      "RequestBodyInvalid",
      "No request body provided or error in deserializing the request body.",
    ),
  connectionString: (blob: string) =>
    studioError(
      "BadArgument",
      "InvalidBlobConnectionString",
      `The connection string specified for one of the input/output blobs in invalid: ${blob}. Please correct this and try again.`,
    ),
  extension: (blob: string, supported: string) =>
    studioError(
      "BadArgument",
      "InvalidBlobExtension",
      `The blob reference: ${blob} has an invalid or missing file extension. Supported file extensions for this output type are: "${supported}".`,
    ),
  inputNames: (names: string) =>
    studioError(
      "BadArgument",
      "InvalidInputNames",
      `Invalid service input name(s) specified in the request: ${names}. Please map the input data to the correct service inputs and try again.`,
    ),
  twoInputs: () =>
    studioError(
      "BadArgument",
      "DuplicateInputInBatchCall",
      "The batch request is invalid. Cannot specify both single and multiple input at the same time. Remove one of these items from the request and try again.",
    ),
  inputBlob: () =>
    studioError(
      "BadArgument",
      "MissingInputBlobInformation",
      "Missing Azure storage blob information. Provide a valid connection string and relative path or URI and try again.",
    ),
  blob: (blob: string) =>
    studioError(
      "BadArgument",
      "InvalidBlob",
      `Invalid blob specification for blob: ${blob}. Verify that connection string / relative path or SAS token specification is correct and try again.`,
    ),
  blobNotFound: (blob: string, reason: string) =>
    studioError(
      "BadArgument",
      "BlobNotFound",
      `Unable to access the provided Azure blob - ${blob}. Azure error message: ${reason}.`,
    ),
  outputName: (name: string) =>
    studioError(
      "BadArgument",
      "InvalidOutputOverrideName",
      `Invalid output override name: ${name}. The service does not have an output node with this name. Please pass in a correct output node name to override (case sensitivity applies).`,
    ),
  outputBlob: (name: string) =>
    studioError(
      "BadArgument",
      "MissingOutputOverrideSpecification",
      `The request is missing the blob specification for output override ${name}. Please specify a valid blob location with the request, or remove the output specification if no location override is desired.`,
    ),
  missingParameters: () =>
    studioError(
      "BadArgument",
      "MissingRequiredGlobalParameters",
      "Not all required web service parameter(s) provided. Verify the parameter(s) expected for the module(s) are correct and try again.",
    ),
  unexpectedParameter: () =>
    studioError(
      "BadArgument",
      "UnexpectedParameter",
      "Unexpected parameters provided. Verify all parameter names are spelled correctly, only expected parameters are passed, and try again.",
    ),
  parameter: (reason: string) => studioError("BadArgument", "UserParameterInvalid", reason),
} as const;

export const cannotStart = (state: string) =>
  studioError("InvalidOperation", "CannotStartJob", `The job cannot be started because it is in ${state} state.`);

/** 401: no key, or one that is not the endpoint's. */
export const invalidKey = () =>
  studioError("Unauthorized", "ScoreRequestUnauthorized", "Invalid credentials provided.");

/** 401 of the management host. */
export const managementUnauthorized = () =>
  studioError("Unauthorized", "ManagementRequestUnauthorized", "Unauthorized");

/** 404; the service's public list has no code for an unknown job or endpoint. */
export const notFound = {
  workspace: () =>
    studioError(
      "NotFound",
      "WorkspaceNotFound",
      "Workspace not found. Verify the workspace Id is correct and try again.",
    ),
  service: () =>
    studioError(
      "NotFound",
      "WebServiceIdNotFoundInWorkspace",
      "Web service under this workspace not found. There is a mismatch between the webServiceId and the workspaceId. Verify the web service provided is part of the workspace and try again.",
    ),
  endpoint: (name: string) => studioError("NotFound", "EndpointNotFound", `The endpoint '${name}' was not found.`),
  job: (id: string) => studioError("NotFound", "JobNotFound", `The job '${id}' was not found.`),
} as const;

/** What the HTTP layer refuses. */
export const httpRefusal: Refusal = (status, message) => {
  if (status === 400) return badArgument.body();
  if (status >= 500) return studioError("InternalError", "UnknownError", message);
  return new AzureError(status, codeOf(status), message, { extra: { details: [] } });
};
