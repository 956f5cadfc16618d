import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ActivityRun, PipelineRun } from "../../../contract/runs.js";
import { type VirtualClock, virtualClock } from "../../../contract/virtualClock.js";
import { TestSynapse } from "./testSynapse.js";
import { everyMinute, starting, startTrigger, trigger, triggerRuns } from "./testTriggers.js";

const dayMs = 24 * 60 * 60 * 1000;
const waiting = (seconds: number) => ({
  activities: [{ name: "wait", type: "Wait", typeProperties: { waitTimeInSeconds: seconds } }],
});

let clock: VirtualClock;
let test: TestSynapse;
beforeEach(async () => {
  clock = virtualClock({ automatic: false });
  test = await TestSynapse.start({ clock });
  await test.deployWorkspace();
  await test.publish("wait", waiting(60));
});
afterEach(() => test.close());

async function start(pipeline = "wait"): Promise<string> {
  return ((await test.call("POST", `/pipelines/${pipeline}/createRun`)).body as { runId: string }).runId;
}

async function read(runId: string): Promise<PipelineRun> {
  return (await test.call("GET", `/pipelineruns/${runId}`)).body as PipelineRun;
}

async function activitiesOf({ pipelineName, runId }: PipelineRun): Promise<readonly ActivityRun[]> {
  const answer = await test.call("POST", `/pipelines/${pipelineName}/pipelineruns/${runId}/queryActivityruns`);
  return (answer.body as { value: ActivityRun[] }).value;
}

async function comeBack(): Promise<void> {
  await test.synapse.close();
  test = await TestSynapse.start({ clock, store: test.platform.store });
  await test.synapse.resume();
}

describe("a run whose journal is damaged", () => {
  const damages: [string, string][] = [
    ["cannot be decrypted", "UPDATE run_states SET sealed = 'AAAA' WHERE run_id = ?"],
    ["lost its beginning", "DELETE FROM run_states WHERE name = 'run' AND run_id = ?"],
    ["is not there at all", "DELETE FROM run_states WHERE run_id = ?"],
  ];

  it.each(damages)("(%s) ends as Failed and says so; the workspace's other runs go on", async (_what, damage) => {
    const [broken, sound] = [await start(), await start()];
    await clock.advance(1000);
    await test.synapse.close();
    test.platform.store.run(damage, broken);
    await comeBack();
    const run = await read(broken);
    expect([run.status, run.message, run.durationInMs]).toEqual([
      "Failed",
      expect.stringContaining(`The journal of run ${broken} is damaged, so that the run cannot go on: `),
      1000,
    ]);
    expect(test.lines).toEqual([run.message]);
    expect(await activitiesOf(run)).toEqual([
      expect.objectContaining({
        status: "Failed",
        activityRunEnd: run.runEnd,
        error: expect.objectContaining({ errorCode: "JournalDamaged", message: run.message }),
      }),
    ]);
    await clock.advance(60_000);
    expect((await read(sound)).status).toBe("Succeeded");
  });

  it("fails the run that waits for it, and is not looked at again", async () => {
    await test.publish("parent", {
      activities: [
        {
          name: "run",
          type: "ExecutePipeline",
          typeProperties: { pipeline: { referenceName: "wait", type: "PipelineReference" }, waitOnCompletion: true },
        },
      ],
    });
    const parent = await start("parent");
    await clock.advance(0);
    await test.synapse.close();
    test.platform.store.run("UPDATE run_states SET sealed = 'AAAA' WHERE run_id <> ?", parent);
    await comeBack();
    await clock.advance(0);
    expect((await read(parent)).status).toBe("Failed");
    await comeBack();
    expect(test.lines).toEqual([]);
  });
});

describe("the records of runs", () => {
  const count = (table: string) => test.platform.store.all(`SELECT COUNT(*) AS rows FROM ${table}`)[0]?.["rows"];
  const counts = () =>
    ["pipeline_runs", "activity_runs", "run_states", "trigger_runs", "synapse_operations"].map(count);

  it("are kept for 45 days and then forgotten, a run that goes on still excepted", async () => {
    await test.publish("long", waiting(100 * 24 * 60 * 60));
    await startTrigger(test, "once", trigger(everyMinute({ endTime: "2026-01-02T03:05:00Z" }), starting("wait")));
    const [short, long] = [await start(), await start("long")];
    await clock.advance(2 * 60_000);
    expect(await triggerRuns(test)).toHaveLength(1);
    await clock.advance(45 * dayMs - 4 * 60_000);
    await comeBack();
    expect((await read(short)).status).toBe("Succeeded");
    await clock.advance(4 * 60_000);
    await comeBack();
    expect((await test.call("GET", `/pipelineruns/${short}`)).status).toBe(404);
    expect((await read(long)).status).toBe("InProgress");
    expect(counts()).toEqual([1, 1, expect.any(Number), 0, 0]);
    expect(test.platform.store.all("SELECT DISTINCT run_id FROM run_states")).toEqual([{ run_id: long }]);
  });

  it("are looked through once a day, when a run is started", async () => {
    const first = await start();
    await clock.advance(46 * dayMs);
    await start();
    expect((await test.call("GET", `/pipelineruns/${first}`)).status).toBe(404);
    const second = await start();
    await clock.advance(60_000);
    test.platform.store.run("UPDATE pipeline_runs SET run_end = '2000-01-01' WHERE run_id = ?", second);
    await clock.advance(dayMs - 61_000);
    await start();
    expect((await read(second)).runId).toBe(second);
    await clock.advance(1000);
    await start();
    expect((await test.call("GET", `/pipelineruns/${second}`)).status).toBe(404);
  });
});

describe("the queries of runs", () => {
  const plan = (sql: string, ...values: (string | number)[]) =>
    test.platform.store.all(`EXPLAIN QUERY PLAN ${sql}`, ...values).map(({ detail }) => String(detail));

  it("find one run's activities in order by an index, however long the history is", async () => {
    const asked: string[] = [];
    const { store } = test.platform;
    const { all } = store;
    Object.assign(store, {
      all(sql: string, ...values: (string | number)[]) {
        if (sql.includes("FROM activity_runs") && !sql.includes("EXPLAIN")) asked.push(...plan(sql, ...values));
        return all(sql, ...values);
      },
    });
    await activitiesOf(await read(await start()));
    Object.assign(store, { all });
    expect(asked).toEqual([expect.stringMatching(/^SEARCH activity_runs USING INDEX activity_runs_by_run/)]);
  });

  it("find unfinished and outdated runs by an index", () => {
    const outdated = plan("SELECT workspace, run_id FROM pipeline_runs WHERE run_end < ?", "2026");
    expect(outdated).toEqual([expect.stringContaining("USING INDEX pipeline_runs_by_end")]);
    const unfinished = plan("SELECT run_id FROM pipeline_runs WHERE status IN (SELECT value FROM json_each(?))", "[]");
    expect(unfinished[0]).toContain("USING INDEX pipeline_runs_by_status");
  });
});
