import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../contract/json.js";
import { virtualClock } from "../../../contract/virtualClock.js";
import { planPipeline } from "../../../emulator/engine/plan.js";
import { activity, type Handler, memoryJournal, pipeline, runId, testEngine } from "../testEngine.js";

const hook = (properties: JsonObject = {}) =>
  pipeline([
    activity("hook", "WebHook", { url: "https://host.example/", method: "POST", body: { a: 1 }, ...properties }),
  ]);

/** A service that answers 202 without a Location and calls back with this body. */
function callingBack(callback: Json, answer: Handler = () => ({ status: 202 })) {
  const given = testEngine({
    handler: (request, count) => {
      const { callBackUri } = JSON.parse(request.body ?? "{}") as { callBackUri: string };
      given.callbacks.deliver(callBackUri, typeof callback === "string" ? callback : JSON.stringify(callback));
      return answer(request, count);
    },
  });
  return given;
}

describe("WebHook", () => {
  it("adds callBackUri to the JSON body and outputs the callback's body", async () => {
    const given = callingBack({ done: true });
    const result = await given.run(hook());
    expect(result.activity("hook")).toMatchObject({ status: "Succeeded", output: { done: true } });
    expect(JSON.parse(given.sent[0]?.body ?? "")).toEqual({
      a: 1,
      callBackUri: expect.stringContaining(result.activity("hook").activityRunId),
    });
  });

  it("fails when nobody calls back in time: 10 minutes, or what timeout says", async () => {
    const handler: Handler = () => ({ status: 200 });
    expect((await testEngine({ handler }).run(hook())).activity("hook")).toMatchObject({
      status: "Failed",
      durationInMs: 600_000,
    });
    const short = await testEngine({ handler }).run(hook({ timeout: "00:01:30" }));
    expect(short.activity("hook").durationInMs).toBe(90_000);
  });

  it("fails at once when the service refuses the call", async () => {
    const result = await testEngine({ handler: () => ({ status: 403, body: "no" }) }).run(hook());
    expect(result.activity("hook").error).toMatchObject({ errorCode: "2108", message: "no" });
  });

  it("follows a 202 with a Location before it waits", async () => {
    const given = testEngine({
      handler: ({ method, body }) => {
        if (method === "GET") return { status: 200 };
        given.callbacks.deliver(JSON.parse(body ?? "").callBackUri, "{}");
        return { status: 202, headers: { Location: "https://host.example/status" } };
      },
    });
    await given.run(hook());
    expect(given.sent.map(({ method }) => method)).toEqual(["POST", "GET"]);
  });

  it("with reportStatusOnCallBack is judged by the callback's status and error; its Output is the output", async () => {
    const reporting = hook({ reportStatusOnCallBack: true });
    const good = await callingBack({ Output: { n: 1 }, StatusCode: "200" }).run(reporting);
    expect(good.activity("hook")).toMatchObject({ status: "Succeeded", output: { n: 1 } });
    const error = { ErrorCode: "E7", Message: "went wrong" };
    const bad = await callingBack({ Output: { n: 2 }, Error: error, StatusCode: "403" }).run(reporting);
    expect(bad.activity("hook")).toMatchObject({ status: "Failed", output: { n: 2 } });
    expect(bad.activity("hook").error).toMatchObject({ errorCode: "E7", message: "went wrong" });
    const status = await callingBack({ StatusCode: 500 }).run(reporting);
    expect(status.activity("hook").error.errorCode).toBe("500");
  });

  it("without it the callback's body is not judged, but must be JSON", async () => {
    expect((await callingBack({ StatusCode: 500 }).run(hook())).activity("hook").status).toBe("Succeeded");
    expect((await callingBack("no json").run(hook())).activity("hook").status).toBe("Failed");
  });

  it("is sent once: a process that was killed while it waited waits on, and does not send again", async () => {
    const first = testEngine({ handler: () => ({ status: 200 }), clock: virtualClock({ automatic: false }) });
    first.start(hook());
    await first.clock.advance(1_000);
    await first.engine.close();
    const second = testEngine({
      journal: memoryJournal(first.journal.appends),
      clock: virtualClock({ automatic: false }),
    });
    second.engine.resume([runId]);
    await second.clock.advance(1_000);
    const { activityRunId } = first.journal.activities(runId)[0] ?? { activityRunId: "" };
    second.callbacks.deliver(await second.callbacks.uri(activityRunId), '{"late":1}');
    expect((await second.engine.finished(runId)).status).toBe("Succeeded");
    expect([first.sent.length, second.sent.length]).toEqual([1, 0]);
  });

  it("shows what it sent also after a kill, though its expressions have another value then", async () => {
    const timed = hook({ body: { sent: "@utcNow()" } });
    const first = testEngine({ clock: virtualClock({ automatic: false }) });
    first.start(timed);
    await first.clock.advance(1_000);
    await first.engine.close();
    const [before] = first.journal.activities(runId);
    const second = testEngine({ journal: memoryJournal(first.journal.appends) });
    await second.clock.advance(5_000);
    second.engine.resume([runId]);
    await second.engine.finished(runId);
    expect(second.journal.activities(runId)[0]?.input).toEqual(before?.input);
  });

  it.each([
    [{ method: "GET" }, "method must be POST"],
    [{ timeout: "soon" }, "timeout must be a time span"],
    [{ url: "" }, "url is required"],
  ])("refuses %j when it is published", (properties, message) => {
    expect(() => planPipeline(hook(properties), "p")).toThrow(message);
  });

  it("fails on a body that is no JSON object", async () => {
    expect((await testEngine().run(hook({ body: "text" }))).activity("hook").error.message).toContain("JSON object");
  });
});
