import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type VirtualClock, virtualClock } from "../../../contract/virtualClock.js";
import { errorOf, TestSynapse } from "./testSynapse.js";
import {
  everyMinute,
  minute,
  parameters,
  pipelineRuns,
  reporting,
  start,
  starting,
  startTrigger,
  trigger,
  triggerRuns,
  window,
} from "./testTriggers.js";

let clock: VirtualClock;
let test: TestSynapse;
beforeEach(async () => {
  clock = virtualClock({ start, automatic: false });
  test = await TestSynapse.start({ clock });
  await test.deployWorkspace();
  await test.publish("report", reporting);
});
afterEach(() => test.close());

const post = (path: string) => test.call("POST", path);

describe("a trigger run", () => {
  it("has the record that queryTriggerRuns of Data Factory is known to list", async () => {
    await startTrigger(test, "every", trigger(everyMinute(), starting("report", parameters)));
    await clock.advance(minute);
    const [run] = await pipelineRuns(test);
    expect(await triggerRuns(test)).toEqual([
      {
        triggerName: "every",
        triggerRunId: expect.stringMatching(/^0\d{28}CU\d\d$/),
        triggerType: "ScheduleTrigger",
        triggerRunTimestamp: "2026-01-02T03:05:00.0000000Z",
        status: "Succeeded",
        message: "",
        properties: { TriggerTime: "1/2/2026 3:05:00 AM", ScheduleTime: "1/2/2026 3:05:00 AM" },
        triggeredPipelines: { report: run?.runId },
      },
    ]);
  });

  it("that cannot start a pipeline is Failed and says why; the others are started", async () => {
    await test.publish("other", { activities: reporting["activities"] ?? [], variables: reporting["variables"] ?? {} });
    const wrong = starting("report", { scheduled: "@trigger().nothing", fired: "" });
    await startTrigger(test, "half", trigger(everyMinute(), starting("report", {}), wrong, starting("other")));
    await clock.advance(minute);
    const [firing] = await triggerRuns(test);
    expect(firing?.status).toBe("Failed");
    expect(firing?.message).toMatch(/^report: .*scheduled.* report: .*nothing/);
    expect(Object.keys(firing?.triggeredPipelines ?? {})).toEqual(["other"]);
  });

  it("is found by its trigger, its time and its status, later ones first when asked so", async () => {
    await startTrigger(test, "one", trigger(everyMinute(), starting("report", parameters)));
    await startTrigger(test, "two", trigger(everyMinute(), starting("report")));
    await clock.advance(2 * minute);
    const by = (operand: string, value: string) => ({ filters: [{ operand, operator: "Equals", values: [value] }] });
    expect(await triggerRuns(test, by("TriggerName", "ONE"))).toHaveLength(2);
    expect(await triggerRuns(test, by("Status", "Failed"))).toHaveLength(2);
    expect(await triggerRuns(test, by("TriggerRunTimestamp", "2026-01-02T03:05:00Z"))).toHaveLength(2);
    const orderBy = [{ orderBy: "TriggerRunTimestamp", order: "DESC" }];
    expect((await triggerRuns(test, { orderBy }))[0]?.triggerRunTimestamp).toContain("03:06");
    expect(await triggerRuns(test, { lastUpdatedAfter: "2026-01-02T03:05:30Z" })).toHaveLength(2);
    const unknown = await test.call("POST", "/queryTriggerRuns", { body: { ...window, ...by("ActivityName", "a") } });
    expect(unknown.status).toBe(400);
  });

  it("is run again with the moment of its schedule, and cancelled with all that it started", async () => {
    await test.publish("wait", {
      parameters: { at: { type: "String" } },
      activities: [{ name: "wait", type: "Wait", typeProperties: { waitTimeInSeconds: 3600 } }],
    });
    await startTrigger(test, "every", trigger(everyMinute(), starting("wait", { at: "@trigger().scheduledTime" })));
    await clock.advance(minute);
    await post("/triggers/every/stop");
    const [firing] = await triggerRuns(test);
    await clock.advance(minute);
    expect((await post(`/triggers/every/triggerRuns/${firing?.triggerRunId}/rerun`)).status).toBe(200);
    const runs = await pipelineRuns(test);
    expect(runs.map(({ parameters: { at } }) => at)).toEqual(["2026-01-02T03:05:00Z", "2026-01-02T03:05:00Z"]);
    expect((await post(`/triggers/every/triggerRuns/${firing?.triggerRunId}/cancel`)).status).toBe(200);
    await clock.advance(0);
    expect((await pipelineRuns(test)).map(({ status }) => status)).toEqual(["Cancelled", "InProgress"]);
    const unknown = await post("/triggers/every/triggerRuns/1/rerun");
    expect([unknown.status, errorOf(unknown).code]).toEqual([404, "TriggerRunNotFound"]);
  });
});

describe("an emulator that comes back", () => {
  const again = async (at: string) => {
    await test.synapse.close();
    clock = virtualClock({ start: at, automatic: false });
    const next = await TestSynapse.start({ clock, store: test.platform.store });
    await next.synapse.resume();
    return next;
  };

  it("goes on with its started triggers and makes up for nothing that it missed, as Azure does not", async () => {
    await startTrigger(test, "every", trigger(everyMinute(), starting("report", parameters)));
    await clock.advance(minute);
    test = await again("2026-01-02T04:00:30.000Z");
    await clock.advance(minute);
    const times = (await triggerRuns(test)).map(({ triggerRunTimestamp }) => triggerRunTimestamp.slice(11, 16));
    expect(times).toEqual(["03:05", "04:01"]);
  });

  it("fires an occurrence once wherever it was killed: that it fired, its runs and its next time are one transaction", async () => {
    await startTrigger(test, "every", trigger(everyMinute(), starting("report", parameters)));
    const { store } = test.platform;
    const { run, transaction } = store;
    let transactions = 0;
    const writes: string[] = [];
    Object.assign(store, {
      transaction<T>(work: () => T): T {
        if (!store.inTransaction) transactions += 1;
        return transaction(work);
      },
      run(sql: string, ...values: (string | number | null)[]) {
        const table = /INTO (trigger_runs|pipeline_runs|synapse_started_triggers)/.exec(sql)?.[1];
        if (table && transactions === 1) writes.push(`${table} ${store.inTransaction}`);
        run(sql, ...values);
      },
    });
    await clock.advance(minute);
    expect(writes).toEqual(["pipeline_runs true", "trigger_runs true", "synapse_started_triggers true"]);
  });

  it("fires the next occurrence when one could not be kept, and says so", async () => {
    await startTrigger(test, "every", trigger(everyMinute(), starting("report", parameters)));
    const { store } = test.platform;
    const { run } = store;
    Object.assign(store, {
      run(sql: string, ...values: (string | number | null)[]) {
        if (sql.includes("INTO pipeline_runs")) throw new Error("disk full");
        run(sql, ...values);
      },
    });
    await clock.advance(minute);
    Object.assign(store, { run });
    expect([await triggerRuns(test), await pipelineRuns(test)]).toEqual([[], []]);
    expect(test.lines).toEqual([expect.stringMatching(/The trigger every could not fire at .*03:05:00.*disk full/)]);
    await clock.advance(minute);
    expect(await triggerRuns(test)).toHaveLength(1);
  });

  it("does not fire, an hour and more too late, what fell due while the machine slept", async () => {
    await startTrigger(test, "every", trigger(everyMinute({ interval: 30 }), starting("report", parameters)));
    const { now } = clock;
    const awake = new Date(now().getTime() + 300 * minute);
    Object.assign(test.platform.clock, { now: () => awake });
    await clock.advance(30 * minute);
    Object.assign(test.platform.clock, { now });
    expect(await triggerRuns(test)).toEqual([]);
  });
});
