import type { z } from "zod";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { audiences } from "../../contract/hosts.js";
import type { Json } from "../../contract/json.js";
import type { TokenSource } from "../auth/credential.js";
import type { HttpAnswer, HttpClient, HttpRequest } from "../http/client.js";
import {
  type ActivityRunRecord,
  activityRunPage,
  createdRun,
  type PipelineResource,
  type PipelineRunRecord,
  pipelineResource,
  pipelineRun,
  pipelineRunPage,
} from "./schemas.js";

const apiVersion = "2020-12-01";

/** Times are ISO 8601; a query needs both (the service refuses one without). */
export interface Window {
  readonly lastUpdatedAfter: string;
  readonly lastUpdatedBefore: string;
}

export interface RunFilter {
  readonly operand: "PipelineName" | "Status" | "RunStart" | "RunEnd" | "RunGroupId";
  readonly operator: "Equals" | "NotEquals" | "In" | "NotIn";
  readonly values: readonly string[];
}

/** The Synapse workspace's development endpoint (REST API 2020-12-01), as far as runs go. */
export interface SynapseClient {
  /**
   * Sends the start once; `parameters` is the bare map. Resolves with the run's id. Never repeated but after a 429, and
   * not cut off once it is sent: `signal` counts before that.
   */
  createRun(pipeline: string, parameters: Readonly<Record<string, Json>>, signal?: AbortSignal): Promise<string>;
  getRun(runId: string, signal?: AbortSignal): Promise<PipelineRunRecord>;
  queryPipelineRuns(window: Window, filters: readonly RunFilter[], signal?: AbortSignal): Promise<PipelineRunRecord[]>;
  queryActivityRuns(run: RunOfPipeline, window: Window, signal?: AbortSignal): Promise<ActivityRunRecord[]>;
  getPipeline(pipeline: string, signal?: AbortSignal): Promise<PipelineResource>;
}

export interface RunOfPipeline {
  readonly runId: string;
  readonly pipelineName: string;
}

/** A client of the workspace at `endpoint` (`https://<workspace>.dev.azuresynapse.net`). */
export function createSynapseClient(endpoint: string, http: HttpClient, tokens: TokenSource): SynapseClient {
  const base = endpoint.replace(/\/+$/, "");

  async function send({ path, ...rest }: Call): Promise<HttpAnswer> {
    const url = `${base}${path}${path.includes("?") ? "&" : "?"}api-version=${apiVersion}`;
    const authorization = `Bearer ${await tokens.token(audiences.synapse[0])}`;
    return http.send({ ...rest, url, headers: { authorization } });
  }

  async function call<Schema extends z.ZodType>(request: Call, schema: Schema): Promise<z.infer<Schema>> {
    return parseAnswer((await send(request)).text, schema, `${request.method} ${base}${request.path}`);
  }

  async function pages<Item>(
    path: string,
    schema: z.ZodType<{ value: Item[]; continuationToken?: string | null | undefined }>,
    body: Readonly<Record<string, Json>>,
    signal: AbortSignal | undefined,
  ): Promise<Item[]> {
    const items: Item[] = [];
    let continuationToken: string | undefined;
    do {
      const page = await call(
        {
          method: "POST",
          path,
          body: continuationToken === undefined ? body : { ...body, continuationToken },
          repeat: "always",
          ...optional(signal),
        },
        schema,
      );
      items.push(...page.value);
      continuationToken = page.continuationToken || undefined;
    } while (continuationToken !== undefined);
    return items;
  }

  const segment = encodeURIComponent;
  return {
    createRun: async (pipeline, parameters, signal) => {
      await tokens.token(audiences.synapse[0]);
      signal?.throwIfAborted();
      const path = `/pipelines/${segment(pipeline)}/createRun`;
      return (await call({ method: "POST", path, body: parameters, repeat: "notTaken" }, createdRun)).runId;
    },
    getRun: (runId, signal) =>
      call(
        { method: "GET", path: `/pipelineruns/${segment(runId)}`, repeat: "always", ...optional(signal) },
        pipelineRun,
      ),
    queryPipelineRuns: (window, filters, signal) =>
      pages(
        "/queryPipelineRuns",
        pipelineRunPage,
        {
          ...window,
          filters: filters.map((filter) => ({ ...filter })),
          orderBy: [{ orderBy: "RunStart", order: "DESC" }],
        },
        signal,
      ),
    queryActivityRuns: (run, window, signal) =>
      pages(
        `/pipelines/${segment(run.pipelineName)}/pipelineruns/${segment(run.runId)}/queryActivityruns`,
        activityRunPage,
        { ...window, orderBy: [{ orderBy: "ActivityRunStart", order: "ASC" }] },
        signal,
      ),
    getPipeline: (pipeline, signal) =>
      call(
        { method: "GET", path: `/pipelines/${segment(pipeline)}`, repeat: "always", ...optional(signal) },
        pipelineResource,
      ),
  };
}

type Call = Omit<HttpRequest, "url" | "headers"> & { readonly path: string };

/** The answer of a request that the service took is not what its API promises. */
export class UnexpectedAnswerError extends ProgramError {
  constructor(request: string, where: string) {
    super(exitCodes.unavailable, `${request} answered something else than the Synapse API does: ${where}`, {
      cure: "is a proxy or a sign-in page in between? check HTTPS_PROXY and the workspace's name",
    });
  }
}

function optional(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function parseAnswer<Schema extends z.ZodType>(text: string, schema: Schema, request: string): z.infer<Schema> {
  const result = schema.safeParse(parseJson(text));
  if (result.success) return result.data;
  throw new UnexpectedAnswerError(
    request,
    result.error.issues.map((issue) => issue.path.join(".") || "(top level)").join(", "),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
