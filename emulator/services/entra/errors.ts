import type { JsonObject } from "../../../contract/json.js";
import { AzureError, type Refusal } from "../../platform/errors.js";
import type { Platform } from "../../platform/platform.js";

/** A refusal of the sign-in service; `number` is the AADSTS code, absent where only this emulator refuses. */
export class SignInError extends Error {
  override readonly name = "SignInError";
  readonly status: 400 | 401;
  readonly error: string;
  readonly number: number | undefined;

  constructor(status: 400 | 401, error: string, number: number | undefined, sentence: string) {
    super(number === undefined ? sentence : `AADSTS${number}: ${sentence}`);
    this.status = status;
    this.error = error;
    this.number = number;
  }
}

/** What the service adds to each refusal, so that it can be found in the sign-in logs. */
export interface Trace {
  readonly traceId: string;
  readonly correlationId: string;
  readonly moment: Date;
}

/** The JSON of a refusal (OAuth 2.0 error response with Entra ID's additions). */
export function bodyOf(
  { error, number, message }: Pick<SignInError, "error" | "number" | "message">,
  { traceId, correlationId, moment }: Trace,
): JsonObject {
  const timestamp = moment
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, "Z");
  return {
    error,
    error_description: `${message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: number === undefined ? [] : [number],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    ...(number !== undefined && { error_uri: `https://login.microsoftonline.com/error?code=${number}` }),
  };
}

/** What the HTTP layer refuses, as an OAuth 2.0 error. */
export function httpRefusal({ ids, clock }: Pick<Platform, "ids" | "clock">): Refusal {
  return (status, message) => {
    const error = status < 500 ? "invalid_request" : "server_error";
    const trace = { traceId: ids.uuid(), correlationId: ids.uuid(), moment: clock.now() };
    return new SignInFault(status, error, bodyOf({ error, number: undefined, message }, trace));
  };
}

class SignInFault extends AzureError {
  override readonly body: JsonObject;

  constructor(status: number, error: string, body: JsonObject) {
    super(status, error, String(body["error_description"]));
    this.body = body;
  }
}

const notInstalled =
  "This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.";

/** The refusals, each in Entra ID's own words. */
export const refusals = {
  missingParameter: (name: string) =>
    new SignInError(
      400,
      "invalid_request",
      900144,
      `The request body must contain the following parameter: '${name}'.`,
    ),
  malformedTenant: (tenant: string) =>
    new SignInError(
      400,
      "invalid_request",
      900023,
      `Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`,
    ),
  unknownTenant: (tenant: string) =>
    new SignInError(
      400,
      "invalid_request",
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
    ),
  noTenant: () =>
    new SignInError(
      400,
      "invalid_request",
      50059,
      "No tenant-identifying information found in either the request or implied by any provided credentials.",
    ),
  unsupportedGrant: (grant: string) =>
    new SignInError(400, "unsupported_grant_type", 70003, `The app requested an unsupported grant type '${grant}'.`),
  unknownApplication: (clientId: string, tenant: string) =>
    new SignInError(
      400,
      "unauthorized_client",
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${tenant}'. ${notInstalled} You may have sent your authentication request to the wrong tenant.`,
    ),
  noCredential: () =>
    new SignInError(
      401,
      "invalid_client",
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ),
  clientAssertion: () =>
    new SignInError(
      400,
      "invalid_request",
      undefined,
      "The emulator does not support client assertions (certificates and federated credentials). Sign in with a client secret.",
    ),
  wrongSecret: (clientId: string) =>
    new SignInError(
      401,
      "invalid_client",
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    ),
  unknownResource: (resource: string, tenant: string) =>
    new SignInError(
      400,
      "invalid_resource",
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${tenant}. ${notInstalled} You might have sent your authentication request to the wrong tenant.`,
    ),
  scopeWithoutDefault: (scope: string) =>
    new SignInError(
      400,
      "invalid_scope",
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    ),
  severalResources: (scope: string) =>
    new SignInError(
      400,
      "invalid_scope",
      28000,
      `Provided value for the input parameter scope is not valid because it contains more than one resource. Scope ${scope} is not valid.`,
    ),
  unknownInstance: () => new SignInError(400, "invalid_instance", 50049, "Unknown or invalid instance."),
} as const;
