import * as z from "zod";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import type { Json } from "../../contract/json.js";
import type { HttpClient, HttpRequest } from "../http/client.js";
import { HttpError } from "../http/errors.js";
import { parseJson } from "../http/parseJson.js";
import { type JobStatus, parseJobId, parseJobStatus } from "./jobStatus.js";

/** Where a blob is: with the account's connection string. */
export type BlobReference = {
  readonly ConnectionString: string;
  /** `<container>/<path>` */
  readonly RelativeLocation: string;
};

/** What a job is submitted with (api-version 2.0). */
export type JobRequest = {
  readonly GlobalParameters: Readonly<Record<string, string>>;
  readonly Outputs: Readonly<Record<string, BlobReference>>;
};

/**
 * The Batch Execution Service of one web service of Azure ML Studio (classic). Every call rejects with a `ProgramError`
 * that carries the service's own sentence; of a job that is not there, `status` answers undefined.
 */
export interface BatchExecution {
  /** Makes a job that does nothing before it is started; the result is its id. */
  submit(request: JobRequest, signal: AbortSignal): Promise<string>;
  /** Starts a job; one that was started before is left as it is. */
  start(jobId: string, signal: AbortSignal): Promise<void>;
  status(jobId: string, signal: AbortSignal): Promise<JobStatus | undefined>;
  /** Deletes a job, and stops it where it runs; a job that is not there is no error. */
  delete(jobId: string, signal?: AbortSignal): Promise<void>;
}

export interface BatchExecutionOptions {
  /** `https://<region>.services.azureml.net/workspaces/{w}/services/{s}` */
  readonly url: string;
  readonly apiKey: string;
  readonly http: HttpClient;
}

const apiVersion = "api-version=2.0";

/** Opens the service at a URL; nothing is sent yet. */
export function openBatchExecution({ url, apiKey, http }: BatchExecutionOptions): BatchExecution {
  const call = async (
    method: HttpRequest["method"],
    path: string,
    rest: { readonly body?: Json; readonly signal?: AbortSignal | undefined } = {},
  ) => {
    const { body, signal } = rest;
    try {
      return await http.send({
        method,
        url: `${url}/jobs${path}?${apiVersion}`,
        headers: { authorization: `Bearer ${apiKey}` },
        // a job that was submitted twice does nothing, for only one of the two is started
        repeat: "always",
        ...(body === undefined ? {} : { body }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (thrown) {
      throw explained(thrown);
    }
  };
  return {
    async submit(request, signal) {
      const answer = await call("POST", "", { body: request, signal });
      return parseJobId(answer.text);
    },
    async start(jobId, signal) {
      try {
        await call("POST", `/${jobId}/start`, { signal });
      } catch (thrown) {
        // the answer to the first try may have been lost
        const status = isRefusal(thrown, 400, 409) ? await this.status(jobId, signal) : undefined;
        if (status === undefined || status.state === "NotStarted") throw thrown;
      }
    },
    async status(jobId, signal) {
      try {
        return parseJobStatus((await call("GET", `/${jobId}`, { signal })).text);
      } catch (thrown) {
        if (isRefusal(thrown, 404) && !isOtherService(thrown)) return undefined;
        throw thrown;
      }
    },
    async delete(jobId, signal) {
      await call("DELETE", `/${jobId}`, { signal }).catch((thrown: unknown) => {
        if (!isRefusal(thrown, 404)) throw thrown;
      });
    },
  };
}

/** The service's refusal: its cause is the answer as it came. */
function explained(thrown: unknown): unknown {
  if (!(thrown instanceof HttpError)) return thrown;
  const cure = cureOf(thrown.status) ?? thrown.cure;
  const exitCode = thrown.status === 400 || thrown.status === 404 ? exitCodes.usage : exitCodes.unavailable;
  const message = [thrown.message, ...detailsOf(thrown)].join(" ");
  return new ProgramError(exitCode, message, { cause: thrown, ...(cure === undefined ? {} : { cure }) });
}

const refusalSchema = z.object({ error: z.object({ details: z.array(z.object({ message: z.string() })) }) });

/** The service has five general sentences; which mistake is meant stands in the details. */
function detailsOf({ exchange }: HttpError): string[] {
  const refusal = refusalSchema.safeParse(parseJson(exchange.answer.slice(exchange.answer.indexOf("\n"))));
  return refusal.success ? refusal.data.error.details.map(({ message }) => message) : [];
}

function cureOf(status: number): string | undefined {
  if (status === 401) return "check the service's key: --api-key or BES_API_KEY";
  if (status === 404) return "check the service's address: --endpoint, BES_ENDPOINT or the stack's setting besEndpoint";
  return undefined;
}

function isRefusal(thrown: unknown, ...statuses: readonly number[]): boolean {
  const cause = thrown instanceof ProgramError ? thrown.cause : undefined;
  return cause instanceof HttpError && statuses.includes(cause.status);
}

/** The workspace or the service is not there, not the job. */
function isOtherService(thrown: unknown): boolean {
  return thrown instanceof Error && /workspace|web ?service/i.test(thrown.message.replace(/https?:\S+/g, ""));
}
