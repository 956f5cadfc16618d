import type { PipelineRun, PipelineRunStatus } from "../../../../contract/runs.js";
import type { Store } from "../../../platform/store.js";

/** Listed, so that the index on the status finds the few that are not the history's many. */
const unfinishedStatuses: readonly PipelineRunStatus[] = ["Queued", "InProgress", "Canceling"];

/** A run that had not ended when the process did. */
export interface UnfinishedRun {
  /** The workspace's `key`. */
  readonly workspace: string;
  readonly runId: string;
}

/** The pipeline runs of all workspaces; a workspace is named by its `key`, a run by its id in lower case. */
export interface Runs {
  get(workspace: string, runId: string): PipelineRun | undefined;
  /** In the order of their starts. */
  unfinished(): readonly UnfinishedRun[];
  /** The id of the last run that has this value for a parameter. */
  startedWith(parameter: string, value: string): string | undefined;
  /** The other runs of the run's group are not the latest any more. */
  supersede(workspace: string, latest: PipelineRun): void;
  removeAll(workspace: string): void;
}

/** Opens the run tables. Times in them are ISO 8601 with 7 digits and `Z`, so that they compare as text. */
export function openRuns(store: Store): Runs {
  store.migrate("synapse runs", [
    `CREATE TABLE pipeline_runs (seq INTEGER PRIMARY KEY AUTOINCREMENT, workspace TEXT NOT NULL, run_id TEXT NOT NULL,
       pipeline_name TEXT NOT NULL COLLATE NOCASE, status TEXT NOT NULL, run_start TEXT, run_end TEXT,
       run_group_id TEXT NOT NULL, is_latest TEXT NOT NULL, last_updated TEXT NOT NULL, record TEXT NOT NULL,
       UNIQUE (workspace, run_id))`,
    "CREATE INDEX pipeline_runs_by_update ON pipeline_runs (workspace, last_updated)",
    "CREATE INDEX pipeline_runs_by_status ON pipeline_runs (status)",
    `CREATE TABLE activity_runs (seq INTEGER PRIMARY KEY AUTOINCREMENT, workspace TEXT NOT NULL, run_id TEXT NOT NULL,
       activity_run_id TEXT NOT NULL, pipeline_name TEXT NOT NULL COLLATE NOCASE, activity_name TEXT NOT NULL,
       activity_type TEXT NOT NULL, status TEXT NOT NULL, activity_start TEXT NOT NULL, activity_end TEXT,
       last_updated TEXT NOT NULL, record TEXT NOT NULL, UNIQUE (workspace, run_id, activity_run_id))`,
    `CREATE TABLE run_states (seq INTEGER PRIMARY KEY AUTOINCREMENT, workspace TEXT NOT NULL, run_id TEXT NOT NULL,
       name TEXT NOT NULL, sealed TEXT NOT NULL)`,
    "CREATE INDEX run_states_by_run ON run_states (workspace, run_id)",
  ]);
  store.migrate("synapse runs: activities in order, ends, groups", [
    "CREATE INDEX activity_runs_by_run ON activity_runs (workspace, run_id)",
    "CREATE INDEX pipeline_runs_by_end ON pipeline_runs (run_end)",
    "CREATE INDEX pipeline_runs_by_group ON pipeline_runs (workspace, run_group_id)",
  ]);
  return {
    get(workspace, runId) {
      const row = store.get("SELECT record FROM pipeline_runs WHERE workspace = ? AND run_id = ?", workspace, runId);
      return row && (JSON.parse(String(row["record"])) as PipelineRun);
    },
    unfinished: () =>
      store
        .all(
          "SELECT workspace, run_id FROM pipeline_runs WHERE status IN (SELECT value FROM json_each(?)) ORDER BY seq",
          JSON.stringify(unfinishedStatuses),
        )
        .map((row) => ({ workspace: String(row["workspace"]), runId: String(row["run_id"]) })),
    startedWith(parameter, value) {
      const row = store.get(
        "SELECT run_id FROM pipeline_runs WHERE json_extract(record, ?) = ? ORDER BY seq DESC LIMIT 1",
        `$.parameters.${JSON.stringify(parameter)}`,
        value,
      );
      return row && String(row["run_id"]);
    },
    supersede: (workspace, { runId, runGroupId }) =>
      store.run(
        `UPDATE pipeline_runs SET is_latest = 'false', record = json_set(record, '$.isLatest', json('false'))
           WHERE workspace = ? AND run_group_id = ? AND run_id <> ? AND is_latest = 'true'`,
        workspace,
        runGroupId,
        runId,
      ),
    removeAll: (workspace) =>
      store.transaction(() => {
        for (const table of ["pipeline_runs", "activity_runs", "run_states"]) {
          store.run(`DELETE FROM ${table} WHERE workspace = ?`, workspace);
        }
      }),
  };
}
