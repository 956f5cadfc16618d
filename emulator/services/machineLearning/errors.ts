import type { JsonObject } from "../../../contract/json.js";
import { AzureError, codeOf, type Refusal } from "../../platform/errors.js";
import type { TokenRefusal } from "../../platform/tokens.js";

/** A refusal in Azure Machine Learning's own envelope: `error` with inner errors, and members beside it. */
export class MachineLearningError extends AzureError {
  override readonly body: JsonObject;

  /** `reason` is the inner error's code, `NotFoundError` for instance; the outer one says whose fault it is. */
  constructor(status: number, reason: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(status, status < 500 ? "UserError" : "ServiceError", message, { headers });
    const error = {
      code: this.code,
      severity: null,
      message,
      messageFormat: null,
      messageParameters: null,
      referenceCode: null,
      detailsUri: null,
      target: null,
      details: [],
      innerError: { code: reason, innerError: null },
      debugInfo: null,
      additionalInfo: null,
    };
    this.body = {
      error,
      correlation: null,
      environment: null,
      location: null,
      time: null,
      componentName: "managementfrontend",
    };
  }
}

/** What the HTTP layer refuses. */
export const httpRefusal: Refusal = (status, message) =>
  new MachineLearningError(status, status === 400 ? "BadArgument" : codeOf(status), message);

export const badArgument = (message: string) => new MachineLearningError(400, "BadArgument", message);

/** The resource provider's 400, whose details name the reason (`ClusterMinNodesExceedCoreQuota`). */
export const badRequest = (reason: string, message: string) =>
  new AzureError(400, "BadRequest", message, { extra: { details: [{ code: reason, message }] } });

export const notFound = (what: string) =>
  new MachineLearningError(404, "NotFoundError", `The specified resource was not found. ${what}`);

/** A path, or the content that stands for it, cannot change once the version exists. */
export const immutableAsset = () =>
  new MachineLearningError(400, "Immutable", "Asset paths cannot be updated. Create a new version instead.");

/** The scoring hosts' answers to a token, whose gateway is Envoy: only a wrong audience is a 403. `realm` is the URL asked for. */
export function tokenRefused(refusal: TokenRefusal, realm: string): MachineLearningError {
  const challenge = `Bearer realm="${realm}"${refusal === "missing" ? "" : ', error="invalid_token"'}`;
  const headers = { "www-authenticate": challenge };
  if (refusal === "audience") return new MachineLearningError(403, "Auth", "Audiences in JWT are not allowed", headers);
  return new MachineLearningError(401, "Auth", sentences[refusal], headers);
}

const sentences: Readonly<Record<Exclude<TokenRefusal, "audience">, string>> = {
  missing: "Jwt is missing",
  malformed: "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections",
  signature: "Jwt verification fails",
  expired: "Jwt is expired",
  notYetValid: "Jwt not yet valid",
  issuer: "Jwt issuer is not configured",
  principal: "The principal of the token is not known in the directory.",
};

export function forbidden(principal: { appId: string; objectId: string }, action: string, scope: string) {
  return new MachineLearningError(
    403,
    "Authorization",
    `The client '${principal.appId}' with object id '${principal.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}
