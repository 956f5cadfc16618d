import type { Platform } from "../../../platform/platform.js";
import type { Row } from "../../../platform/store.js";
import { sameId, types } from "../names.js";
import { type JobRecord, jobResourceBody, terminalStatuses } from "./record.js";

/** Every batch job, durable. The ARM resource of a job changes with it. */
export interface Jobs {
  get(name: string): JobRecord | undefined;
  /** The job of a run id: its own or its child's. */
  ofRun(workspaceId: string, runId: string): JobRecord | undefined;
  save(job: JobRecord): void;
  unfinished(): readonly JobRecord[];
  of(workspaceId: string): readonly JobRecord[];
  /** Takes the jobs' ARM resources away with their workspace; the jobs are kept as long as it is. */
  hideAll(workspaceId: string): void;
  /** The ARM resources of a recovered workspace's jobs. */
  showAll(workspaceId: string): void;
  /** Ends the jobs of a workspace that nobody can recover. */
  removeAll(workspaceId: string): void;
}

export function openJobs({ store, resources }: Platform): Jobs {
  store.migrate("machineLearningJobs", [
    `CREATE TABLE machine_learning_jobs (name TEXT PRIMARY KEY, child_run_id TEXT NOT NULL, workspace TEXT NOT NULL,
       finished INTEGER NOT NULL, record TEXT NOT NULL)`,
    "CREATE INDEX machine_learning_jobs_by_workspace ON machine_learning_jobs (workspace)",
  ]);
  const toJob = (row: Row) => JSON.parse(String(row["record"])) as JobRecord;
  const resourceId = ({ workspaceId, name }: JobRecord) => `${workspaceId}/jobs/${name}`;
  const show = (job: JobRecord) => {
    const id = resourceId(job);
    resources.put({ id, type: types.job, name: job.name, createdWith: "2025-12-01", body: jobResourceBody(job) });
  };
  const ofWorkspace = (workspaceId: string) =>
    store
      .all("SELECT * FROM machine_learning_jobs WHERE workspace = ? ORDER BY rowid", workspaceId.toLowerCase())
      .map(toJob);
  return {
    get: (name) => store.all("SELECT * FROM machine_learning_jobs WHERE name = ?", name.toLowerCase()).map(toJob)[0],
    ofRun: (workspaceId, runId) =>
      store
        .all("SELECT * FROM machine_learning_jobs WHERE name = ?1 OR child_run_id = ?1", runId.toLowerCase())
        .map(toJob)
        .find((job) => sameId(job.workspaceId, workspaceId)),
    save(job) {
      store.transaction(() => {
        store.run(
          `INSERT INTO machine_learning_jobs VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET finished = excluded.finished, record = excluded.record`,
          job.name,
          job.childRunId,
          job.workspaceId.toLowerCase(),
          terminalStatuses.includes(job.status) ? 1 : 0,
          JSON.stringify(job),
        );
        show(job);
      });
    },
    unfinished: () => store.all("SELECT * FROM machine_learning_jobs WHERE finished = 0 ORDER BY rowid").map(toJob),
    of: ofWorkspace,
    hideAll(workspaceId) {
      for (const job of ofWorkspace(workspaceId)) resources.remove(resourceId(job));
    },
    showAll: (workspaceId) => ofWorkspace(workspaceId).forEach(show),
    removeAll: (workspaceId) =>
      store.run("DELETE FROM machine_learning_jobs WHERE workspace = ?", workspaceId.toLowerCase()),
  };
}
