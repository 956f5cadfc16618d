import { messageOf } from "../../../../contract/errors.js";
import type { Json } from "../../../../contract/json.js";
import { azureTimestamp, type PipelineRun } from "../../../../contract/runs.js";
import type { Engine } from "../../../engine/engine.js";
import type { Platform } from "../../../platform/platform.js";
import { createJournal } from "./journal.js";
import type { UnfinishedRun } from "./runs.js";

/**
 * Lets the runs of one workspace go on in the order of their starts, in which they waited for one another too. A run
 * whose journal cannot be read stops no other: it ends as Failed.
 */
export function resumeRuns(platform: Platform, engine: Engine, unfinished: readonly UnfinishedRun[]): void {
  for (const { workspace, runId } of unfinished) {
    try {
      const states = createJournal(platform.store, workspace).states(runId);
      if (!states.some(({ name }) => name === "run")) throw new Error("Its beginning is missing.");
      engine.resume([runId]);
    } catch (error) {
      const reason = `The journal of run ${runId} is damaged, so that the run cannot go on: ${messageOf(error)}`;
      platform.log(reason);
      endDamaged(platform, { workspace, runId, reason });
    }
  }
}

/** Ends the run and its activities in the records, and leaves a journal that says no more than this. */
function endDamaged(
  { store, clock }: Platform,
  { workspace, runId, reason }: { readonly workspace: string; readonly runId: string; readonly reason: string },
): void {
  const now = azureTimestamp(clock.now());
  store.transaction(() => {
    store.run(
      `UPDATE activity_runs SET status = 'Failed', activity_end = ?, last_updated = ?, record = json_set(record,
         '$.status', 'Failed', '$.activityRunEnd', ?, '$.error.errorCode', 'JournalDamaged', '$.error.message', ?)
         WHERE workspace = ? AND run_id = ? AND status IN ('Queued', 'InProgress')`,
      now,
      now,
      now,
      reason,
      workspace,
      runId,
    );
    const row = store.get("SELECT record FROM pipeline_runs WHERE workspace = ? AND run_id = ?", workspace, runId);
    const before = JSON.parse(String(row?.["record"])) as PipelineRun;
    const durationInMs = before.runStart === null ? null : Date.parse(now) - Date.parse(before.runStart);
    const record: PipelineRun = {
      ...before,
      status: "Failed",
      message: reason,
      runEnd: now,
      durationInMs,
      lastUpdated: now,
    };
    store.run("DELETE FROM run_states WHERE workspace = ? AND run_id = ?", workspace, runId);
    createJournal(store, workspace).append(runId, [
      { kind: "pipelineRun", record },
      { kind: "state", name: "finished", value: record as unknown as Json },
    ]);
  });
}
