import type { IncomingMessage, ServerResponse } from "node:http";
import Fastify, { type FastifyInstance } from "fastify";
import type { Ids } from "../../contract/ids.js";
import { AzureError } from "./errors.js";

/** Azure's limit on a request body to Resource Manager; larger bodies go to storage, which is not served by this. */
const maxBodyBytes = 4 * 1024 * 1024;

/**
 * The HTTP shape that all emulated services share: paths ignore case, JSON and form bodies are parsed, `AzureError`s
 * become Azure's answer, every answer has `x-ms-request-id` and returns the caller's `x-ms-client-request-id`.
 */
export function createApplication(ids: Ids): FastifyInstance {
  const application = Fastify({
    logger: false,
    bodyLimit: maxBodyBytes,
    forceCloseConnections: true,
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: 500 },
  });
  application.removeContentTypeParser("application/json");
  application.addContentTypeParser(
    ["application/json", "application/json-patch+json"],
    { parseAs: "string" },
    parseJson,
  );
  application.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
    done(null, String(body)),
  );
  application.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, String(body)));
  application.addHook("onRequest", async (request, reply) => {
    reply.header("x-ms-request-id", ids.uuid());
    const clientId = request.headers["x-ms-client-request-id"];
    if (typeof clientId === "string") reply.header("x-ms-client-request-id", clientId);
  });
  application.setErrorHandler((error, _request, reply) => {
    if (error instanceof AzureError) {
      return reply.code(error.status).headers(error.headers).send(error.body);
    }
    const status = hasStatus(error) ? error.statusCode : 500;
    const message = error instanceof Error ? error.message : String(error);
    const code = status === 413 ? "RequestEntityTooLarge" : status < 500 ? "BadRequest" : "InternalServerError";
    return reply.code(status).send({ error: { code, message } });
  });
  application.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0];
    return reply.code(404).send({
      error: {
        code: "NotImplemented",
        message: `The emulator does not support ${request.method} ${path} on ${request.headers.host}.`,
      },
    });
  });
  return application;
}

/** The application as a plain request listener, once it is ready. */
export function listenerOf(application: FastifyInstance): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => application.routing(request, response);
}

function parseJson(
  _request: unknown,
  body: string | Buffer,
  done: (error: Error | null, body?: unknown) => void,
): void {
  const text = String(body);
  if (text.trim() === "") {
    done(null, undefined);
    return;
  }
  try {
    done(null, JSON.parse(text));
  } catch {
    // the parser's own message repeats a piece of the body, which may be a secret
    const reason = "The body is not valid JSON.";
    const message = `The request content was invalid and could not be deserialized: '${reason}'.`;
    done(new AzureError(400, "InvalidRequestContent", message));
  }
}

function hasStatus(error: unknown): error is { statusCode: number } {
  return typeof error === "object" && error !== null && "statusCode" in error && typeof error.statusCode === "number";
}
