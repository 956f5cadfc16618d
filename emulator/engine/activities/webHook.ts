import { parseDuration } from "../duration.js";
import { parseJson } from "../expressions/json.js";
import { jsonText } from "../expressions/text.js";
import { isValueObject, memberOf, type Value, type ValueObject } from "../expressions/values.js";
import { ActivityFailure, invalidProperty } from "./activityFailure.js";
import type { ActivityContext, ActivityType } from "./activityType.js";
import { isDynamic, literalOf } from "./dynamic.js";
import { authorizationOf } from "./web/authentication.js";
import { checkWebProperties } from "./web/check.js";
import { failureOfResponse } from "./web/output.js";
import { pollingUrl, pollUntilDone } from "./web/polling.js";
import { fromValue, readRequest, shown, toValue, type WebRequest } from "./web/request.js";
import { send } from "./web/send.js";

const defaultTimeoutMs = 10 * 60 * 1000;
/** How long the service waits for the answer to its own POST. */
const answerTimeoutMs = 60_000;
const timeoutMistake = "timeout must be a time span (d.hh:mm:ss).";

/** Posts `callBackUri` with the body, then waits until somebody posts to that address: its body is the output. */
export const webHook: ActivityType = {
  name: "WebHook",
  nesting: "leaf",
  policy: "secure",
  check(properties, report) {
    const method = properties["method"];
    if (!isDynamic(method) && String(literalOf(method) ?? "").toUpperCase() !== "POST") {
      report("method", "method must be POST.");
    }
    checkWebProperties({ ...properties, method: "POST", body: properties["body"] ?? {} }, report);
    const timeout = literalOf(properties["timeout"]) ?? null;
    if (timeout !== null && !isDynamic(timeout) && timeoutIn(String(timeout)) === undefined) {
      report("timeout", timeoutMistake);
    }
  },
  timeout(context) {
    const given = context.evaluate(context.properties["timeout"] ?? null);
    const timeout = given === null ? defaultTimeoutMs : timeoutIn(String(given));
    if (timeout === undefined) throw invalidProperty(timeoutMistake);
    return timeout;
  },
  async run(context) {
    const { callbacks } = context.ports;
    const callBackUri = await callbacks.uri(context.activityRunId);
    const posted = context.recall("posted");
    const request = posted === undefined ? withCallback(readRequest(context), callBackUri) : fromValue(posted);
    context.showInput(shown(request));
    // sent once: after a kill the called service may have had it, and may answer at any time
    if (posted === undefined) {
      context.remember("posted", toValue(request));
      await post(context, request);
    }
    const body = await callbacks.received(context.activityRunId, context.signal);
    return outcome(context, body);
  },
};

async function post(context: ActivityContext, request: WebRequest): Promise<void> {
  const authorization = await authorizationOf(context);
  const first = await send(context, { ...request, timeoutMs: answerTimeoutMs }, authorization);
  const location = pollingUrl(first, request.url);
  const response = location === undefined ? first : await pollUntilDone(context, request, location, first);
  if (response.status < 200 || response.status > 299) {
    throw failureOfResponse(context, request, authorization, response);
  }
}

/** The body is a JSON object, to which the service adds where it is to be called back. */
function withCallback(request: WebRequest, callBackUri: string): WebRequest {
  const body = parseJson(request.body?.trim() ? request.body : "{}");
  if (!body.ok || !isValueObject(body.value)) throw invalidProperty("The body of a WebHook must be a JSON object.");
  const headers = Object.entries(request.headers).filter(([name]) => name.toLowerCase() !== "content-type");
  return {
    ...request,
    headers: { ...Object.fromEntries(headers), "Content-Type": "application/json" },
    body: jsonText(new Map<string, Value>([...body.value, ["callBackUri", callBackUri]])),
  };
}

/** With `reportStatusOnCallBack` the callback says whether the activity failed, else its body is the output as it is. */
function outcome(context: ActivityContext, text: string): ValueObject {
  const result = text.trim() === "" ? { ok: true as const, value: new Map<string, Value>() } : parseJson(text);
  if (!result.ok || !isValueObject(result.value)) {
    throw new ActivityFailure("2103", "The body of the callback is not a JSON object.");
  }
  const body = result.value;
  if (context.evaluate(context.properties["reportStatusOnCallBack"] ?? false) !== true) return body;
  const member = (name: string) => memberOf(body, name) ?? null;
  const [output, error, status] = [member("Output"), member("Error"), Number(member("StatusCode") ?? 200)];
  const fields = isValueObject(output) ? output : new Map<string, Value>();
  if (error === null && status < 400) return fields;
  const of = (name: string) => (isValueObject(error) ? memberOf(error, name) : undefined);
  const message = of("Message") ?? `The callback reported the status ${status}.`;
  throw new ActivityFailure(String(of("ErrorCode") ?? status), String(message), { output: fields });
}

function timeoutIn(text: string): number | undefined {
  const timeout = parseDuration(text);
  return timeout !== undefined && timeout > 0 ? timeout : undefined;
}
