import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import { parseJson } from "../http/parseJson.js";

const schema = z.object({
  /** The service's address, the file's content, label and task: another call is another job. */
  fingerprint: z.string(),
  /** `<container>/<path>` of the job's blobs. */
  location: z.string(),
  jobId: z.string(),
  /** `submitted` until the outputs are here, `trained` once they are, `done` when the service has forgotten the job. */
  stage: z.enum(["submitted", "trained", "done"]),
  /** When the outputs came here, ISO 8601. */
  trainedAt: z.iso.datetime().optional(),
});

/** What must be known to go on with a job; holds no secret. */
export type JobRecord = z.infer<typeof schema>;

/** The folder of one training: its record, and the outputs once they are here. */
export interface JobFolder {
  readonly path: string;
  /** The record of a job of this fingerprint; undefined where there is none, or one of another call. */
  read(fingerprint: string): Promise<JobRecord | undefined>;
  write(record: JobRecord): Promise<void>;
  /** Forgets the job. */
  clear(): Promise<void>;
  readOutput(name: string): Promise<Buffer>;
  writeOutput(name: string, content: Buffer): Promise<void>;
}

/** Opens the folder, making it where it is missing; rejects with exit code 3 where it cannot be written to. */
export async function openJobFolder(folder: string): Promise<JobFolder> {
  const file = path.join(folder, "job.json");
  await usable(folder, () => mkdir(folder, { recursive: true }));
  const replace = async (target: string, content: string | Buffer) => {
    await usable(folder, async () => {
      // whoever reads it sees the old one or the new one, whenever this process ends
      await writeFile(`${target}.part`, content, { mode: 0o600 });
      await rename(`${target}.part`, target);
    });
  };
  return {
    path: folder,
    async read(fingerprint) {
      const text = await readFile(file, "utf8").catch(() => undefined);
      if (text === undefined) return undefined;
      const record = schema.safeParse(parseJson(text));
      return record.success && record.data.fingerprint === fingerprint ? record.data : undefined;
    },
    write: (record) => replace(file, `${JSON.stringify(record, undefined, 2)}\n`),
    clear: () => rm(file, { force: true }),
    readOutput: (name) => usable(folder, () => readFile(path.join(folder, name))),
    writeOutput: (name, content) => replace(path.join(folder, name), content),
  };
}

async function usable<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw new ProgramError(exitCodes.unavailable, `the folder ${folder} cannot be used: ${messageOf(thrown)}`, {
      cure: "name another one: --out <folder>",
      cause: thrown,
    });
  }
}
