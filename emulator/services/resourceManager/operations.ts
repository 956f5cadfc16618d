import type { Json, JsonObject } from "../../../contract/json.js";
import { AzureError } from "../../platform/errors.js";
import type { Platform } from "../../platform/platform.js";
import type { Row } from "../../platform/store.js";

/** A long-running operation as it is stored; a poll finds it also after a restart. Times are ISO 8601. */
export interface Operation {
  readonly id: string;
  readonly kind: "put" | "delete";
  readonly resourceId: string;
  readonly callerId: string;
  readonly apiVersion: string;
  readonly status: "InProgress" | "Succeeded" | "Failed";
  readonly failure: { readonly status: number; readonly body: JsonObject } | undefined;
  readonly startedOn: string;
  readonly endedOn: string | undefined;
}

export interface Operations {
  /** Records the beginning. `request` is what is needed to go on after a restart; it may hold secrets. */
  begin(start: Pick<Operation, "kind" | "resourceId" | "callerId" | "apiVersion">, request: Json): Operation;
  /** Does the work and records its outcome; rejects with the work's error. */
  run(operation: Operation, work: () => Promise<void>): Promise<void>;
  /** The same without anybody waiting: an error is only recorded. */
  runInBackground(operation: Operation, work: () => Promise<void>): void;
  get(id: string): Operation | undefined;
  /** What is being done with the resource just now. */
  busyWith(resourceId: string): Operation["kind"] | undefined;
  /** The first resource, this one or one below it, with which something is being done. */
  busyWithin(resourceId: string): string | undefined;
  /** What a killed process left, with its request. */
  unfinished(): readonly { readonly operation: Operation; readonly request: Json }[];
  /** Resolves when nothing runs in this process. */
  settled(): Promise<void>;
}

/** How long Azure tells of an operation that has ended. */
const keptMs = 24 * 60 * 60 * 1000;

export function openOperations({ store, clock, ids, log }: Platform): Operations {
  store.migrate("operations", [
    `CREATE TABLE operations (id TEXT PRIMARY KEY, kind TEXT NOT NULL, resource_key TEXT NOT NULL,
       resource_id TEXT NOT NULL, caller_id TEXT NOT NULL, api_version TEXT NOT NULL, status TEXT NOT NULL,
       failure TEXT, started_on TEXT NOT NULL, ended_on TEXT, sealed_request TEXT)`,
    "CREATE INDEX operations_by_resource ON operations (resource_key, status)",
  ]);
  store.migrate("operations by end", ["CREATE INDEX operations_by_end ON operations (ended_on)"]);
  const running = new Set<Promise<void>>();
  const end = (operation: Operation, status: Operation["status"], failure: string | null) =>
    store.run(
      "UPDATE operations SET status = ?, failure = ?, ended_on = ?, sealed_request = NULL WHERE id = ?",
      status,
      failure,
      clock.now().toISOString(),
      operation.id,
    );
  const recorded = async (operation: Operation, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      end(operation, "Failed", JSON.stringify(failureOf(error)));
      throw error;
    }
    end(operation, "Succeeded", null);
  };
  const run = (operation: Operation, work: () => Promise<void>) => {
    const done = recorded(operation, work);
    const forget = () => running.delete(done);
    running.add(done);
    done.then(forget, forget);
    return done;
  };
  return {
    begin(start, request) {
      const id = ids.uuid();
      const present = clock.now();
      const startedOn = present.toISOString();
      const forgotten = new Date(present.getTime() - keptMs).toISOString();
      store.run("DELETE FROM operations WHERE ended_on < ?", forgotten);
      const { kind, resourceId, callerId, apiVersion } = start;
      const sealed = store.seal(JSON.stringify(request));
      store.run(
        "INSERT INTO operations VALUES (?, ?, ?, ?, ?, ?, 'InProgress', NULL, ?, NULL, ?)",
        id,
        kind,
        resourceId.toLowerCase(),
        resourceId,
        callerId,
        apiVersion,
        startedOn,
        sealed,
      );
      return { ...start, id, status: "InProgress", failure: undefined, startedOn, endedOn: undefined };
    },
    run,
    runInBackground(operation, work) {
      run(operation, work).catch((error: unknown) => {
        if (!(error instanceof AzureError)) log(`${operation.resourceId}: ${String(error)}`);
      });
    },
    get: (id) => store.all("SELECT * FROM operations WHERE id = ?", id).map(toOperation)[0],
    busyWith: (resourceId) =>
      store
        .all("SELECT * FROM operations WHERE resource_key = ? AND status = 'InProgress'", resourceId.toLowerCase())
        .map(toOperation)[0]?.kind,
    busyWithin(resourceId) {
      const key = resourceId.toLowerCase();
      return store
        .all(
          `SELECT * FROM operations WHERE status = 'InProgress'
             AND (resource_key = ? OR (resource_key >= ? AND resource_key < ?)) ORDER BY resource_key`,
          key,
          `${key}/`,
          `${key}0`,
        )
        .map(toOperation)[0]?.resourceId;
    },
    unfinished: () =>
      store.all("SELECT * FROM operations WHERE status = 'InProgress' ORDER BY started_on").map((row) => ({
        operation: toOperation(row),
        request: JSON.parse(store.unseal(String(row["sealed_request"]))) as Json,
      })),
    settled: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

function failureOf(error: unknown): { status: number; body: JsonObject } {
  if (error instanceof AzureError) return { status: error.status, body: error.body };
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, body: { error: { code: "InternalServerError", message } } };
}

function toOperation(row: Row): Operation {
  return {
    id: String(row["id"]),
    kind: row["kind"] as Operation["kind"],
    resourceId: String(row["resource_id"]),
    callerId: String(row["caller_id"]),
    apiVersion: String(row["api_version"]),
    status: row["status"] as Operation["status"],
    failure: row["failure"] === null ? undefined : JSON.parse(String(row["failure"])),
    startedOn: String(row["started_on"]),
    endedOn: row["ended_on"] === null ? undefined : String(row["ended_on"]),
  };
}
