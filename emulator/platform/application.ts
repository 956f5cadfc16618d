import type { IncomingMessage, ServerResponse } from "node:http";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { AzureError, enveloped, type Refusal } from "./errors.js";
import type { Platform } from "./platform.js";
import { type RequestPlace, reportFault, reportRefusal } from "./requestLog.js";
import type { MalformedAnswer } from "./service.js";

/** Azure's limit on a request body to Resource Manager; larger bodies go to storage, which is not served by this. */
const maxBodyBytes = 4 * 1024 * 1024;
/** How deep JSON may be nested, as Azure's own reader (Newtonsoft.Json) has it; deeper content would exhaust the stack. */
const maxDepth = 128;

/**
 * The HTTP shape that all emulated services share: paths ignore case, JSON and form bodies are parsed, `AzureError`s
 * become Azure's answer, every answer has `x-ms-request-id` and returns the caller's `x-ms-client-request-id`. What is
 * refused before a service sees it, and what fails by a bug, is answered as `refusal` words it, and is logged.
 */
export function createApplication(
  { ids, log }: Pick<Platform, "ids" | "log">,
  refusal: Refusal = enveloped,
): FastifyInstance {
  const stamp = (request: FastifyRequest, reply: FastifyReply) => {
    reply.header("x-ms-request-id", ids.uuid());
    const clientId = request.headers["x-ms-client-request-id"];
    if (typeof clientId === "string") reply.header("x-ms-client-request-id", clientId);
  };
  const send = (reply: FastifyReply, { status, headers, body }: AzureError) =>
    reply.code(status).headers(headers).send(body);
  const fail = (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const error = refusalFor(thrown, refusal);
    if (!error) reportFault(log, placeOf(request), thrown);
    return send(reply, error ?? refusal(500, "The emulator failed on this request; its log says why."));
  };
  const application = Fastify({
    logger: false,
    bodyLimit: maxBodyBytes,
    forceCloseConnections: true,
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: 500 },
    frameworkErrors(error, request, reply) {
      stamp(request, reply);
      fail(error, request, reply);
      reportRefusal(log, placeOf(request), reply.statusCode);
    },
  });
  application.removeContentTypeParser("application/json");
  application.addContentTypeParser(
    ["application/json", "application/json-patch+json"],
    { parseAs: "string" },
    (_request, body, done) => parseJson(String(body), refusal, done),
  );
  application.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
    done(null, String(body)),
  );
  application.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, String(body)));
  application.addHook("onRequest", async (request, reply) => stamp(request, reply));
  application.addHook("onResponse", async (request, reply) => reportRefusal(log, placeOf(request), reply.statusCode));
  application.setErrorHandler(fail);
  application.setNotFoundHandler((request, reply) =>
    send(reply, refusal(404, `The emulator does not support ${request.method} ${pathOf(request)} on ${request.host}.`)),
  );
  return application;
}

/** The application as a plain request listener, once it is ready. */
export function listenerOf(application: FastifyInstance): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => application.routing(request, response);
}

/** A service's `malformed`: its refusals as JSON. */
export function malformedBy(refusal: Refusal): (status: number, message: string) => MalformedAnswer {
  return (status, message) => ({
    contentType: "application/json; charset=utf-8",
    body: JSON.stringify(refusal(status, message).body),
  });
}

function parseJson(text: string, refusal: Refusal, done: (error: Error | null, body?: unknown) => void): void {
  if (text.trim() === "") {
    done(null, undefined);
    return;
  }
  const refuse = (reason: string) =>
    done(refusal(400, `The request content was invalid and could not be deserialized: '${reason}'.`));
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // the parser's own message repeats a piece of the body, which may be a secret
    refuse("The body is not valid JSON.");
    return;
  }
  if (isDeeper(body, maxDepth)) refuse(`The reader's MaxDepth of ${maxDepth} has been exceeded.`);
  else done(null, body);
}

/** Whether JSON has more levels than that. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** The answer to what a service or the HTTP layer refused; undefined for anything else, which is a bug. */
function refusalFor(thrown: unknown, refusal: Refusal): AzureError | undefined {
  if (thrown instanceof AzureError) return thrown;
  // what reading {"toString": …} as a text or a number throws: content of the wrong type
  if (thrown instanceof TypeError && thrown.message === "Cannot convert object to primitive value") {
    return refusal(400, "A value in the content of the request is an object where none is expected.");
  }
  const isRefused = thrown instanceof Error && "statusCode" in thrown && typeof thrown.statusCode === "number";
  return isRefused && Number(thrown.statusCode) < 500 ? refusal(Number(thrown.statusCode), thrown.message) : undefined;
}

/** The route's pattern, or the path where the pattern says nothing. */
function placeOf(request: FastifyRequest): RequestPlace {
  const pattern = request.routeOptions?.url;
  const route = pattern === undefined || pattern.includes("*") ? pathOf(request) : pattern;
  return { method: request.method, host: request.headers.host, route };
}

const pathOf = (request: FastifyRequest) => String(request.url.split("?")[0]);
