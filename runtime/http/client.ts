import { setFlagsFromString } from "node:v8";
import { type Dispatcher, EnvHttpProxyAgent } from "undici";
import type { Clock } from "../../contract/clock.js";
import type { Json } from "../../contract/json.js";
import { BrokenAnswerError, DeadlineError, HttpError, UnreachableError, unreachable } from "./errors.js";
import { proxyInUse, proxyVariables } from "./proxy.js";
import { maxAttempts, mayRepeatStatus, pauseMs, type Repeat, retryAfterMs } from "./retry.js";
import { parseServiceError } from "./serviceError.js";

/** One request. `body` is sent as JSON; `deadlineMs` bounds one try (default 60 s). */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly repeat: Repeat;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** The bytes as UTF-8. */
  readonly text: string;
}

/** Sends requests; rejects with the signal's reason when aborted, else with `HttpError` (status 400 and more) or `UnreachableError` (no answer). */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export interface HttpClientOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** From 0 to less than 1: spreads the pauses between tries. */
  readonly random: () => number;
}

const defaultDeadlineMs = 60_000;

/** An HTTP client that honours the proxy variables of `environment` as they are now, and keeps connections alive. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  // else a short command waits at its end until undici's WebAssembly parser is optimized: 50 to 100 ms
  setFlagsFromString("--liftoff-only");
  const agent = new EnvHttpProxyAgent({ ...proxyVariables(options.environment), keepAliveTimeout: 30_000 });
  return {
    send: (request) => sendWithRetries(request, agent, options),
    close: () => agent.destroy(),
  };
}

async function sendWithRetries(
  request: HttpRequest,
  agent: Dispatcher,
  { clock, random, environment }: HttpClientOptions,
): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await sendOnce(request, agent, clock, environment);
    if (!(outcome instanceof UnreachableError) && outcome.status < 400) return outcome;
    const error =
      outcome instanceof UnreachableError
        ? outcome
        : new HttpError(request, outcome.status, parseServiceError(outcome.text), {
            answer: outcome.text,
            retryAfterMs: retryAfterMs(outcome.headers["retry-after"], clock),
          });
    const pause =
      attempt < maxAttempts && mayRepeat(outcome, request.repeat)
        ? pauseMs(
            attempt,
            outcome instanceof UnreachableError ? undefined : outcome.headers["retry-after"],
            clock,
            random,
          )
        : undefined;
    if (pause === undefined) throw error;
    await clock.sleep(pause, request.signal);
  }
}

/** A refused connection, an unknown name or an untrusted certificate does not get better within a few seconds. */
function mayRepeat(outcome: HttpAnswer | UnreachableError, repeat: Repeat): boolean {
  if (outcome instanceof UnreachableError) return outcome.taken && repeat === "always";
  return mayRepeatStatus(outcome.status, repeat);
}

async function sendOnce(
  request: HttpRequest,
  agent: Dispatcher,
  clock: Clock,
  environment: HttpClientOptions["environment"],
): Promise<HttpAnswer | UnreachableError> {
  const watch = new AbortController();
  const { promise: late, stop } = deadline(request.deadlineMs ?? defaultDeadlineMs, clock, watch);
  const give = () => watch.abort(request.signal?.reason);
  request.signal?.addEventListener("abort", give, { once: true });
  if (request.signal?.aborted) give();
  try {
    return await Promise.race([exchange(request, agent, watch.signal), late]);
  } catch (thrown) {
    if (request.signal?.aborted) throw request.signal.reason;
    return unreachable(request.url, thrown, proxyInUse(request.url, environment));
  } finally {
    request.signal?.removeEventListener("abort", give);
    stop();
  }
}

async function exchange(request: HttpRequest, agent: Dispatcher, signal: AbortSignal): Promise<HttpAnswer> {
  const { origin, pathname, search } = new URL(request.url);
  const answer = await agent.request({
    origin,
    path: pathname + search,
    method: request.method,
    headers: {
      accept: "application/json",
      ...(request.body === undefined ? {} : { "content-type": "application/json" }),
      ...request.headers,
    },
    body: request.body === undefined ? null : JSON.stringify(request.body),
    signal,
  });
  const bytes = await answer.body.bytes().catch((thrown: unknown) => {
    throw new BrokenAnswerError(answer.statusCode, thrown);
  });
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, [value].flat().join(", ")]);
  const text = new TextDecoder().decode(bytes);
  return { status: answer.statusCode, headers: Object.fromEntries(headers), bytes, text };
}

/** Rejects after `milliseconds`, having cut the exchange off; `stop` ends the waiting. */
function deadline(milliseconds: number, clock: Clock, exchange: AbortController) {
  const timer = new AbortController();
  const promise = clock.sleep(milliseconds, timer.signal).then(
    () => {
      const error = new DeadlineError(milliseconds);
      exchange.abort(error);
      throw error;
    },
    () => new Promise<never>(() => {}),
  );
  promise.catch(() => {});
  return { promise, stop: () => timer.abort() };
}
