import type { JsonObject } from "../../../../contract/json.js";
import { parseDuration } from "../../duration.js";
import type { Report } from "../activityType.js";
import { isDynamic, literalOf } from "../dynamic.js";
import { checkAuthentication } from "./authentication.js";
import { checkPassedArtifacts, passesArtifacts } from "./passedArtifacts.js";
import { maxResponseTimeoutMs, methods, timeoutMistake } from "./request.js";

/** What a publish refuses in a Web activity, and what this engine does not do. */
export function checkWebProperties(properties: JsonObject, report: Report): void {
  const url = properties["url"];
  if (typeof literalOf(url) !== "string" || url === "") report("url", "url is required.");
  const method = literalOf(properties["method"]);
  if (!isDynamic(properties["method"])) {
    const known = typeof method === "string" && methods.includes(method.toUpperCase());
    if (!known) report("method", `method must be one of ${methods.join(", ")}.`);
    const needsBody = typeof method === "string" && ["POST", "PUT", "PATCH"].includes(method.toUpperCase());
    if (needsBody && properties["body"] === undefined && !passesArtifacts(properties))
      report("body", `body is required for ${method}.`);
  }
  const timeout = literalOf(properties["httpRequestTimeout"]);
  if (timeout !== undefined && timeout !== null && !isDynamic(timeout)) {
    const parsed = typeof timeout === "string" ? parseDuration(timeout) : undefined;
    if (parsed === undefined || parsed <= 0 || parsed > maxResponseTimeoutMs)
      report("httpRequestTimeout", timeoutMistake);
  }
  checkAuthentication(properties, report);
  checkPassedArtifacts(properties, report);
  refuseUnsupported(properties, report);
}

function refuseUnsupported(properties: JsonObject, report: Report): void {
  if (properties["disableCertValidation"] === true) {
    report("disableCertValidation", "Turning off the validation of certificates is not supported.");
  }
}
