import { STATUS_CODES } from "node:http";
import { isJsonObject } from "../../contract/json.js";
import { redact } from "../../contract/redaction.js";
import { withoutSecrets } from "../http/errors.js";
import { maskedJson, maskedText } from "../http/masked.js";
import { parseServiceError } from "../http/serviceError.js";
import { type CureContext, cureOf } from "./cures.js";
import type { ActivityRunRecord, PipelineRunRecord } from "./schemas.js";
import type { PipelineStructure } from "./structure.js";

/** Why a run failed, in one line (activity, HTTP status, URL, the service's own sentence), and what to do. */
export interface Failure {
  readonly cause: string;
  readonly cure: string;
  /** What the activity sent and was answered, as the records show it, without secrets; null where nothing is known. */
  readonly request: string | null;
  readonly answer: string | null;
}

/** What an activity's error says: HTTP status, the service's code and sentence, and the URL that was called. */
export interface ActivityFailure {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly url: string | undefined;
  readonly sentence: string;
}

/** Explains a failed run by the activity that its message names, down to the innermost one that failed. */
export function explainFailure(
  run: PipelineRunRecord,
  activities: readonly ActivityRunRecord[],
  structure: PipelineStructure,
  context: CureContext,
): Failure {
  const activity = culprit(run.message, activities);
  if (activity === undefined) {
    const cause = parseServiceError(run.message).message ?? "the service gives no reason";
    const cure = cureOf(undefined, context);
    return { cause: redact(`the run failed: ${cause}`), cure, request: null, answer: null };
  }
  const failure = readActivityFailure(activity, structure);
  // The message of a Fail activity is a sentence that the pipeline's author wrote.
  const isFail = activity.activityType === "Fail";
  return {
    cause: redact(`${activity.activityName}${isFail ? "" : " failed"}: ${describe(failure)}`),
    cure: cureOf({ ...failure, type: activity.activityType }, context),
    ...exchangeOf(activity, failure),
  };
}

function exchangeOf({ input, output, error }: ActivityRunRecord, { status, url }: ActivityFailure) {
  const isEmpty = (value: unknown) => !isJsonObject(value) || Object.keys(value).length === 0;
  const sent = isEmpty(input) ? url : maskedJson(input);
  const received = isEmpty(output) ? "" : `\n${maskedJson(output)}`;
  const message = maskedText(error.message);
  return { request: sent ?? null, answer: `${status === undefined ? "" : `${status} `}${message}${received}` };
}

function describe({ status, code, url, sentence }: ActivityFailure): string {
  const refusal = status ?? code;
  if (refusal === undefined) return url === undefined ? sentence : `${url}: ${sentence}`;
  return `${refusal} from ${url ?? "the service"}: ${sentence}`;
}

/** The activity run that a failed run's message names, down to the innermost one. */
export function culprit(message: string, activities: readonly ActivityRunRecord[]): ActivityRunRecord | undefined {
  const failed = activities.filter((activity) => activity.status === "Failed");
  const named = (name: string | undefined) => failed.findLast((activity) => activity.activityName === name);
  let found = named(/^Operation on target (.+?) failed:/s.exec(message)?.[1]) ?? failed.at(-1);
  for (let depth = 0; found !== undefined && depth < 10; depth++) {
    const inner = named(/Inner activity name: (.+?), Error:/s.exec(found.error.message)?.[1]);
    if (inner === undefined || inner === found) break;
    found = inner;
  }
  return found;
}

/**
 * Reads the error of an activity run. A Web activity's message is the response's body, or a sentence round it with the
 * status (`HttpStatusCode - '403 : Forbidden'`, `Response status code: '403'`); the status stands in the output, too. The
 * URL is the one of the input, which secureInput hides: then the one of the definition.
 */
export function readActivityFailure(activity: ActivityRunRecord, structure: PipelineStructure): ActivityFailure {
  const { message, errorCode } = activity.error;
  const wrapped = /HttpStatusCode - '([^']*)', message - '(.*)'\.?$/s.exec(message);
  const status =
    wrapped?.[1] ??
    /Response status code: '([^']*)'/.exec(message)?.[1] ??
    textOf(activity.output, "ADFHttpStatusCodeInResponse");
  const service = parseServiceError(wrapped?.[2] ?? message);
  const url =
    /Error calling the endpoint '([^']*)'/.exec(message)?.[1] ??
    textOf(activity.input, "url") ??
    structure.get(activity.activityName)?.url;
  return {
    status: status === undefined ? undefined : statusNumber(status),
    code: service.code,
    url: url === undefined ? undefined : withoutSecrets(url),
    sentence: redact(service.message ?? (errorCode === "" ? "no reason given" : `error ${errorCode}`)),
  };
}

function textOf(value: unknown, key: string): string | undefined {
  const text = isJsonObject(value) ? value[key] : undefined;
  return typeof text === "string" && text !== "" ? text : undefined;
}

/** `403 : Forbidden`, `403` and `Forbidden` (as .NET writes it, without blanks) are the same status. */
function statusNumber(text: string): number | undefined {
  const digits = /\d{3}/.exec(text)?.[0];
  if (digits !== undefined) return Number(digits);
  const name = text.replace(/\W/g, "").toLowerCase();
  const found = Object.entries(STATUS_CODES).find(([, words]) => words?.replace(/\W/g, "").toLowerCase() === name);
  return found === undefined ? undefined : Number(found[0]);
}
