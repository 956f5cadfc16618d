import type { HttpResponse } from "../../ports.js";
import type { ActivityContext } from "../activityType.js";
import { authorizationOf } from "./authentication.js";
import { send } from "./send.js";

/** How long to wait between polls where the answer names no time. */
const defaultIntervalMs = 5_000;
/** How long one poll waits for its answer. */
const pollTimeoutMs = 60_000;

/** Where to ask how an accepted request went; undefined when the answer is no 202 or has no Location. */
export function pollingUrl(response: HttpResponse, requestUrl: string): string | undefined {
  const location = header(response, "location");
  if (response.status !== 202 || location === undefined || !URL.canParse(location, requestUrl)) return undefined;
  return new URL(location, requestUrl).href;
}

/**
 * Asks until the answer is no 202; bound by the activity's time-out alone. Each poll signs in anew, because a token lives
 * shorter than an operation may. `accepted` is the first 202, absent after the process came back.
 */
export async function pollUntilDone(
  context: ActivityContext,
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
      { method: "GET", url, headers: {}, body: undefined, timeoutMs: pollTimeoutMs },
      await authorizationOf(context),
    );
    if (last.status !== 202) return last;
    url = pollingUrl(last, url) ?? url;
  }
}

/** Milliseconds of a Retry-After in seconds or as a date. */
function retryAfter(response: HttpResponse, now: Date): number {
  const text = header(response, "retry-after") ?? "";
  if (/^\d{1,7}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? defaultIntervalMs : Math.max(0, date - now.getTime());
}

function header(response: HttpResponse, name: string): string | undefined {
  return Object.entries(response.headers).find(([each]) => each.toLowerCase() === name)?.[1];
}
