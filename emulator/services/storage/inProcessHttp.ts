import http, { type RequestListener } from "node:http";
import { duplexPair } from "node:stream";

export interface InProcessResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends a request to a listener of this process, as real HTTP over a pair of streams: no port is opened. */
export function sendInProcess(
  listener: RequestListener,
  request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Uint8Array | undefined;
  },
): Promise<InProcessResponse> {
  const [ours, theirs] = duplexPair();
  http.createServer(listener).emit("connection", theirs);
  return new Promise((resolve, reject) => {
    const sending = http.request(
      { method: request.method, path: request.url, headers: request.headers, createConnection: () => ours },
      (response) => {
        const chunks: Buffer[] = [];
        response
          .on("data", (chunk: Buffer) => chunks.push(chunk))
          .on("error", reject)
          .on("end", () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
          );
      },
    );
    sending.on("error", reject).end(request.body);
  });
}
