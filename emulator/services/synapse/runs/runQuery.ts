import type { JsonObject } from "../../../../contract/json.js";
import type { ActivityRun, PipelineRun } from "../../../../contract/runs.js";
import type { Store } from "../../../platform/store.js";
import { decodePlace, encodePlace } from "../paging.js";
import type { Columns, RunFilter } from "./runFilter.js";

/** A page of runs; the token is absent on the last one. */
export interface RunPage<Run> {
  readonly value: readonly Run[];
  readonly continuationToken?: string;
}

const pageSize = 100;

const text = (column: string, sortable = true) => ({ column, kind: "text", sortable }) as const;
const moment = (column: string) => ({ column, kind: "moment", sortable: true }) as const;

/** What queryPipelineRuns may be filtered and ordered by. */
export const pipelineRunColumns: Columns = {
  PipelineName: text("pipeline_name"),
  Status: text("status"),
  RunStart: moment("run_start"),
  RunEnd: moment("run_end"),
  RunGroupId: text("run_group_id", false),
  LatestOnly: { column: "is_latest", kind: "flag", sortable: false },
};

/** What queryActivityruns may be filtered and ordered by. */
export const activityRunColumns: Columns = {
  ActivityName: text("activity_name"),
  Status: text("status"),
  ActivityRunStart: moment("activity_start"),
  ActivityRunEnd: moment("activity_end"),
  ActivityType: text("activity_type", false),
  PipelineName: text("pipeline_name"),
};

/** What queryTriggerRuns may be filtered and ordered by. */
export const triggerRunColumns: Columns = {
  TriggerName: text("trigger_name"),
  TriggerRunTimestamp: moment("last_updated"),
  Status: text("status"),
};

/** The workspace's runs, oldest first unless ordered otherwise. */
export function queryPipelineRuns(store: Store, workspace: string, filter: RunFilter): RunPage<PipelineRun> {
  return queryPage(store, "pipeline_runs", [{ sql: "workspace = ?", value: workspace }], filter);
}

/** The activity runs of one pipeline run, in the order of their start unless ordered otherwise. */
export function queryActivityRuns(
  store: Store,
  run: { readonly workspace: string; readonly pipelineName: string; readonly runId: string },
  filter: RunFilter,
): RunPage<ActivityRun> {
  const conditions = [
    { sql: "workspace = ?", value: run.workspace },
    { sql: "run_id = ?", value: run.runId },
    { sql: "pipeline_name = ?", value: run.pipelineName },
  ];
  return queryPage(store, "activity_runs", conditions, filter);
}

/** The firings of the workspace's triggers, oldest first unless ordered otherwise; records as they are listed. */
export function queryTriggerRuns(store: Store, workspace: string, filter: RunFilter): RunPage<JsonObject> {
  return queryPage(store, "trigger_runs", [{ sql: "workspace = ?", value: workspace }], filter);
}

function queryPage<Run>(
  store: Store,
  table: "pipeline_runs" | "activity_runs" | "trigger_runs",
  place: RunFilter["conditions"],
  filter: RunFilter,
): RunPage<Run> {
  const { offset, newest } = decodePlace(filter.continuationToken) ?? { offset: 0 };
  const last = newest ?? Number(store.get(`SELECT COALESCE(MAX(seq), 0) AS last FROM ${table}`)?.["last"]);
  const conditions = [...place, ...filter.conditions];
  const rows = store.all(
    `SELECT record FROM ${table} WHERE ${conditions.map(({ sql }) => sql).join(" AND ")} AND seq <= ?
       ORDER BY ${[...filter.order, "seq"].join(", ")} LIMIT ? OFFSET ?`,
    ...conditions.map(({ value }) => value),
    last,
    pageSize + 1,
    offset,
  );
  const value = rows.slice(0, pageSize).map((row) => JSON.parse(String(row["record"])) as Run);
  if (rows.length <= pageSize) return { value };
  return { value, continuationToken: encodePlace({ offset: offset + pageSize, newest: last }) };
}
