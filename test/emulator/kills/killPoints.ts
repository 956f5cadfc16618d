import { randomUUID } from "node:crypto";
import { cpSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { StackOutputs } from "../../../contract/stackOutputs.js";
import { outputsFile } from "../../../emulator/environment.js";
import { seededRandom } from "../../../emulator/platform/faults/seededRandom.js";
import type { Store } from "../../../emulator/platform/store.js";
import { openStateFolder, type StateFolder } from "../../../emulator/stateFolder.js";
import { workspaceIdOf } from "../../../runtime/machineLearning/deployedModel.js";
import { runCli } from "../../helpers/cli.js";
import { type EmulatorProcess, startEmulatorProcess } from "../../helpers/emulatorProcess.js";
import { testStateFolder } from "../../helpers/testEmulator.js";
import { normalised, type Recorded, recorded } from "./runRecords.js";
import { allowBlobs, lost, writeUntilGone } from "./writes.js";

const sample = path.resolve(import.meta.dirname, "../../../samples/example-data/taxibatch.csv");
const synapse = "https://dev.azuresynapse.net";

/** A deployed state folder that is copied for each kill, and what a run in it looks like that nobody disturbs. */
export interface Undisturbed {
  readonly folder: StateFolder;
  readonly outputs: StackOutputs;
  readonly records: Recorded;
  /** How often the database's log changed while the run and the writes went on. */
  readonly changes: number;
}

/** How much of the sample is scored: a job that takes long is no better a target. */
const lines = 40;

/** Deploys once and lets one run end in a copy. */
export async function undisturbed(): Promise<Undisturbed> {
  const folder = testStateFolder();
  const input = `${folder.path}.csv`;
  writeFileSync(input, readFileSync(sample, "utf8").split("\n").slice(0, lines).join("\n"));
  const { code, stderr } = await runCli(["emulator", "deploy", "--input", input], { SYNAPSE_BATCH_HOME: folder.path });
  expect(code, stderr).toBe(0);
  const outputs = JSON.parse(readFileSync(outputsFile(folder.path), "utf8")) as StackOutputs;
  const copy = copyOf(folder);
  const emulator = await startEmulatorProcess(copy);
  await allowBlobs(emulator, outputs);
  const log = watchLog(copy);
  const runId = randomUUID();
  const writing = writeUntilGone(emulator, outputs);
  await createRun(emulator, outputs, runId);
  const records = await recorded(emulator, outputs, runId);
  await writing;
  log.close();
  await emulator.end("SIGTERM");
  rmSync(copy.path, { recursive: true });
  if (records?.run.status !== "Succeeded") throw new Error(`the undisturbed run ended: ${records?.run.message}`);
  return { folder, outputs, records, changes: log.changes() };
}

/** Looks at every change of the database's log and says whether that is the moment to kill. */
export type Moment = (changes: number, store: Store) => boolean;

/** As soon as there is a batch job, the answer to the POST that asked for it may still be on its way. */
export const jobIsThere: Moment = (_, store) => store.get("SELECT 1 FROM machine_learning_jobs") !== undefined;

export const afterChanges =
  (count: number): Moment =>
  (changes) =>
    changes === count;

/**
 * Kills an emulator while a run goes on and others write; starts it again and lets the run end. Fails unless everything
 * acknowledged is kept and the run's records are what they must be.
 */
export async function killAt(moment: Moment, before: Undisturbed): Promise<void> {
  const { outputs } = before;
  const folder = copyOf(before.folder);
  const first = await startEmulatorProcess(folder);
  await allowBlobs(first, outputs);
  const store = folder.openStore();
  const log = watchLog(folder, (count) => {
    if (moment(count, store)) first.child.kill("SIGKILL");
  });
  const runId = randomUUID();
  const writing = writeUntilGone(first, outputs);
  const accepted = await createRun(first, outputs, runId).then(
    () => true,
    () => false,
  );
  const kept = await writing;
  if (accepted) await recorded(first, outputs, runId).catch(() => {});
  await first.end("SIGKILL");
  log.close();
  store.close();

  const second = await startEmulatorProcess(folder);
  expect(await lost(second, kept)).toEqual([]);
  const records = await recorded(second, outputs, runId);
  const jobs = await jobCount(second, outputs);
  await second.end("SIGTERM");
  if (records) expectSameRecords(records, before.records);
  else expect(accepted, "a run that was accepted is lost").toBe(false);
  expect(jobs).toBeLessThanOrEqual(1);
  if (records?.run.status === "Succeeded") expect(jobs).toBe(1);
  rmSync(folder.path, { recursive: true });
}

/**
 * The records are the undisturbed run's. The one exception is a POST that was under way and may not be repeated: it has
 * failed and says that its effect is not known, and what needs it was not run.
 */
function expectSameRecords({ run, activities }: Recorded, before: Recorded): void {
  const [seen, expected] = [normalised(activities), normalised(before.activities)];
  const unknown = activities.filter(({ error }) => error.errorCode === "EffectUnknown");
  if (unknown.length === 0) {
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(expected));
    expect(run.status).toBe(before.run.status);
  } else {
    expect(new Set(unknown.map(({ activityName }) => activityName)).size).toBe(1);
    const failed = activities.filter(({ status }) => status === "Failed").map(({ activityName }) => activityName);
    for (const [name, record] of seen)
      if (!failed.includes(name)) expect([name, record]).toEqual([name, expected.get(name)]);
    if (run.status === "Failed") expect(run.message).toContain("whether it took effect is not known");
  }
  // outside of the loop nothing that has ended was done again
  const once = activities.filter(({ iterationHash }) => iterationHash === "").map(({ activityName }) => activityName);
  expect(once).toEqual([...new Set(once)]);
}

async function createRun({ call }: EmulatorProcess, outputs: StackOutputs, runId: string): Promise<void> {
  const url = `${outputs.synapseEndpoint}/pipelines/${outputs.pipelineName}/createRun?api-version=2020-12-01`;
  // the service takes the caller's request id as the run's id
  const headers = { "x-ms-client-request-id": runId };
  await call("trigger", synapse, url, { method: "POST", body: {}, headers });
}

async function jobCount({ call }: EmulatorProcess, outputs: StackOutputs): Promise<number> {
  const url = `https://management.azure.com${workspaceIdOf(outputs)}/jobs?api-version=2024-04-01`;
  const { value } = (await call("deployer", "https://management.azure.com", url)) as {
    readonly value: readonly object[];
  };
  return value.length;
}

function copyOf(folder: StateFolder): StateFolder {
  const copy = testStateFolder().path;
  cpSync(folder.path, copy, { recursive: true });
  return openStateFolder(copy);
}

/** Counts the changes of the database's write-ahead log. */
function watchLog(folder: StateFolder, seen: (count: number) => void = () => {}) {
  let count = 0;
  const watcher = watch(path.join(folder.path, "state.sqlite-wal"), () => {
    count += 1;
    seen(count);
  });
  return { changes: () => count, close: () => watcher.close() };
}

/** So many changes out of all of them, the same for the same seed. */
export function seededChanges(seed: number, count: number, changes: number): readonly number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => 1 + Math.floor(random() * changes));
}
