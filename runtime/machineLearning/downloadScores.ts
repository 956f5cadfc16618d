import { exitCodes, ProgramError } from "../../contract/errors.js";
import { audiences } from "../../contract/hosts.js";
import type { TokenSource } from "../auth/credential.js";
import type { HttpAnswer, HttpClient } from "../http/client.js";
import { HttpError } from "../http/errors.js";

/** Any version since OAuth came to the Blob service will do; a request without one is refused. */
const blobApiVersion = "2023-11-03";

/** Small enough to arrive within a request's deadline, and to be asked for again where it breaks off. */
const pieceBytes = 4 * 1024 * 1024;

/** Where this program's pipeline has a run's scores written; `scoresUrl` is the container's address. */
export function scoresUrlOf(scoresUrl: string, runId: string): string {
  return `${scoresUrl.replace(/\/+$/, "")}/scores/${encodeURIComponent(runId)}/predictions.csv`;
}

/**
 * Downloads a run's scores piece by piece (Blob service, Get Blob by ranges of one ETag); `monitor` is the line that shows
 * the run. Rejects with exit code 2 where there are none, and with 3 where they change meanwhile.
 */
export async function* downloadScores(
  { url, runId, monitor }: { readonly url: string; readonly runId: string; readonly monitor: string },
  http: HttpClient,
  tokens: TokenSource,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  let etag: string | undefined;
  for (let from = 0, size = Number.POSITIVE_INFINITY; from < size; ) {
    const headers = {
      authorization: `Bearer ${await tokens.token(audiences.storage[0])}`,
      accept: "*/*",
      "x-ms-version": blobApiVersion,
      range: `bytes=${from}-${from + pieceBytes - 1}`,
      ...(etag === undefined ? {} : { "if-match": etag }),
    };
    let answer: HttpAnswer;
    try {
      answer = await http.send({ method: "GET", url, headers, repeat: "always", signal });
    } catch (thrown) {
      if (!(thrown instanceof HttpError)) throw thrown;
      // an empty file has no range at all
      if (thrown.status === 416 && from === 0) return;
      if (thrown.status === 404) throw noScores(runId, monitor, thrown.message, thrown);
      if (thrown.status === 412) throw changed(runId, monitor, thrown);
      throw thrown;
    }
    yield answer.bytes;
    etag = answer.headers["etag"];
    size = wholeSize(answer);
    from += answer.bytes.length;
  }
}

/** In bytes: a part of the file (206) tells the size of the whole; any other answer is the whole file. */
function wholeSize({ status, headers, bytes }: HttpAnswer): number {
  const isPart = status === 206 && bytes.length > 0;
  const total = isPart ? /\/(\d+)$/.exec(headers["content-range"] ?? "")?.[1] : undefined;
  return total === undefined ? bytes.length : Number(total);
}

/** The run has written no scores: exit code 2. */
export function noScores(runId: string, monitor: string, why: string, cause?: HttpError): ProgramError {
  return new ProgramError(exitCodes.usage, `run ${runId} has no scores: ${why}`, {
    cure: `check the run's id and whether it has succeeded: ${monitor}`,
    cause,
  });
}

function changed(runId: string, monitor: string, cause: HttpError): ProgramError {
  return new ProgramError(exitCodes.unavailable, `the scores of run ${runId} were written while they were read`, {
    cure: `wait until the run has ended, then try again: ${monitor}`,
    cause,
  });
}
