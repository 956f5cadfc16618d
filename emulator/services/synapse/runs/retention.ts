import { azureTimestamp } from "../../../../contract/runs.js";
import type { Platform } from "../../../platform/platform.js";

const dayMs = 24 * 60 * 60 * 1000;
/** How long the service keeps the records of runs (limits of Data Factory and Synapse pipelines). */
const keptMs = 45 * dayMs;

/** Forgets what is older than the service would keep it. */
export interface Retention {
  /**
   * Once a day of the emulator's clock, else nothing. It is called when something new is written, for nothing grows
   * without that: a timer of its own would keep a virtual clock going for ever.
   */
  apply(): void;
}

/** Over the tables of runs, activity runs, their journals, trigger runs, callbacks and finished operations. */
export function createRetention({ store, clock }: Pick<Platform, "store" | "clock">): Retention {
  let applied: number | undefined;
  return {
    apply() {
      const now = clock.now().getTime();
      if (applied !== undefined && now - applied < dayMs) return;
      applied = now;
      const oldest = azureTimestamp(new Date(now - keptMs));
      store.transaction(() => {
        for (const table of ["activity_runs", "run_states"]) {
          store.run(
            `DELETE FROM ${table} WHERE (workspace, run_id) IN
               (SELECT workspace, run_id FROM pipeline_runs WHERE run_end < ?)`,
            oldest,
          );
        }
        store.run("DELETE FROM pipeline_runs WHERE run_end < ?", oldest);
        store.run("DELETE FROM trigger_runs WHERE last_updated < ?", oldest);
        store.run("DELETE FROM synapse_operations WHERE created_at < ?", oldest);
        // whoever still waits for one is a run that has not ended
        store.run(
          `DELETE FROM synapse_callbacks WHERE created_at < ? AND activity_run_id NOT IN
             (SELECT activity_run_id FROM activity_runs WHERE status = 'InProgress')`,
          oldest,
        );
      });
    },
  };
}
