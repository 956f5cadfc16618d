import type { Json } from "../../../../contract/json.js";
import { parseDuration } from "../../duration.js";
import { parseJson } from "../../expressions/json.js";
import { jsonText, valueText } from "../../expressions/text.js";
import { isValueArray, isValueObject, memberOf, toJson, type Value } from "../../expressions/values.js";
import { bodyTypes, methodsWithoutBody, payloadTooLargeCode } from "../../inferred.js";
import { ActivityFailure, invalidProperty } from "../activityFailure.js";
import type { ActivityContext } from "../activityType.js";
import { withPassedArtifacts } from "./passedArtifacts.js";

export const methods: readonly string[] = ["GET", "POST", "PUT", "DELETE", "PATCH"];

/** As `includes/azure-data-factory-limits` of Microsoft's documentation has it. */
const maxPayloadBytes = 896 * 1024;
const payloadTooLarge =
  "The payload including configurations on activity/dataset/linked service is too large. Please check if you have settings with very large value and try to reduce its size.";
const defaultResponseTimeoutMs = 60_000;
export const maxResponseTimeoutMs = 600_000;

/** A Web activity's request after evaluation, without its authorization. */
export interface WebRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What is sent; undefined for none. */
  readonly body: string | undefined;
  /** How long to wait for an answer. */
  readonly timeoutMs: number;
  /** Whether a 202 is not followed. */
  readonly turnOffAsync: boolean;
}

/** Evaluates the definition; throws what fails the activity. */
export function readRequest(context: ActivityContext): WebRequest {
  const { properties } = context;
  const given = context.evaluate(properties["url"]);
  const url = typeof given === "string" ? given.trim() : "";
  if (!URL.canParse(url) || !/^https?:/i.test(url)) {
    throw invalidProperty("The url must be an absolute http or https URL.");
  }
  const method = valueText(context.evaluate(properties["method"])).toUpperCase();
  if (!methods.includes(method)) throw invalidProperty(`The method must be one of ${methods.join(", ")}.`);
  const body = methodsWithoutBody.includes(method)
    ? undefined
    : bodyText(withPassedArtifacts(context, context.evaluate(properties["body"])));
  const headers = headersOf(context.evaluate(properties["headers"]), body);
  checkPayload({ url, headers, body });
  return {
    method,
    url,
    headers,
    body,
    timeoutMs: responseTimeout(context.evaluate(properties["httpRequestTimeout"])),
    turnOffAsync: context.evaluate(properties["turnOffAsync"]) === true,
  };
}

/** The service's limit on the settings and inputs of one activity run. */
function checkPayload(settings: Pick<WebRequest, "url" | "headers" | "body">): void {
  const texts = [settings.url, ...Object.entries(settings.headers).flat(), settings.body ?? ""];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > maxPayloadBytes) throw new ActivityFailure(payloadTooLargeCode, payloadTooLarge);
}

/** Text is sent as it is, an object or array as its JSON. */
function bodyText(body: Value): string | undefined {
  if (body === null) return undefined;
  return typeof body === "string" ? body : isValueObject(body) || isValueArray(body) ? jsonText(body) : valueText(body);
}

/** The given headers, an object or its JSON text; where none names the content's type, the service names JSON for what is JSON. */
function headersOf(given: Value, body: string | undefined): Record<string, string> {
  const parsed = typeof given === "string" && given.trim() !== "" ? parseJson(given) : undefined;
  const members = parsed?.ok ? parsed.value : given === "" ? null : given;
  if (members !== null && !isValueObject(members)) throw invalidProperty("The headers must be an object.");
  const headers: Record<string, string> = {};
  for (const [name, value] of members ?? []) if (value !== null) headers[name] = valueText(value);
  const named = Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
  if (!named && body !== undefined) headers["Content-Type"] = isJson(body) ? bodyTypes.json : bodyTypes.text;
  return headers;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function responseTimeout(given: Value): number {
  if (given === null) return defaultResponseTimeoutMs;
  const timeout = typeof given === "string" ? parseDuration(given) : undefined;
  if (timeout === undefined || timeout <= 0 || timeout > maxResponseTimeoutMs) throw invalidProperty(timeoutMistake);
  return timeout;
}

export const timeoutMistake = "httpRequestTimeout must be a time span (hh:mm:ss) of at most 10 minutes.";

/** What the activity-run record shows as input. */
export function shown(request: WebRequest): Json {
  return {
    url: request.url,
    method: request.method,
    headers: request.headers,
    ...(request.body !== undefined && { body: request.body }),
  };
}

export function toValue(request: WebRequest): Value {
  return new Map<string, Value>([
    ["method", request.method],
    ["url", request.url],
    ["headers", new Map(Object.entries(request.headers))],
    ["body", request.body ?? null],
    ["timeoutMs", BigInt(request.timeoutMs)],
    ["turnOffAsync", request.turnOffAsync],
  ]);
}

/** Reads back what `toValue` made. */
export function fromValue(value: Value): WebRequest {
  const member = (name: string) => (isValueObject(value) ? (memberOf(value, name) ?? null) : null);
  const body = member("body");
  return {
    method: String(member("method")),
    url: String(member("url")),
    headers: toJson(member("headers")) as Record<string, string>,
    body: typeof body === "string" ? body : undefined,
    timeoutMs: Number(member("timeoutMs")),
    turnOffAsync: member("turnOffAsync") === true,
  };
}
