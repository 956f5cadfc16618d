import { z } from "zod";
import type { Row, Store } from "../../platform/store.js";
import { type ApiVersion, apiVersions, type JobRequest } from "./jobRequest.js";

/** In the order of the service's numbers, from 0. */
export const statusWords = ["NotStarted", "Running", "Failed", "Cancelled", "Finished"] as const;
export type JobStatus = (typeof statusWords)[number];

export const isTerminal = (status: JobStatus): boolean => status !== "NotStarted" && status !== "Running";

const jobRecord = z.object({
  /** 32 hexadecimal digits. */
  id: z.string(),
  endpointId: z.string(),
  /** The version of the API that it was submitted with. */
  version: z.enum(apiVersions),
  status: z.enum(statusWords),
  /** Why it failed. */
  details: z.string().optional(),
  /** How often the work was begun: more than once after a killed process. */
  attempts: z.number(),
  /** SHA-256 of the training file, in hexadecimal, as it was first read. */
  inputDigest: z.string().optional(),
  /** ISO 8601 */
  createdAt: z.string(),
});

/** A job, without what it was asked for. */
export type Job = Readonly<z.infer<typeof jobRecord>>;

/** Every job, durable; what a job was asked for is encrypted. */
export interface Jobs {
  get(endpointId: string, id: string): Job | undefined;
  add(job: { id: string; endpointId: string; version: ApiVersion; createdAt: string }, request: JobRequest): void;
  /** Overwrites what may change; nothing happens to a job that was removed. */
  save(job: Job): void;
  requestOf(id: string): JobRequest;
  /** Those that a killed process was working on. */
  running(): readonly Job[];
  of(endpointId: string): readonly Job[];
  remove(id: string): void;
}

export function openJobs(store: Store): Jobs {
  store.migrate("studioClassicJobs", [
    `CREATE TABLE studio_classic_jobs (id TEXT PRIMARY KEY, endpoint TEXT NOT NULL, status TEXT NOT NULL,
       record TEXT NOT NULL, sealed_request TEXT NOT NULL)`,
    "CREATE INDEX studio_classic_jobs_by_status ON studio_classic_jobs (status)",
  ]);
  const read = (row: Row): Job => jobRecord.parse(JSON.parse(String(row["record"])));
  return {
    get: (endpointId, id) =>
      store
        .all(
          "SELECT record FROM studio_classic_jobs WHERE id = ? AND endpoint = ?",
          id.toLowerCase(),
          endpointId.toLowerCase(),
        )
        .map(read)[0],
    add(given, request) {
      const job: Job = { ...given, status: "NotStarted", attempts: 0 };
      store.run(
        "INSERT INTO studio_classic_jobs VALUES (?, ?, ?, ?, ?)",
        job.id,
        job.endpointId,
        job.status,
        JSON.stringify(job),
        store.seal(JSON.stringify(request)),
      );
    },
    save: (job) =>
      store.run(
        "UPDATE studio_classic_jobs SET status = ?, record = ? WHERE id = ?",
        job.status,
        JSON.stringify(job),
        job.id,
      ),
    requestOf(id) {
      const row = store.all("SELECT sealed_request FROM studio_classic_jobs WHERE id = ?", id)[0];
      if (!row) throw new Error(`there is no job ${id}`);
      return JSON.parse(store.unseal(String(row["sealed_request"]))) as JobRequest;
    },
    running: () =>
      store.all("SELECT record FROM studio_classic_jobs WHERE status = 'Running' ORDER BY rowid").map(read),
    of: (endpointId) =>
      store.all("SELECT record FROM studio_classic_jobs WHERE endpoint = ? ORDER BY rowid", endpointId).map(read),
    remove: (id) => store.run("DELETE FROM studio_classic_jobs WHERE id = ?", id),
  };
}
