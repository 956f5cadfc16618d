import type { ValueObject } from "../expressions/values.js";
import type { HttpResponse } from "../ports.js";
import { ActivityFailure } from "./activityFailure.js";
import type { ActivityContext, ActivityType } from "./activityType.js";
import { authorizationOf } from "./web/authentication.js";
import { checkWebProperties } from "./web/check.js";
import { failureOfResponse, outputOf } from "./web/output.js";
import { pollingUrl, pollUntilDone } from "./web/polling.js";
import { fromValue, readRequest, shown, toValue, type WebRequest } from "./web/request.js";
import { send } from "./web/send.js";

/** Requests that may be sent twice: the second has no effect beyond the first. */
const repeatable: readonly string[] = ["GET", "PUT", "DELETE"];

/** Calls an HTTP endpoint (Synapse artifacts, WebActivity): the answer's JSON becomes the output. */
export const webActivity: ActivityType = {
  name: "WebActivity",
  nesting: "leaf",
  policy: "full",
  check: checkWebProperties,
  run: call,
};

async function call(context: ActivityContext): Promise<ValueObject> {
  const interrupted = context.recall("request");
  const request = interrupted === undefined ? readRequest(context) : fromValue(interrupted);
  context.showInput(shown(request));
  const accepted = context.recall("location");
  if (typeof accepted === "string") {
    const response = await pollUntilDone(context, request, accepted);
    return outcome(context, request, await authorizationOf(context), response);
  }
  if (interrupted !== undefined && !repeatable.includes(request.method)) throw unknownEffect(context, request);

  const authorization = await authorizationOf(context);
  // from here on it is not known whether the request took effect, until its answer is journaled
  context.remember("request", toValue(request));
  const response = await send(context, request, authorization);
  const location = request.turnOffAsync ? undefined : pollingUrl(response, request.url);
  if (location !== undefined) {
    context.remember("location", location);
    return outcome(context, request, authorization, await pollUntilDone(context, request, location, response));
  }
  return outcome(context, request, authorization, response);
}

function outcome(
  context: ActivityContext,
  request: WebRequest,
  authorization: string | undefined,
  response: HttpResponse,
): ValueObject {
  if (response.status < 200 || response.status > 299) {
    throw failureOfResponse(context, request, authorization, response);
  }
  return outputOf(context, response);
}

function unknownEffect(context: ActivityContext, request: WebRequest): ActivityFailure {
  return new ActivityFailure(
    "EffectUnknown",
    `The process that ran '${context.definition.name}' ended while its ${request.method} was under way: whether it took effect is not known. ` +
      "It is not sent again, because that could repeat the effect: look at the service, or give the activity a retry policy.",
    { failureType: "SystemError" },
  );
}
