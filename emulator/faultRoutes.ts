import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { faultRule } from "./platform/faults/faultRule.js";
import type { FaultRecord, Faults } from "./platform/faults/faults.js";

/** What `GET /faults` answers. */
export interface FaultList {
  readonly faults: readonly FaultRecord[];
}

interface RouteAnswer {
  readonly status: number;
  readonly body: object;
}

/** A rule has a handful of short members. */
const maxBodyBytes = 64 * 1024;

/**
 * The control routes of the faults: `GET /faults` lists them with their counts, `POST /faults` adds the rule of its body
 * (400 says what is wrong with it), `DELETE /faults` and `DELETE /faults/<id>` end all or one of them.
 */
export async function answerFaults(request: IncomingMessage, faults: Faults): Promise<RouteAnswer> {
  const { method } = request;
  const id = /^\/faults\/(\d+)$/.exec(String(request.url))?.[1];
  if (method === "GET" && request.url === "/faults") {
    return { status: 200, body: { faults: faults.list() } satisfies FaultList };
  }
  if (method === "POST" && request.url === "/faults") return add(request, faults);
  if (method === "DELETE" && request.url === "/faults") return { status: 200, body: { cleared: faults.clear() } };
  if (method === "DELETE" && id !== undefined) {
    const cleared = faults.clear(Number(id));
    return cleared > 0 ? { status: 200, body: { cleared } } : failure(404, `There is no fault ${id}.`);
  }
  return failure(404, `No such route: ${method} ${request.url}`);
}

async function add(request: IncomingMessage, faults: Faults): Promise<RouteAnswer> {
  const parsed = faultRule.safeParse(await jsonOf(request));
  if (parsed.success) return { status: 201, body: faults.add(parsed.data) };
  return failure(400, `That is no fault: ${z.prettifyError(parsed.error).replaceAll("\n", " ")}`);
}

/** Undefined for anything that is not a small JSON document. */
async function jsonOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  try {
    for await (const chunk of request.setEncoding("utf8")) {
      text += String(chunk);
      if (text.length > maxBodyBytes) return undefined;
    }
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const failure = (status: number, error: string): RouteAnswer => ({ status, body: { error } });
