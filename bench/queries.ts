import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openStore, type Store } from "../emulator/platform/store.js";
import { readRunFilter } from "../emulator/services/synapse/runs/runFilter.js";
import { activityRunColumns, queryActivityRuns } from "../emulator/services/synapse/runs/runQuery.js";
import { openRuns } from "../emulator/services/synapse/runs/runs.js";
import { type Figure, median } from "./figure.js";

const activitiesOfOneRun = 20;
/** How many runs write their activities at the same time. */
const atOnce = 10;
const histories = [1_000, 1_000_000] as const;
/** Runs from all over the history, each asked for again and again, as one who watches does. */
const [watched, askedTimes] = [30, 10];
const workspace = "/subscriptions/s/resourcegroups/g/providers/microsoft.synapse/workspaces/w";

/** What it takes to query the activity runs of one pipeline run, as queryActivityruns does, in two lengths of history. */
export async function queries(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "synapse-batch-bench-"));
  try {
    const [short, long] = histories.map((rows) => timeWith(path.join(folder, `${rows}.db`), rows));
    const name = (rows: number) => `one run's activities out of ${rows.toLocaleString("en-US")}`;
    const [first, second] = [name(histories[0]), name(histories[1])];
    const ratio = Math.round((Number(long) / Number(short)) * 100) / 100;
    return [
      { name: first, value: Number(short), unit: "ms", peer: null, ratio: null },
      { name: second, value: Number(long), unit: "ms", peer: first, ratio },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The median time of one query in milliseconds. */
function timeWith(file: string, rows: number): number {
  const store = openStore(file, Buffer.alloc(32));
  try {
    openRuns(store);
    fill(store, rows);
    const runs = rows / activitiesOfOneRun;
    const present = new Date();
    const times = Array.from({ length: watched * askedTimes }, (_, index) => {
      const runId = `run-${Math.floor((Math.floor(index / askedTimes) * runs) / watched)}`;
      const body = { lastUpdatedAfter: "2000-01-01T00:00:00Z", lastUpdatedBefore: "2100-01-01T00:00:00Z" };
      const options = { columns: activityRunColumns, windowRequired: false, realNow: present, now: present };
      const begun = performance.now();
      const { value } = queryActivityRuns(store, { workspace, pipelineName: "p", runId }, readRunFilter(body, options));
      const elapsed = performance.now() - begun;
      if (value.length !== activitiesOfOneRun) throw new Error(`${runId} has ${value.length} activities`);
      return elapsed;
    });
    return Math.round(median(times) * 1000) / 1000;
  } finally {
    store.close();
  }
}

/** Rows as long as real ones, written by the database itself; those of runs that go on at once lie between each other. */
function fill(store: Store, rows: number): void {
  const record = JSON.stringify({ activityName: "a", status: "Succeeded", input: {}, output: "x".repeat(500) });
  store.transaction(() =>
    store.run(
      `WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < ?)
         INSERT INTO activity_runs (workspace, run_id, activity_run_id, pipeline_name, activity_name, activity_type, status,
           activity_start, activity_end, last_updated, record)
         SELECT ?, 'run-' || (n / ${activitiesOfOneRun * atOnce} * ${atOnce} + n % ${atOnce}), 'activity-' || n, 'p', 'a', 'Wait', 'Succeeded', '2026-01-01T00:00:00.0000000Z',
           '2026-01-01T00:00:01.0000000Z', '2026-01-01T00:00:01.0000000Z', ? FROM number`,
      rows,
      workspace,
      record,
    ),
  );
}
