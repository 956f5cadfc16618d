import type { z } from "zod";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import { audiences } from "../../contract/hosts.js";
import type { Json } from "../../contract/json.js";
import type { TokenSource } from "../auth/credential.js";
import { withToken } from "../auth/withToken.js";
import type { HttpAnswer, HttpClient, HttpRequest } from "../http/client.js";
import { parseJson } from "../http/parseJson.js";
import {
  type ActivityRunRecord,
  accessDecisions,
  activityRunPage,
  createdRun,
  type PipelineResource,
  type PipelineRunRecord,
  pipelinePage,
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

/** A question to Synapse RBAC: may this principal do this on this scope (`workspaces/<name>`)? */
export interface AccessQuestion {
  readonly principalId: string;
  /** `Microsoft.Synapse/workspaces/…` */
  readonly action: string;
  readonly scope: string;
}

/** The Synapse workspace's development endpoint (REST API 2020-12-01), as far as runs go. */
export interface SynapseClient {
  /**
   * Sends the start once; `parameters` is the bare map, `requestId` a GUID of the caller's, which Azure is known to make the
   * run's id. Resolves with the run's id. Never repeated but after a 429 or for a fresh token, and not cut off once it is
   * sent: `signal` counts before that.
   */
  createRun(
    pipeline: string,
    parameters: Readonly<Record<string, Json>>,
    options: { readonly requestId: string; readonly signal?: AbortSignal },
  ): Promise<string>;
  getRun(runId: string, signal?: AbortSignal): Promise<PipelineRunRecord>;
  /** Newest first; pages are asked for until there are `most` runs, or no more pages. */
  queryPipelineRuns(
    window: Window,
    filters: readonly RunFilter[],
    signal?: AbortSignal,
    most?: number,
  ): Promise<PipelineRunRecord[]>;
  queryActivityRuns(run: RunOfPipeline, window: Window, signal?: AbortSignal): Promise<ActivityRunRecord[]>;
  getPipeline(pipeline: string, signal?: AbortSignal): Promise<PipelineResource>;
  /** All pipelines of the workspace, by name. */
  listPipelines(signal?: AbortSignal): Promise<PipelineResource[]>;
  /** Cancels a run and the runs that its Execute Pipeline activities have started. */
  cancelRun(runId: string, signal?: AbortSignal): Promise<void>;
  isAllowed(question: AccessQuestion, signal?: AbortSignal): Promise<boolean>;
}

export interface RunOfPipeline {
  readonly runId: string;
  readonly pipelineName: string;
  /** The id of the first run of a group of repeated ones; the run's own id where it is not known. */
  readonly runGroupId?: string;
}

/** A client of the workspace at `endpoint` (`https://<workspace>.dev.azuresynapse.net`). */
export function createSynapseClient(endpoint: string, http: HttpClient, tokens: TokenSource): SynapseClient {
  const base = endpoint.replace(/\/+$/, "");

  async function send({ path, requestId, ...rest }: Call): Promise<HttpAnswer> {
    const url = `${base}${path}${path.includes("?") ? "&" : "?"}api-version=${apiVersion}`;
    const named = requestId === undefined ? {} : { "x-ms-client-request-id": requestId };
    return withToken(tokens, audiences.synapse[0], (token) =>
      http.send({ ...rest, url, headers: { authorization: `Bearer ${token}`, ...named } }),
    );
  }

  async function call<Schema extends z.ZodType>(request: Call, schema: Schema): Promise<z.infer<Schema>> {
    return parseAnswer((await send(request)).text, schema, `${request.method} ${base}${request.path}`);
  }

  async function pages<Item>(
    path: string,
    schema: z.ZodType<{ value: Item[]; continuationToken?: string | null | undefined }>,
    body: Readonly<Record<string, Json>>,
    signal: AbortSignal | undefined,
    most = Number.POSITIVE_INFINITY,
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
    } while (continuationToken !== undefined && items.length < most);
    return items.slice(0, most);
  }

  const segment = encodeURIComponent;
  return {
    createRun: async (pipeline, parameters, { requestId, signal }) => {
      await tokens.token(audiences.synapse[0]);
      signal?.throwIfAborted();
      const path = `/pipelines/${segment(pipeline)}/createRun`;
      const start = { method: "POST", path, body: parameters, repeat: "notTaken", requestId } as const;
      return (await call(start, createdRun)).runId;
    },
    getRun: (runId, signal) =>
      call(
        { method: "GET", path: `/pipelineruns/${segment(runId)}`, repeat: "always", ...optional(signal) },
        pipelineRun,
      ),
    queryPipelineRuns: (window, filters, signal, most) =>
      pages(
        "/queryPipelineRuns",
        pipelineRunPage,
        {
          ...window,
          filters: filters.map((filter) => ({ ...filter })),
          orderBy: [{ orderBy: "RunStart", order: "DESC" }],
        },
        signal,
        most,
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
    listPipelines: async (signal) => {
      const found: PipelineResource[] = [];
      let path: string | undefined = "/pipelines";
      while (path !== undefined) {
        const page: PipelinePage = await call(
          { method: "GET", path, repeat: "always", ...optional(signal) },
          pipelinePage,
        );
        found.push(...page.value);
        path = page.nextLink ? pathOf(page.nextLink) : undefined;
      }
      return found.sort((one, other) => (one.name < other.name ? -1 : 1));
    },
    cancelRun: async (runId, signal) => {
      const path = `/pipelineruns/${segment(runId)}/cancel?isRecursive=true`;
      await send({ method: "POST", path, repeat: "always", ...optional(signal) });
    },
    isAllowed: async ({ principalId, action, scope }, signal) => {
      const body = { subject: { principalId }, actions: [{ id: action, isDataAction: true }], scope };
      const path = "/checkAccessSynapseRbac";
      const answer = await call({ method: "POST", path, body, repeat: "always", ...optional(signal) }, accessDecisions);
      return answer.AccessDecisions.every(({ accessDecision }) => accessDecision === "Allowed");
    },
  };
}

type PipelinePage = z.infer<typeof pipelinePage>;

/** The path of a next page's address, without the version that every request gets anyway. */
function pathOf(nextLink: string): string {
  const { pathname, searchParams } = new URL(nextLink, "https://workspace");
  searchParams.delete("api-version");
  const query = searchParams.toString();
  return query === "" ? pathname : `${pathname}?${query}`;
}

type Call = Omit<HttpRequest, "url" | "headers"> & { readonly path: string; readonly requestId?: string };

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
