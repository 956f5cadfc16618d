import type { Json } from "../../../../contract/json.js";
import type { ActivityRun, PipelineRun } from "../../../../contract/runs.js";
import type { Journal } from "../../../engine/ports.js";
import type { Store } from "../../../platform/store.js";

/** The engine's journal of one workspace on the tables that `openRuns` made; `state` entries are encrypted. */
export function createJournal(store: Store, workspace: string): Journal {
  return {
    append: (runId, entries) =>
      store.transaction(() => {
        for (const entry of entries) {
          if (entry.kind === "pipelineRun") writePipelineRun(store, workspace, entry.record);
          else if (entry.kind === "activityRun") writeActivityRun(store, workspace, entry.record);
          else writeState(store, workspace, runId, entry);
        }
      }),
    states: (runId) =>
      store
        .all("SELECT name, sealed FROM run_states WHERE workspace = ? AND run_id = ? ORDER BY seq", workspace, runId)
        .map((row) => ({
          name: String(row["name"]),
          value: JSON.parse(store.unseal(String(row["sealed"]))) as Json,
        })),
  };
}

function writePipelineRun(store: Store, workspace: string, record: PipelineRun): void {
  store.run(
    `INSERT INTO pipeline_runs (workspace, run_id, pipeline_name, status, run_start, run_end, run_group_id, is_latest,
         last_updated, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (workspace, run_id) DO UPDATE SET status = excluded.status, run_start = excluded.run_start,
         run_end = excluded.run_end, is_latest = excluded.is_latest, last_updated = excluded.last_updated,
         record = excluded.record`,
    workspace,
    record.runId,
    record.pipelineName,
    record.status,
    record.runStart,
    record.runEnd,
    record.runGroupId,
    String(record.isLatest),
    record.lastUpdated,
    JSON.stringify(record),
  );
}

function writeActivityRun(store: Store, workspace: string, record: ActivityRun): void {
  store.run(
    `INSERT INTO activity_runs (workspace, run_id, activity_run_id, pipeline_name, activity_name, activity_type, status,
         activity_start, activity_end, last_updated, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (workspace, run_id, activity_run_id) DO UPDATE SET status = excluded.status,
         activity_start = excluded.activity_start, activity_end = excluded.activity_end,
         last_updated = excluded.last_updated, record = excluded.record`,
    workspace,
    record.pipelineRunId,
    record.activityRunId,
    record.pipelineName,
    record.activityName,
    record.activityType,
    record.status,
    record.activityRunStart,
    record.activityRunEnd,
    record.activityRunEnd ?? record.activityRunStart,
    JSON.stringify(record),
  );
}

function writeState(store: Store, workspace: string, runId: string, state: { name: string; value: Json }): void {
  store.run(
    "INSERT INTO run_states (workspace, run_id, name, sealed) VALUES (?, ?, ?, ?)",
    workspace,
    runId,
    state.name,
    store.seal(JSON.stringify(state.value)),
  );
}
