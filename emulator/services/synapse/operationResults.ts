import { azureTimestamp } from "../../../contract/runs.js";
import type { Platform } from "../../platform/platform.js";
import type { Operations } from "./endpoint.js";
import { operationNotFound } from "./errors.js";
import { actions } from "./roles/permissions.js";

/** How a long-running operation ended: the status and body that its poll URL answers; no body is an empty answer. */
export interface Outcome {
  readonly status: number;
  readonly body: unknown;
}

/** Finished artifact operations. Nothing here takes longer than the request that started it. */
export interface OperationResults {
  /** Keeps the outcome and returns the operation's id and its number. */
  add(workspace: string, outcome: Outcome): { readonly id: string; readonly recordId: number };
  removeAll(workspace: string): void;
  get(workspace: string, id: string): Outcome | undefined;
}

/** Opens the table of finished operations. */
export function openOperationResults({
  store,
  ids,
  clock,
}: Pick<Platform, "store" | "ids" | "clock">): OperationResults {
  store.migrate("synapse operations", [
    `CREATE TABLE synapse_operations (record_id INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
       workspace TEXT NOT NULL, status INTEGER NOT NULL, body TEXT)`,
  ]);
  store.migrate("synapse operations: when they were made", [
    "ALTER TABLE synapse_operations ADD COLUMN created_at TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX synapse_operations_by_creation ON synapse_operations (created_at)",
  ]);
  return {
    add(workspace, { status, body }) {
      const id = ids.uuid();
      const text = body === undefined ? null : JSON.stringify(body);
      store.run(
        "INSERT INTO synapse_operations (id, workspace, status, body, created_at) VALUES (?, ?, ?, ?, ?)",
        id,
        workspace,
        status,
        text,
        azureTimestamp(clock.now()),
      );
      return { id, recordId: Number(store.get("SELECT last_insert_rowid() AS id")?.["id"]) };
    },
    get(workspace, id) {
      const row = store.get(
        "SELECT status, body FROM synapse_operations WHERE workspace = ? AND id = ?",
        workspace,
        id.toLowerCase(),
      );
      if (!row) return undefined;
      const body = row["body"];
      return { status: Number(row["status"]), body: typeof body === "string" ? JSON.parse(body) : undefined };
    },
    removeAll: (workspace) => store.run("DELETE FROM synapse_operations WHERE workspace = ?", workspace),
  };
}

/** `GET /operationResults/{id}`: the poll URL of the artifact operations. */
export function operationRoute(operation: Operations, results: OperationResults): void {
  operation("GET", "/operationResults/:id", [{ action: actions.read }], ({ workspace, params, reply }) => {
    const outcome = results.get(workspace.key, String(params["id"]));
    if (!outcome) throw operationNotFound(String(params["id"]));
    return reply.code(outcome.status).send(outcome.body);
  });
}
