import { defaultPollIntervalMs, pollTimeoutMs } from "../../inferred.js";
import type { HttpResponse } from "../../ports.js";
import type { ActivityContext } from "../activityType.js";
import { authorizationOf } from "./authentication.js";
import type { WebRequest } from "./request.js";
import { send } from "./send.js";

/** Where to ask how an accepted request went; undefined when the answer is no 202 or has no Location. */
export function pollingUrl(response: HttpResponse, requestUrl: string): string | undefined {
  const location = header(response, "location");
  if (response.status !== 202 || location === undefined || !URL.canParse(location, requestUrl)) return undefined;
  return new URL(location, requestUrl).href;
}

/**
 * Asks until the answer is no 202; bound by the activity's time-out alone. Each poll signs in anew, because a token lives
 * shorter than an operation may, also where the Location is on another host: operations stand on regional hosts of their
 * service, and whoever answered has had such a token already. The request's own headers go to the host that it went to
 * and to no other. `accepted` is the first 202, absent after the process came back.
 */
export async function pollUntilDone(
  context: ActivityContext,
  request: Pick<WebRequest, "url" | "headers">,
  location: string,
  accepted?: HttpResponse,
): Promise<HttpResponse> {
  const { clock } = context.ports;
  let url = location;
  let last = accepted;
  for (;;) {
    if (last) await context.sleepUntil(new Date(clock.now().getTime() + retryAfter(last, clock.now())));
    last = await send(
      context,
      { method: "GET", url, headers: headersFor(url, request), body: undefined, timeoutMs: pollTimeoutMs },
      await authorizationOf(context),
    );
    if (last.status !== 202) return last;
    url = pollingUrl(last, url) ?? url;
  }
}

/** Without those that describe the body, which a poll does not have. */
function headersFor(url: string, request: Pick<WebRequest, "url" | "headers">): Record<string, string> {
  if (new URL(url).origin !== new URL(request.url).origin) return {};
  return Object.fromEntries(Object.entries(request.headers).filter(([name]) => !/^content-/i.test(name)));
}

/** Milliseconds of a Retry-After in seconds or as a date. */
function retryAfter(response: HttpResponse, now: Date): number {
  const text = header(response, "retry-after") ?? "";
  if (/^\d{1,7}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? defaultPollIntervalMs : Math.max(0, date - now.getTime());
}

function header(response: HttpResponse, name: string): string | undefined {
  return Object.entries(response.headers).find(([each]) => each.toLowerCase() === name)?.[1];
}
