import { HttpFailure, type HttpResponse } from "../../ports.js";
import { ActivityFailure } from "../activityFailure.js";
import type { ActivityContext } from "../activityType.js";
import { failureWithoutResponse } from "./output.js";
import type { WebRequest } from "./request.js";

/** The service's limit on one answer. */
const maxResponseBytes = 4 * 1024 * 1024;

/** Sends one request; an answer that never came is the failure of the activity. */
export async function send(
  context: ActivityContext,
  request: Pick<WebRequest, "method" | "url" | "headers" | "body" | "timeoutMs">,
  authorization: string | undefined,
): Promise<HttpResponse> {
  const { method, url, body, timeoutMs } = request;
  try {
    return await context.ports.http.send({
      method,
      url,
      headers: authorization === undefined ? request.headers : withAuthorization(request.headers, authorization),
      body,
      timeoutMs,
      maxResponseBytes,
      signal: context.signal,
    });
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    context.signal.throwIfAborted();
    if (error.reason === "tooLarge") {
      throw new ActivityFailure("2001", "The length of execution output is over limit (around 4MB currently).");
    }
    throw failureWithoutResponse(context, url, error);
  }
}

/** The activity's authentication replaces a header of the same name. */
function withAuthorization(headers: Readonly<Record<string, string>>, authorization: string): Record<string, string> {
  const others = Object.entries(headers).filter(([name]) => name.toLowerCase() !== "authorization");
  return { ...Object.fromEntries(others), Authorization: authorization };
}
