import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../contract/clock.js";
import { enveloped } from "../platform/errors.js";
import type { Faults, MetFault } from "../platform/faults/faults.js";
import type { Service } from "../platform/service.js";
import type { Tokens } from "../platform/tokens.js";
import type { Deliver } from "./gateway.js";
import { type HeldAnswer, holdAnswer } from "./heldAnswer.js";
import { resetConnection } from "./resetConnection.js";

/** One request on its way to its service. */
interface Exchange {
  readonly service: Service;
  readonly host: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Parts {
  readonly faults: Faults;
  readonly tokens: Pick<Tokens, "expired">;
  /** The client's: a watch. */
  readonly clock: Clock;
}

const sentences = {
  429: "The request was throttled: a fault that was asked for.",
  500: "The service failed on the request: a fault that was asked for.",
  503: "The service is not available: a fault that was asked for.",
} as const;

/** Hands each request to its service, unless it meets a fault that was asked for. */
export function injectFaults(parts: Parts): Deliver {
  return (service, host, request, response) => {
    const fault = parts.faults.meet({
      host,
      method: String(request.method),
      path: String(request.url?.split("?")[0]),
      hasToken: /^Bearer /i.test(request.headers.authorization ?? ""),
    });
    if (!fault) return service.handle(request, response);
    // a client that has gone needs no answer
    strike(fault, { service, host, request, response }, parts).catch(() => request.socket.destroy());
  };
}

async function strike(fault: MetFault, exchange: Exchange, { clock, tokens }: Parts): Promise<void> {
  const { rule } = fault;
  const { service, request, response } = exchange;
  const isLate = rule.kind === "half-body" || ("after" in rule && rule.after === true);
  const held = isLate ? await carryOut(fault, exchange) : undefined;
  switch (rule.kind) {
    case "throttle":
      return refuse(429, exchange, rule.retryAfterSeconds ?? 1);
    case "unavailable":
      return refuse(503, exchange, rule.retryAfterSeconds);
    case "error":
      return refuse(500, exchange);
    case "reset":
      return resetConnection(request.socket);
    case "half-body":
      return held && sendHalf(held, response);
    case "latency":
      await sleepWhileWaitedFor(rule.delayMs, response, clock);
      if (held) return send(held, response);
      fault.tookEffect();
      return service.handle(request, response);
    case "expired-token":
      request.headers.authorization = await tokens.expired(String(request.headers.authorization));
      return service.handle(request, response);
  }
}

/** Lets the service do its work and keeps its answer back. */
async function carryOut(fault: MetFault, { service, request, response }: Exchange): Promise<HeldAnswer> {
  const answer = holdAnswer(response);
  service.handle(request, response);
  const held = await answer;
  fault.tookEffect();
  return held;
}

/** Refuses in the words of the service, whatever headers it has set already. */
function refuse(status: keyof typeof sentences, { service, host, response }: Exchange, retryAfterSeconds?: number) {
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  const { contentType, body } = service.malformed?.(status, sentences[status], host) ?? {
    contentType: "application/json; charset=utf-8",
    body: JSON.stringify(enveloped(status, sentences[status]).body),
  };
  response.writeHead(status, {
    "content-type": contentType,
    "content-length": Buffer.byteLength(body),
    ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
  });
  response.end(body);
}

function send({ body, writeHead }: HeldAnswer, response: ServerResponse): void {
  writeHead();
  response.end(body);
}

/** Half of the body, then the end of the connection; where there is no body, the end alone. */
function sendHalf({ body, writeHead }: HeldAnswer, response: ServerResponse): void {
  writeHead();
  const { socket } = response;
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => socket?.destroy());
  if (body.length < 2) socket?.destroy();
}

/** Rejects when the client goes away meanwhile. */
async function sleepWhileWaitedFor(milliseconds: number, response: ServerResponse, clock: Clock): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.once("close", leave);
  await clock.sleep(milliseconds, gone.signal);
  response.off("close", leave);
}
