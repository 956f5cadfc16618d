import { z } from "zod";
import type { Json } from "../../contract/json.js";
import type { MemoryCallbacks } from "../engine/memoryCallbacks.js";
import { HttpFailure, type HttpPort, type HttpRequest, type HttpResponse } from "../engine/ports.js";

const json: z.ZodType<Json> = z.json();
const responseSchema = z.strictObject({
  status: z.int().min(100).max(599).default(200),
  headers: z.record(z.string(), z.string()).default({}),
  /** Text as it is, anything else as its JSON. */
  body: json.default(""),
  /** What is posted to the `callBackUri` of the request's body afterwards: the answer to a WebHook. */
  callback: json.optional(),
});
const entrySchema = z
  .strictObject({
    method: z.string(),
    url: z.string().optional(),
    urlPattern: z.string().refine(isPattern, "is not a regular expression").optional(),
    responses: z.array(responseSchema).min(1),
  })
  .refine(({ url, urlPattern }) => (url === undefined) !== (urlPattern === undefined), "needs url or urlPattern");

/** What a stub file holds: the answers to each request in order; the last one repeats. */
export const stubSchema = z.array(entrySchema);
export type StubEntries = z.input<typeof stubSchema>;

/**
 * Answers by the entries alone; a request that nothing matches has no answer, and its activity fails with its name.
 * `deliver` takes the callbacks.
 */
export function stubHttp(given: StubEntries, deliver: MemoryCallbacks["deliver"]): HttpPort {
  const entries = stubSchema.parse(given).map((entry) => ({ ...entry, asked: 0, matches: matcher(entry) }));
  return {
    async send(request) {
      const entry = entries.find(({ matches }) => matches(request));
      if (!entry) {
        throw new HttpFailure("unreachable", `${noStub} ${request.method} ${request.url}`);
      }
      const response = entry.responses[Math.min(entry.asked, entry.responses.length - 1)];
      entry.asked += 1;
      if (response?.callback !== undefined) deliver(callbackOf(request), textOf(response.callback));
      return toResponse(response ?? { status: 200, headers: {}, body: "" });
    },
  };
}

const noStub = "No stub answers";

/** A failure's text, without what the service guesses of networks where it was a stub that was missing. */
export function stubCauseIn(message: string): string {
  return message.replace(new RegExp(`No response from the endpoint\\..*?(?=${noStub} )`, "gs"), "");
}

function matcher(entry: z.output<typeof entrySchema>): (request: HttpRequest) => boolean {
  const pattern = entry.urlPattern === undefined ? undefined : new RegExp(`^(?:${entry.urlPattern})$`);
  const method = entry.method.toUpperCase();
  return (request) => request.method === method && (pattern ? pattern.test(request.url) : request.url === entry.url);
}

/** The address in the body of a WebHook's request; empty when there is none. */
function callbackOf({ body = "" }: HttpRequest): string {
  return /"callBackUri"\s*:\s*"([^"]+)"/.exec(body)?.[1] ?? "";
}

const textOf = (body: Json) => (typeof body === "string" ? body : JSON.stringify(body));

function toResponse({ status, headers, body }: z.output<typeof responseSchema>): HttpResponse {
  const isText = typeof body === "string";
  const named = Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
  const contentType = isText || named ? {} : { "Content-Type": "application/json" };
  return {
    status,
    statusText: "",
    headers: { ...contentType, ...headers },
    body: textOf(body),
  };
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
