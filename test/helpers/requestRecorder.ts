import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/** A request as a server of this process received it. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Parsed JSON, or undefined where there is none. */
  readonly body: unknown;
}

export interface RequestRecorder {
  /** Those that have arrived completely, in that order. */
  readonly requests: readonly RecordedRequest[];
  stop(): void;
}

const channel = "http.server.request.start";

/** Records every request to the host that an HTTP server of this process receives, until it is stopped. */
export function recordRequests(host: string): RequestRecorder {
  const requests: RecordedRequest[] = [];
  const onRequest = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    if (request.headers.host?.split(":")[0] !== host) return;
    const chunks: Buffer[] = [];
    const emit = request.emit.bind(request);
    // looking at what the server reads: a listener of our own would make it flow before the server listens
    request.emit = (event: string | symbol, ...given: unknown[]) => {
      if (event === "data") chunks.push(Buffer.from(given[0] as Buffer));
      if (event === "end") {
        const text = Buffer.concat(chunks).toString("utf8");
        const body: unknown = text === "" ? undefined : JSON.parse(text);
        requests.push({ method: String(request.method), url: String(request.url), body });
      }
      return emit(event, ...given);
    };
  };
  subscribe(channel, onRequest);
  return { requests, stop: () => void unsubscribe(channel, onRequest) };
}
