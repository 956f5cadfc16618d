import type { IncomingMessage, ServerResponse } from "node:http";

export interface MalformedAnswer {
  readonly contentType: string;
  readonly body: string;
}

/** One emulated Azure service, reached through the gateway under its real host names. */
export interface Service {
  /** The folder's name under `services/`. */
  readonly name: string;
  /** `live`: answers for this host; `unknown`: a name of its kind that nobody has (as if DNS knew no such host). */
  answersFor(host: string): "live" | "unknown" | undefined;
  /** Handles one request whose Host header is one of its names. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /**
   * The answer, in the service's own shape, to a request for one of its names that is too malformed to be handed over;
   * absent: Resource Manager's envelope.
   */
  malformed?(status: number, message: string, host: string): MalformedAnswer;
  /** Goes on with what a killed process left unfinished; called once, when every service is reachable. */
  resume?(): Promise<void>;
  close(): Promise<void>;
}
