import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { expect, it, onTestFinished } from "vitest";
import { virtualClock } from "../../../contract/virtualClock.js";
import { openStore, type Store } from "../../../emulator/platform/store.js";
import { testSigningKeyPem } from "../../helpers/fixtures.js";
import { TestSynapse } from "./testSynapse.js";
import { everyMinute, parameters, reporting, start, starting, startTrigger, trigger } from "./testTriggers.js";

const hourMs = 60 * 60 * 1000;
const script = path.join(import.meta.dirname, "triggerChild.ts");

/** Lets a process fire until it has so many firings more, and kills it there: at any place, it goes on meanwhile. */
async function fireAndKill(databasePath: string, store: Store, from: Date, more: number): Promise<void> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", script, databasePath, testSigningKeyPem(), from.toISOString()],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const closed = once(child, "close");
  onTestFinished(() => void child.kill("SIGKILL"));
  await Promise.race([once(createInterface(child.stdout), "line"), closed]);
  const count = () => Number(store.get("SELECT COUNT(*) AS rows FROM trigger_runs")?.["rows"]);
  const wanted = count() + more;
  while (count() < wanted) {
    if (child.exitCode !== null) throw new Error(`the child ended with ${child.exitCode}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  child.kill("SIGKILL");
  await closed;
}

it("a trigger fires once for each occurrence, with a run for each firing, wherever its process is killed", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "synapse-batch-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const databasePath = path.join(folder, "state.db");
  const store = openStore(databasePath, Buffer.alloc(32, 7));
  const clock = virtualClock({ start, automatic: false });
  const test = await TestSynapse.start({ store, clock });
  await test.deployWorkspace();
  await test.publish("report", reporting);
  await startTrigger(test, "every", trigger(everyMinute(), starting("report", parameters)));
  await test.synapse.close();

  for (const [kill, more] of [3, 1, 2].entries()) {
    await fireAndKill(databasePath, store, new Date(Date.parse(start) + (kill + 1) * hourMs), more);
  }

  const firings = store.all("SELECT id, scheduled, record FROM trigger_runs ORDER BY seq");
  const scheduled = firings.map((row) => Number(row["scheduled"]));
  expect(new Set(scheduled).size).toBe(firings.length);
  expect(scheduled.every((moment) => moment % 60_000 === 0)).toBe(true);
  const started = firings.map(({ id, record }) => [id, JSON.parse(String(record)).triggeredPipelines.report]);
  const runs = store.all("SELECT run_id, json_extract(record, '$.invokedBy.id') AS id FROM pipeline_runs ORDER BY seq");
  expect(runs.map((row) => [row["id"], row["run_id"]])).toEqual(started);
  store.close();
});
