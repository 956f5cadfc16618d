import type { Clock } from "../../contract/clock.js";
import type { Ids } from "../../contract/ids.js";
import type { Json, JsonObject } from "../../contract/json.js";
import type { ActivityRun, PipelineRun } from "../../contract/runs.js";
import type { PipelineSource } from "./plan.js";

/** All that the engine knows of the world. It imports no HTTP server and no Azure service. */
export interface EnginePorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly http: HttpPort;
  readonly identity: IdentityPort;
  readonly journal: Journal;
  readonly artifacts: ArtifactsPort;
  readonly callbacks: CallbacksPort;
  /** Told of each pause of an activity when it begins. */
  readonly onWait?: (wait: Wait) => void;
  /** What the records say of the place: ids begin with the workspace's ARM id. */
  readonly workspace: {
    readonly id: string;
    readonly name: string;
    readonly location: string;
    /** What `pipeline().globalParameters` reads; a data factory has them, a workspace of Synapse does not. */
    readonly globalParameters?: JsonObject;
  };
}

/** A pause on the run's clock: of an activity itself (a Wait, a poll, a loop's next round) or before its next attempt. */
export interface Wait {
  readonly activityName: string;
  readonly why: "pause" | "retry";
  readonly until: Date;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** How long to wait for the whole answer. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly statusText: string;
  /** Names as the server wrote them; several values of one name joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends one request, follows nothing, retries nothing. */
export interface HttpPort {
  /** Rejects with an `HttpFailure` when there was no complete answer. */
  send(request: HttpRequest): Promise<HttpResponse>;
}

/** No complete answer came: name not resolved, connection refused or reset, TLS, time-out, answer too large. */
export class HttpFailure extends Error {
  override readonly name = "HttpFailure";
  readonly reason: "unreachable" | "reset" | "timeout" | "tooLarge" | "aborted";

  constructor(reason: HttpFailure["reason"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** The other artifacts of the workspace, each as its `properties`; undefined when there is none of that name. */
export interface ArtifactsPort {
  /** For activities that run pipelines. */
  pipeline(name: string): PipelineSource | undefined;
  /** For what Web activities pass on, and for the vaults that hold their secrets. */
  linkedService(name: string): JsonObject | undefined;
  dataset(name: string): JsonObject | undefined;
}

/** Where other services tell that the work which a WebHook activity asked for is done. */
export interface CallbacksPort {
  /** The address to post to; the same one whenever it is asked for. */
  uri(activityRunId: string): Promise<string>;
  /** The body of the first POST to that address, also of one before this was called; rejects with the signal's reason. */
  received(activityRunId: string, signal: AbortSignal): Promise<string>;
}

/** Tokens for Web activities; rejects with an Error whose message is the sign-in service's own sentence. */
export interface IdentityPort {
  token(
    request:
      | { readonly kind: "workspace"; readonly resource: string }
      | { readonly kind: "userAssigned"; readonly credential: string; readonly resource: string }
      | {
          readonly kind: "servicePrincipal";
          readonly tenant: string;
          readonly clientId: string;
          readonly clientSecret: string;
          readonly resource: string;
        },
  ): Promise<string>;
}

/**
 * What happened in a run, in order. Records are what a client may see (already masked by secureInput and secureOutput);
 * the other entries let a run go on after the process was killed and may hold secrets: the journal encrypts them.
 */
export type JournalEntry =
  | { readonly kind: "pipelineRun"; readonly record: PipelineRun }
  | { readonly kind: "activityRun"; readonly record: ActivityRun }
  /** Anything the engine needs to go on: definition and inputs, an attempt's start, an activity's outcome, a variable. */
  | { readonly kind: "state"; readonly name: string; readonly value: Json };

export interface Journal {
  /** Durable when it returns; the entries of one call become visible together. */
  append(runId: string, entries: readonly JournalEntry[]): void;
  /** The `state` entries of a run, in the order of their writing. */
  states(runId: string): readonly { readonly name: string; readonly value: Json }[];
}
