import { exitCodes, ProgramError } from "../../contract/errors.js";
import { audiences } from "../../contract/hosts.js";
import type { TokenSource } from "../auth/credential.js";
import type { HttpClient } from "../http/client.js";
import { HttpError } from "../http/errors.js";

/** Any version since OAuth came to the Blob service will do; a request without one is refused. */
const blobApiVersion = "2023-11-03";

/** Where this program's pipeline has a run's scores written; `scoresUrl` is the container's address. */
export function scoresUrlOf(scoresUrl: string, runId: string): string {
  return `${scoresUrl.replace(/\/+$/, "")}/scores/${encodeURIComponent(runId)}/predictions.csv`;
}

/** Downloads a run's scores (Blob service, Get Blob); `monitor` is the line that shows the run. */
export async function downloadScores(
  { url, runId, monitor }: { readonly url: string; readonly runId: string; readonly monitor: string },
  http: HttpClient,
  tokens: TokenSource,
  signal: AbortSignal,
): Promise<string> {
  const authorization = `Bearer ${await tokens.token(audiences.storage[0])}`;
  const headers = { authorization, accept: "*/*", "x-ms-version": blobApiVersion };
  try {
    return (await http.send({ method: "GET", url, headers, repeat: "always", signal })).text;
  } catch (thrown) {
    if (thrown instanceof HttpError && thrown.status === 404) throw noScores(runId, monitor, thrown.message, thrown);
    throw thrown;
  }
}

/** The run has written no scores: exit code 2. */
export function noScores(runId: string, monitor: string, why: string, cause?: HttpError): ProgramError {
  return new ProgramError(exitCodes.usage, `run ${runId} has no scores: ${why}`, {
    cure: `check the run's id and whether it has succeeded: ${monitor}`,
    cause,
  });
}
