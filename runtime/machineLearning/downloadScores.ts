import { exitCodes, ProgramError } from "../../contract/errors.js";
import { audiences } from "../../contract/hosts.js";
import type { TokenSource } from "../auth/credential.js";
import type { HttpClient } from "../http/client.js";
import { HttpError } from "../http/errors.js";

/** Any version since OAuth came to the Blob service will do; a request without one is refused. */
const blobApiVersion = "2023-11-03";

export interface DownloadedScores {
  readonly url: string;
  readonly text: string;
}

/** Downloads a run's `predictions.csv` (Blob service, Get Blob); `scoresUrl` is the container's address, `monitor` the line that shows the run. */
export async function downloadScores(
  { scoresUrl, runId, monitor }: { readonly scoresUrl: string; readonly runId: string; readonly monitor: string },
  http: HttpClient,
  tokens: TokenSource,
  signal: AbortSignal,
): Promise<DownloadedScores> {
  const url = `${scoresUrl.replace(/\/+$/, "")}/scores/${encodeURIComponent(runId)}/predictions.csv`;
  const authorization = `Bearer ${await tokens.token(audiences.storage[0])}`;
  const headers = { authorization, accept: "*/*", "x-ms-version": blobApiVersion };
  try {
    const answer = await http.send({ method: "GET", url, headers, repeat: "always", signal });
    return { url, text: answer.text };
  } catch (thrown) {
    if (thrown instanceof HttpError && thrown.status === 404) throw noScores(runId, monitor, thrown);
    throw thrown;
  }
}

function noScores(runId: string, monitor: string, cause: HttpError): ProgramError {
  return new ProgramError(exitCodes.usage, `run ${runId} has no scores: ${cause.message}`, {
    cure: `check the run's id and whether it has succeeded: ${monitor}`,
    cause,
  });
}
