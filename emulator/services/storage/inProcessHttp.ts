import http, { type IncomingMessage, type RequestListener } from "node:http";
import { duplexPair } from "node:stream";
import { buffer } from "node:stream/consumers";

export interface InProcessRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
}

export interface InProcessResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Sends a request to a listener of this process, as real HTTP over a pair of streams: no port is opened. Resolves as soon as
 * the answer's head is there; its body is read from the listener as it is taken.
 */
export function openInProcess(listener: RequestListener, request: InProcessRequest): Promise<IncomingMessage> {
  const [ours, theirs] = duplexPair();
  // one side does not learn by itself that the other was left in the middle of an answer
  ours.once("close", () => theirs.destroy());
  http.createServer(listener).emit("connection", theirs);
  const { method, url, headers, body } = request;
  return new Promise((resolve, reject) => {
    http
      .request({ method, path: url, headers, createConnection: () => ours }, resolve)
      .on("error", reject)
      .end(body);
  });
}

export async function wholeResponse(response: IncomingMessage): Promise<InProcessResponse> {
  return { status: response.statusCode ?? 0, headers: response.headers, body: await buffer(response) };
}
