import { redact } from "../../../../contract/redaction.js";
import { parseJson } from "../../expressions/json.js";
import { isValueObject, type Value, type ValueObject } from "../../expressions/values.js";
import { statusCodeMember } from "../../inferred.js";
import type { HttpFailure, HttpResponse } from "../../ports.js";
import { ActivityFailure } from "../activityFailure.js";
import type { ActivityContext } from "../activityType.js";
import { objectAt } from "../dynamic.js";
import type { WebRequest } from "./request.js";

/** The answer's JSON object at the top level (anything else as text under `Response`), then what the service adds. */
export function outputOf(context: ActivityContext, response: HttpResponse): ValueObject {
  const body = parseJson(response.body);
  const fields: ValueObject =
    body.ok && isValueObject(body.value) ? body.value : new Map([["Response", response.body]]);
  return new Map<string, Value>([
    ...fields,
    ["ADFWebActivityResponseHeaders", new Map(Object.entries(response.headers))],
    ...runtimeFields(context),
    [statusCodeMember, String(response.status)],
  ]);
}

/**
 * A request that was answered with an error: the message is the service's own sentence, where it has one. Records show
 * it whatever secureInput and secureOutput say; so where there is something to hide, what was sent is masked in it, and
 * what looks like a token or a secret.
 */
export function failureOfResponse(
  context: ActivityContext,
  request: WebRequest,
  authorization: string | undefined,
  response: HttpResponse,
): ActivityFailure {
  const hides = context.secureInput || context.secureOutput || authorization !== undefined;
  const body = hides ? redact(response.body, sentBy(request, authorization)) : response.body;
  const message = body.trim() === "" ? noSentence(context, request.url, String(response.status)) : body;
  return new ActivityFailure("2108", message, { output: outputOf(context, response) });
}

/** What a server that echoes its request would give back; headers that name a format or a version are no secret. */
function sentBy({ headers, body }: WebRequest, authorization: string | undefined): string[] {
  const kept = Object.entries(headers).filter(([name]) => !/^(accept|content-type|x-ms-version)$/i.test(name));
  const values = [...kept.map(([, value]) => value), authorization ?? ""];
  const credentials = values.map((value) => value.replace(/^(Basic|Bearer)\s+/i, ""));
  return [body ?? "", ...values, ...credentials].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]);
}

/** A request without an answer: name not resolved, refused, reset, certificate not trusted, or too slow. */
export function failureWithoutResponse(context: ActivityContext, url: string, failure: HttpFailure): ActivityFailure {
  const message =
    "No response from the endpoint. Possible causes: network connectivity, DNS failure, server certificate validation or timeout. " +
    `${noSentence(context, url, "NA - Unknown")}. More details: ${redact(failure.message)}`;
  return new ActivityFailure("2128", message, { output: new Map(runtimeFields(context)), cause: failure });
}

function noSentence(context: ActivityContext, url: string, code: string): string {
  const { origin, pathname } = new URL(url);
  const named = context.secureInput ? `${origin}${pathname}` : redact(url);
  return `Error calling the endpoint '${named}'. Response status code: '${code}'`;
}

/** Billed by the started minute, in hours. */
function runtimeFields(context: ActivityContext): readonly (readonly [string, Value])[] {
  const { clock, workspace } = context.ports;
  const seconds = Math.floor((clock.now().getTime() - context.startedAt.getTime()) / 1000);
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  const billable = new Map<string, Value>([
    ["meterType", "AzureIR"],
    ["duration", minutes / 60],
    ["unit", "Hours"],
  ]);
  return [
    ["effectiveIntegrationRuntime", `${runtimeName(context)} (${workspace.location})`],
    ["executionDuration", BigInt(seconds)],
    ["durationInQueue", new Map([["integrationRuntimeQueue", 0n]])],
    [
      "billingReference",
      new Map<string, Value>([
        ["activityType", "ExternalActivity"],
        ["billableDuration", [billable]],
      ]),
    ],
  ];
}

/** Requests leave from here whatever `connectVia` says: an integration runtime is a place, and there is one only. */
function runtimeName({ properties }: ActivityContext): string {
  const name = objectAt(properties, "connectVia")?.["referenceName"];
  return typeof name === "string" ? name : "AutoResolveIntegrationRuntime";
}
