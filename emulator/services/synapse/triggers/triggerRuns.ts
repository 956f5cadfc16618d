import type { Ids } from "../../../../contract/ids.js";
import type { JsonObject } from "../../../../contract/json.js";
import { azureTimestamp } from "../../../../contract/runs.js";
import { ticksOf } from "../../../engine/expressions/ticks.js";
import type { Store } from "../../../platform/store.js";

/** One firing of a trigger. */
export interface TriggerRun {
  readonly id: string;
  readonly triggerName: string;
  readonly status: "Succeeded" | "Failed";
  /** Why no run, or not every run, could be started; else empty. */
  readonly message: string;
  /** The moment of the schedule, and the one at which the trigger really fired. */
  readonly scheduled: Date;
  readonly fired: Date;
  /** Pipeline → the run that was started. */
  readonly pipelineRuns: Readonly<Record<string, string>>;
}

/** The firings of all triggers; a workspace is named by its `key`. */
export interface TriggerRuns {
  add(workspace: string, run: TriggerRun): void;
  /** The scheduled moment and the pipeline runs of a firing. */
  get(
    workspace: string,
    triggerName: string,
    id: string,
  ): { readonly scheduled: Date; readonly pipelineRunIds: readonly string[] } | undefined;
  removeAll(workspace: string): void;
}

/** Opens the table of trigger runs; `last_updated` is ISO 8601 with 7 digits and `Z`, so that it compares as text. */
export function openTriggerRuns(store: Store): TriggerRuns {
  store.migrate("synapse trigger runs", [
    `CREATE TABLE trigger_runs (seq INTEGER PRIMARY KEY AUTOINCREMENT, workspace TEXT NOT NULL, id TEXT NOT NULL,
       trigger_name TEXT NOT NULL COLLATE NOCASE, status TEXT NOT NULL, scheduled INTEGER NOT NULL,
       last_updated TEXT NOT NULL, record TEXT NOT NULL, UNIQUE (workspace, id))`,
    "CREATE INDEX trigger_runs_by_update ON trigger_runs (last_updated)",
  ]);
  return {
    add: (workspace, run) =>
      store.run(
        `INSERT INTO trigger_runs (workspace, id, trigger_name, status, scheduled, last_updated, record)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        workspace,
        run.id,
        run.triggerName,
        run.status,
        run.scheduled.getTime(),
        azureTimestamp(run.fired),
        JSON.stringify(toRecord(run)),
      ),
    get(workspace, triggerName, id) {
      const row = store.get(
        "SELECT scheduled, record FROM trigger_runs WHERE workspace = ? AND id = ? AND trigger_name = ?",
        workspace,
        id,
        triggerName,
      );
      if (!row) return undefined;
      const { triggeredPipelines } = JSON.parse(String(row["record"])) as ReturnType<typeof toRecord>;
      return { scheduled: new Date(Number(row["scheduled"])), pipelineRunIds: Object.values(triggeredPipelines) };
    },
    removeAll: (workspace) => store.run("DELETE FROM trigger_runs WHERE workspace = ?", workspace),
  };
}

/** A trigger run as queryTriggerRuns lists it (TriggerRun, 2020-12-01). */
function toRecord(run: TriggerRun) {
  const properties: JsonObject = { TriggerTime: usTime(run.fired), ScheduleTime: usTime(run.scheduled) };
  return {
    triggerName: run.triggerName,
    triggerRunId: run.id,
    triggerType: "ScheduleTrigger",
    triggerRunTimestamp: azureTimestamp(run.fired),
    status: run.status,
    message: run.message,
    properties,
    triggeredPipelines: run.pipelineRuns,
  };
}

/** `6/16/2018 12:43:15 AM`, in UTC. */
function usTime(moment: Date): string {
  return moment.toLocaleString("en-US", { timeZone: "UTC" }).replace(",", "").replace("\u202f", " ");
}

const mostTicks = 2n ** 63n - 1n;

/** In the service's form: what is left of .NET's ticks, so that later ones sort first, then what makes it unique. */
export function newTriggerRunId(now: Date, ids: Ids): string {
  const unique = Number.parseInt(ids.uuid().slice(0, 8), 16) % 1_000_000_000;
  const left = (mostTicks - ticksOf(now)).toString().padStart(20, "0");
  return `${left}${String(unique).padStart(9, "0")}CU00`;
}
