import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
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
const publish = (name: string, properties: JsonObject) => test.publish(name, properties, "triggers");
const stateOf = async (name: string) =>
  ((await test.call("GET", `/triggers/${name}`)).body as { properties: JsonObject }).properties["runtimeState"];

describe("a schedule trigger", () => {
  it("is published stopped, read, listed and deleted as the other artifacts are", async () => {
    const properties = trigger(everyMinute(), starting("report"));
    const published = await publish("t1", { ...properties, runtimeState: "Started" });
    expect([published.status, published.body]).toEqual([
      200,
      {
        id: expect.stringMatching(/\/workspaces\/ws1\/triggers\/t1$/),
        name: "t1",
        type: "Microsoft.Synapse/workspaces/triggers",
        etag: expect.any(String),
        properties: { ...properties, runtimeState: "Stopped" },
      },
    ]);
    expect((await test.call("GET", "/triggers/T1")).body).toEqual(published.body);
    expect((await test.call("GET", "/triggers")).body).toEqual({ value: [published.body] });
    const gone = await test.call("DELETE", "/triggers/t1");
    expect([gone.status, gone.body]).toEqual([202, expect.objectContaining({ type: "Trigger", state: "Deleting" })]);
    const missing = await test.call("GET", "/triggers/t1");
    expect([missing.status, errorOf(missing).code]).toEqual([404, "TriggerNotFound"]);
    expect((await post("/triggers/t1/start")).status).toBe(404);
  });

  it("fires on the emulator's clock and starts its pipelines, which know by what and when", async () => {
    await startTrigger(test, "every", trigger(everyMinute(), starting("report", parameters)));
    expect(await stateOf("every")).toBe("Started");
    await clock.advance(2 * minute);
    const runs = await pipelineRuns(test);
    expect(runs.map(({ parameters: given }) => given)).toEqual([
      { scheduled: "2026-01-02T03:05:00Z", fired: "2026-01-02T03:05:00.0000000Z", count: "7" },
      { scheduled: "2026-01-02T03:06:00Z", fired: "2026-01-02T03:06:00.0000000Z", count: "7" },
    ]);
    const [first] = runs;
    expect(first?.status).toBe("Succeeded");
    const [firing] = await triggerRuns(test);
    expect(first?.invokedBy).toEqual({ id: firing?.triggerRunId, name: "every", invokedByType: "ScheduleTrigger" });
    const activities = await test.call("POST", `/pipelines/report/pipelineruns/${first?.runId}/queryActivityruns`);
    expect(JSON.stringify(activities.body)).toContain("ScheduleTrigger/every/2026-01-02T03:05:00.0000000Z");
  });

  it("stops firing when it is stopped, and fires again when it is started again", async () => {
    await startTrigger(test, "every", trigger(everyMinute(), starting("report", parameters)));
    await clock.advance(minute);
    expect((await post("/triggers/every/stop")).status).toBe(200);
    expect(await stateOf("every")).toBe("Stopped");
    await clock.advance(10 * minute);
    expect(await triggerRuns(test)).toHaveLength(1);
    await post("/triggers/every/start");
    await clock.advance(minute);
    expect(await triggerRuns(test)).toHaveLength(2);
    expect((await post("/triggers/every/stop")).status).toBe(200);
    expect(clock.sleepers).toBe(0);
  });

  it("fires together with others, each when its own time has come", async () => {
    await startTrigger(test, "fast", trigger(everyMinute(), starting("report", parameters)));
    await startTrigger(test, "slow", trigger(everyMinute({ interval: 3 }), starting("report", parameters)));
    await clock.advance(6 * minute);
    const names = (await test.call("POST", "/queryTriggerRuns", { body: window })).body as { value: JsonObject[] };
    const count = (name: string) => names.value.filter(({ triggerName }) => triggerName === name).length;
    expect([count("fast"), count("slow")]).toEqual([6, 2]);
  });

  it("stays started, without firing, when its end has come", async () => {
    await startTrigger(
      test,
      "ending",
      trigger(everyMinute({ endTime: "2026-01-02T03:06:00Z" }), starting("report", parameters)),
    );
    await clock.advance(60 * minute);
    expect(await triggerRuns(test)).toHaveLength(2);
    expect(await stateOf("ending")).toBe("Started");
  });

  it("that is started cannot be changed or deleted: TriggerEnabledCannotUpdate", async () => {
    const properties = trigger(everyMinute(), starting("report", parameters));
    await startTrigger(test, "busy", properties);
    const expected = {
      code: "TriggerEnabledCannotUpdate",
      message: "Cannot update enabled Trigger; the trigger needs to be disabled first. ",
    };
    const changed = await publish("busy", trigger(everyMinute({ interval: 2 }), starting("report")));
    expect([changed.status, errorOf(changed)]).toEqual([400, expected]);
    const deleted = await test.poll(await test.call("DELETE", "/triggers/busy"));
    expect([deleted.status, errorOf(deleted)]).toEqual([400, expected]);
    expect(await stateOf("busy")).toBe("Started");
    await post("/triggers/busy/stop");
    expect((await publish("busy", properties)).status).toBe(200);
  });

  it("is not started without pipelines, without a recurrence, or after its end", async () => {
    await publish("none", trigger(everyMinute()));
    const refused = await post("/triggers/none/start");
    expect([refused.status, refused.body]).toEqual([
      400,
      {
        error: {
          code: "BadRequest",
          message: "Missing or invalid pipeline references for trigger none",
          target: "none",
          details: null,
        },
      },
    ]);
    await publish("empty", trigger({}, starting("report")));
    expect(errorOf(await post("/triggers/empty/start")).message).toContain("recurrence.frequency");
    await publish("over", trigger(everyMinute({ endTime: "2026-01-01T06:00:00Z" }), starting("report")));
    expect(errorOf(await post("/triggers/over/start")).message).toContain("endTime");
    expect(await stateOf("none")).toBe("Stopped");
  });

  it("is not published with a pipeline that is not there, a wrong recurrence, or as another type of trigger", async () => {
    const messageOf = async (properties: JsonObject) => {
      const answer = await publish("wrong", properties);
      expect(answer.status).toBe(400);
      return errorOf(answer).message;
    };
    expect(await messageOf(trigger(everyMinute(), starting("nobody")))).toBe(
      "The document creation or update failed because of invalid reference 'nobody'.",
    );
    expect(await messageOf(trigger(everyMinute({ frequency: "Second" })))).toContain("recurrence.frequency");
    for (const type of ["TumblingWindowTrigger", "BlobEventsTrigger", "CustomEventsTrigger"]) {
      expect(await messageOf({ ...trigger({}), type })).toContain(`type '${type}' are not supported`);
    }
    expect((await test.call("GET", "/triggers/wrong")).status).toBe(404);
  });

  it("keeps its pipeline from being deleted", async () => {
    await publish("holder", trigger(everyMinute(), starting("report")));
    const refused = await test.poll(await test.call("DELETE", "/pipelines/report"));
    expect([refused.status, errorOf(refused).message]).toEqual([
      400,
      "The document cannot be deleted since it is referenced by holder.",
    ]);
    expect((await test.call("GET", "/pipelines/report")).status).toBe(200);
  });

  it("has trigger() for itself: a pipeline that calls it is not published", async () => {
    const activities = [{ name: "see", type: "Wait", typeProperties: { waitTimeInSeconds: "@trigger().startTime" } }];
    const refused = await test.publish("wrong", { activities });
    expect([refused.status, errorOf(refused).message]).toEqual([
      400,
      expect.stringContaining("'trigger' is only valid in the definition of a trigger"),
    ]);
  });

  it("goes with its workspace", async () => {
    await startTrigger(test, "every", trigger(everyMinute(), starting("report", parameters)));
    await test.removeWorkspace();
    await clock.advance(10 * minute);
    await test.deployWorkspace();
    await test.publish("report", reporting);
    expect((await publish("every", trigger(everyMinute(), starting("report")))).status).toBe(200);
    expect([await stateOf("every"), await triggerRuns(test)]).toEqual(["Stopped", []]);
  });

  it("waits for no events: subscriptions are refused by name", async () => {
    await publish("t1", trigger(everyMinute()));
    for (const path of ["subscribeToEvents", "unsubscribeFromEvents", "getEventSubscriptionStatus"]) {
      expect((await post(`/triggers/t1/${path}`)).status).toBe(501);
      expect((await post(`/triggers/t2/${path}`)).status).toBe(404);
    }
  });

  it("goes by If-Match like every artifact", async () => {
    const body = { properties: trigger(everyMinute()) };
    await publish("t1", body.properties);
    const refused = await test.call("PUT", "/triggers/t1", { body, headers: { "if-match": '"0000"' } });
    expect(refused.status).toBe(412);
  });
});

describe("the roles of Synapse", () => {
  it("let whoever writes triggers stop one, and start one only with the use of the workspace's identity", async () => {
    await publish("t1", trigger(everyMinute(), starting("report", parameters)));
    const operator = test.principal("operator");
    const as = { as: operator };
    expect((await test.call("GET", "/triggers/t1", as)).status).toBe(403);
    await test.grant(operator, "05930f57-09a3-4c0d-9fa9-6d1eb91c178b");
    expect((await test.call("GET", "/triggers/t1", as)).status).toBe(200);
    expect((await test.call("POST", "/triggers/t1/stop", as)).status).toBe(200);
    expect((await test.call("POST", "/triggers/t1/start", as)).status).toBe(403);
    await test.grant(operator, "5eb298b4-692c-4241-9cf0-f58a3b42bb25");
    expect((await test.call("POST", "/triggers/t1/start", as)).status).toBe(200);
    expect((await test.call("POST", "/queryTriggerRuns", { ...as, body: window })).status).toBe(200);
  });
});
