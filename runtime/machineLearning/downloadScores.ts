import { exitCodes, ProgramError } from "../../contract/errors.js";
import { audiences } from "../../contract/hosts.js";
import type { TokenSource } from "../auth/credential.js";
import { withToken } from "../auth/withToken.js";
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
 * the run. Rejects with exit code 2 where there are none, and with 3 where they change meanwhile or an answer does not
 * tell which part of them it is.
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
      accept: "*/*",
      "x-ms-version": blobApiVersion,
      range: `bytes=${from}-${from + pieceBytes - 1}`,
      ...(etag === undefined ? {} : { "if-match": etag }),
    };
    let answer: HttpAnswer;
    try {
      answer = await withToken(tokens, audiences.storage[0], (token) => {
        const authorization = `Bearer ${token}`;
        return http.send({ method: "GET", url, headers: { ...headers, authorization }, repeat: "always", signal });
      });
    } catch (thrown) {
      if (!(thrown instanceof HttpError)) throw thrown;
      // an empty file has no range at all
      if (thrown.status === 416 && from === 0) return;
      if (thrown.status === 404) throw noScores(runId, monitor, thrown.message, thrown);
      if (thrown.status === 412) throw changed(runId, monitor, thrown);
      throw thrown;
    }
    const whole = wholeSize(answer, from);
    if (whole === undefined) throw unplaced(runId, url, answer, from);
    yield answer.bytes;
    etag = answer.headers["etag"];
    size = whole;
    from += answer.bytes.length;
  }
}

/**
 * In bytes: a part of the file (206) tells by its Content-Range (RFC 9110) the size of the whole, any other answer is the
 * whole file. Undefined where the answer is not known to go on at `from`.
 */
function wholeSize({ status, headers, bytes }: HttpAnswer, from: number): number | undefined {
  if (status !== 206) return from === 0 ? bytes.length : undefined;
  const range = /^bytes (\d+)-(\d+)\/(\d+)$/
    .exec(headers["content-range"] ?? "")
    ?.slice(1)
    .map(Number);
  const [first, last = 0, total] = range ?? [];
  return first === from && last - first + 1 === bytes.length ? total : undefined;
}

/** The run has written no scores: exit code 2. */
export function noScores(runId: string, monitor: string, why: string, cause?: HttpError): ProgramError {
  return new ProgramError(exitCodes.usage, `run ${runId} has no scores: ${why}`, {
    cure: `check the run's id and whether it has succeeded: ${monitor}`,
    cause,
  });
}

function unplaced(runId: string, url: string, { status, headers }: HttpAnswer, from: number): ProgramError {
  const range = headers["content-range"];
  const told = range === undefined ? "no Content-Range" : `the Content-Range ${range}`;
  const what = `the scores of run ${runId} cannot be put together: ${new URL(url).host} was asked for them from byte ${from} on`;
  return new ProgramError(exitCodes.unavailable, `${what} and answered ${status} with ${told}`, {
    cure: "is there a proxy on the way that changes answers? Let this host bypass it (NO_PROXY), then try again",
  });
}

function changed(runId: string, monitor: string, cause: HttpError): ProgramError {
  return new ProgramError(exitCodes.unavailable, `the scores of run ${runId} were written while they were read`, {
    cure: `wait until the run has ended, then try again: ${monitor}`,
    cause,
  });
}
