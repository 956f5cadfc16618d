import type { JsonObject } from "../../../contract/json.js";
import { AzureError } from "../../platform/errors.js";
import type { TokenRefusal } from "../../platform/tokens.js";

/** A refusal in Azure Machine Learning's own envelope: `error` with inner errors, and members beside it. */
export class MachineLearningError extends AzureError {
  override readonly body: JsonObject;

  /** `reason` is the inner error's code, `NotFoundError` for instance; the outer one is `UserError`. */
  constructor(status: number, reason: string, message: string) {
    super(status, "UserError", message);
    const error = {
      code: "UserError",
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

export const badArgument = (message: string) => new MachineLearningError(400, "BadArgument", message);

export const notFound = (what: string) =>
  new MachineLearningError(404, "NotFoundError", `The specified resource was not found. ${what}`);

/** A path, or the content that stands for it, cannot change once the version exists. */
export const immutableAsset = () =>
  new MachineLearningError(400, "Immutable", "Asset paths cannot be updated. Create a new version instead.");

/** The scoring hosts' answers to a token: only a wrong audience is a 403. */
export function tokenRefused(refusal: TokenRefusal): MachineLearningError {
  if (refusal === "audience") return new MachineLearningError(403, "Auth", "Audiences in JWT are not allowed");
  return new MachineLearningError(401, "Auth", sentences[refusal]);
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
