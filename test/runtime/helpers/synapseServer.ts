import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Json, JsonObject } from "../../../contract/json.js";

/** What the service shows at one poll of a run; the last step stays. */
export interface Step {
  readonly status: string;
  readonly message?: string;
  readonly activities?: readonly JsonObject[];
}

export interface ServedRun {
  readonly runId: string;
  readonly parameters: JsonObject;
  polls: number;
  isCancelled: boolean;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Json;
  answer(status: number, body?: Json | string, headers?: Record<string, string>): unknown;
}

export interface ServerScript {
  readonly steps?: readonly Step[];
  readonly definition?: readonly JsonObject[];
  /** Answers createRun instead of the default; `start` makes the run, as the service would. */
  readonly createRun?: (exchange: Exchange, start: () => string) => unknown;
  /** What the caller may not do, of Synapse RBAC's actions. */
  readonly notAllowed?: readonly string[];
  /** Sees every request first; true: it has answered. */
  readonly before?: (exchange: Exchange) => boolean;
  readonly scores?: (exchange: Exchange) => unknown;
}

/** A local server that answers as a Synapse development endpoint (and blob store) does, by script. */
export interface SynapseServer {
  readonly url: string;
  readonly runs: ServedRun[];
  /** `METHOD /path` of each request, without the query. */
  readonly requests: string[];
  readonly bodies: Json[];
  readonly authorizations: string[];
}

export async function startSynapseServer(script: ServerScript = {}): Promise<SynapseServer> {
  const served: { -readonly [Key in keyof SynapseServer]: SynapseServer[Key] } = {
    url: "",
    runs: [],
    requests: [],
    bodies: [],
    authorizations: [],
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString("utf8");
    const body: Json = text === "" ? null : JSON.parse(text);
    const path = new URL(request.url ?? "/", "http://local").pathname;
    served.requests.push(`${request.method} ${path}`);
    served.bodies.push(body);
    served.authorizations.push(request.headers.authorization ?? "");
    const answer: Exchange["answer"] = (status, content = "", headers = {}) => {
      response.writeHead(status, headers).end(typeof content === "string" ? content : JSON.stringify(content));
    };
    const exchange = { request, response, body, answer };
    if (script.before?.(exchange) !== true) respond(exchange, path, script, served);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return served;
}

function respond(exchange: Exchange, path: string, script: ServerScript, served: SynapseServer): unknown {
  const steps = script.steps ?? [{ status: "Succeeded" }];
  const stepOf = (run: ServedRun): Step =>
    run.isCancelled
      ? { status: "Cancelled" }
      : (steps[Math.min(run.polls, steps.length - 1)] ?? { status: "Succeeded" });
  const record = (run: ServedRun) => ({
    runId: run.runId,
    pipelineName: "batch-scoring",
    parameters: run.parameters,
    runStart: "2024-05-01T08:00:01.0000000Z",
    runEnd: null,
    durationInMs: ["Succeeded", "Failed", "Cancelled"].includes(stepOf(run).status) ? 12_300 : null,
    status: stepOf(run).status,
    message: stepOf(run).message ?? "",
    aKeyOfTomorrow: true,
  });
  const named = served.runs.find(({ runId }) => path.includes(runId));
  if (path.endsWith("/createRun")) {
    const start = () => {
      const runId = `run-${served.runs.length + 1}`;
      served.runs.push({ runId, parameters: exchange.body as JsonObject, polls: 0, isCancelled: false });
      return runId;
    };
    if (script.createRun !== undefined) return script.createRun(exchange, start);
    return exchange.answer(202, { runId: start() });
  }
  if (path === "/queryPipelineRuns") return exchange.answer(200, { value: served.runs.map(record) });
  if (path.startsWith("/store/")) return script.scores?.(exchange);
  if (path === "/pipelines") return exchange.answer(200, { value: [] });
  if (path === "/checkAccessSynapseRbac") {
    const { actions } = exchange.body as unknown as { actions: readonly { id: string }[] };
    const decisions = actions.map(({ id: actionId }) => {
      return { actionId, accessDecision: script.notAllowed?.includes(actionId) ? "NotAllowed" : "Allowed" };
    });
    return exchange.answer(200, { AccessDecisions: decisions });
  }
  if (path.endsWith("/cancel") && named !== undefined) {
    named.isCancelled = true;
    return exchange.answer(200);
  }
  if (path.startsWith("/pipelines/") && exchange.request.method === "GET") {
    return exchange.answer(200, { name: "batch-scoring", properties: { activities: [...(script.definition ?? [])] } });
  }
  if (named === undefined) return exchange.answer(404, { code: "RunNotFound", message: "No such run." });
  if (path.endsWith("/queryActivityruns")) {
    const value = [...(stepOf(named).activities ?? [])];
    named.polls += 1;
    return exchange.answer(200, { value });
  }
  return exchange.answer(200, record(named));
}

/** An activity run as the service writes it. */
export function activity(name: string, status: string, more: JsonObject = {}): JsonObject {
  const ended = status !== "InProgress" && status !== "Queued";
  return {
    activityRunId: `id-of-${name}`,
    activityName: name,
    activityType: "WebActivity",
    pipelineName: "batch-scoring",
    status,
    activityRunStart: "2024-05-01T08:00:01.1000000Z",
    activityRunEnd: ended ? "2024-05-01T08:00:03.3000000Z" : null,
    durationInMs: ended ? 2200 : null,
    retryAttempt: null,
    iterationHash: "",
    input: { url: "https://kv1.vault.azure.net/secrets/clientid?api-version=7.0", method: "GET" },
    output: {},
    error: { errorCode: "", message: "", failureType: "", target: name, details: "" },
    ...more,
  };
}
