import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import type { PipelineDefinition } from "../../../contract/pipeline.js";
import { virtualClock } from "../../../contract/virtualClock.js";
import { planPipeline } from "../../../emulator/engine/plan.js";
import { activity, fail, memoryJournal, pipeline, runId, setVariable, testEngine, wait, web } from "../testEngine.js";

const execute = (properties: JsonObject = {}, referenceName = "child") =>
  activity("run", "ExecutePipeline", {
    pipeline: { referenceName, type: "PipelineReference" },
    waitOnCompletion: true,
    ...properties,
  });
const returning = (key: string, value: JsonObject) =>
  activity(`return ${key}`, "SetVariable", {
    variableName: "pipelineReturnValue",
    setSystemVariable: true,
    value: [{ key, value }],
  });
const dependingOn = (name: string, condition: "Succeeded" | "Failed") => ({
  dependsOn: [{ activity: name, dependencyConditions: [condition] }],
});
const withChild = (child: PipelineDefinition, journal = memoryJournal(), clock = virtualClock()) =>
  testEngine({ pipelines: { child }, journal, clock });
const outputOf = (output: unknown) => output as { pipelineRunId: string; pipelineReturnValue?: JsonObject };

describe("ExecutePipeline", () => {
  it("waits for the child and returns what it set, of several activities and types", async () => {
    const child = pipeline(
      [
        returning("text", { type: "Expression", content: "@concat('a',pipeline().parameters.p)" }),
        returning("list", {
          type: "Array",
          content: [
            { type: "Int", content: 1 },
            { type: "String", content: "x" },
          ],
        }),
        returning("nothing", { type: "Null" }),
        wait("w", 60),
      ],
      { parameters: { p: { type: "String" } } },
    );
    const engine = withChild(child);
    const result = await engine.run(pipeline([execute({ parameters: { p: "@pipeline().Pipeline" } })]));
    const { durationInMs, output } = result.activity("run");
    expect(durationInMs).toBe(60_000);
    expect(output).toMatchObject({
      pipelineName: "child",
      pipelineReturnValue: { text: "ap", list: [1, "x"], nothing: null },
    });
  });

  it("passes values as they are, whatever the types of the child's parameters say", async () => {
    const child = pipeline(
      [setVariable("text", "v", "@concat(pipeline().parameters.list,pipeline().parameters.count)")],
      { parameters: { list: { type: "Array" }, count: { type: "Int" } }, variables: { v: { type: "String" } } },
    );
    const engine = withChild(child);
    const result = await engine.run(pipeline([execute({ parameters: { list: '["a"]', count: "2" } })]));
    const childId = outputOf(result.activity("run").output).pipelineRunId;
    expect(engine.journal.activities(childId)[0]?.output).toMatchObject({ value: '["a"]2' });
  });

  it("returns what a failed child's error branch set, too", async () => {
    const child = pipeline([
      fail("work"),
      { ...returning("result", { type: "String", content: "x" }), ...dependingOn("work", "Succeeded") },
      { ...returning("problem", { type: "String", content: "why" }), ...dependingOn("work", "Failed") },
    ]);
    const read = setVariable("read", "v", "@activity('run').output.pipelineReturnValue.problem", [["run", "Failed"]]);
    const result = await withChild(child).run(pipeline([execute(), read], { variables: { v: { type: "String" } } }));
    expect(result.statuses()).toEqual({ run: "Failed", read: "Succeeded" });
    expect(result.activity("read").output).toMatchObject({ value: "why" });
  });

  it("records the child as a run of its own, which knows who started it", async () => {
    const child = pipeline(
      [
        setVariable(
          "who",
          "v",
          "@concat(pipeline()?.TriggeredByPipelineName,' ',pipeline()?.TriggeredByPipelineRunId)",
        ),
      ],
      { variables: { v: { type: "String" } } },
    );
    const engine = withChild(child);
    const result = await engine.run(pipeline([execute()]));
    const childId = outputOf(result.activity("run").output).pipelineRunId;
    expect(engine.journal.run(childId)).toMatchObject({
      pipelineName: "child",
      status: "Succeeded",
      invokedBy: { invokedByType: "PipelineActivity", name: "p", pipelineName: "p", pipelineRunId: runId },
    });
    expect(engine.journal.activities(childId)[0]?.output).toMatchObject({ value: `p ${runId}` });
  });

  it("fails with the child's own message when it waits, and succeeds at once when it does not", async () => {
    const waiting = await withChild(pipeline([fail("boom")])).run(pipeline([execute()]));
    expect(waiting.activity("run").error.message).toBe("Operation on target boom failed: boom failed");
    expect(waiting.run.message).toBe("Operation on target run failed: Operation on target boom failed: boom failed");
    const engine = withChild(pipeline([wait("w", 5), fail("boom", [["w", "Succeeded"]])]));
    const result = await engine.run(pipeline([execute({ waitOnCompletion: false })]));
    expect(result.activity("run")).toMatchObject({ status: "Succeeded", durationInMs: 0 });
    expect((await engine.engine.finished(outputOf(result.activity("run").output).pipelineRunId)).status).toBe("Failed");
  });

  it("fails when there is no such pipeline, or a parameter is missing", async () => {
    const missing = await withChild(pipeline([wait("w", 1)])).run(pipeline([execute({}, "nope")]));
    expect(missing.activity("run").error.message).toContain("'nope' was not found");
    const child = pipeline([wait("w", 1)], { parameters: { p: { type: "String" } } });
    expect((await withChild(child).run(pipeline([execute()]))).activity("run").error.message).toContain(
      "'p' has no value",
    );
  });

  it("names the child in its output while it waits, so that a watch finds it; secureOutput hides that too", async () => {
    for (const secureOutput of [false, true]) {
      const engine = withChild(pipeline([wait("w", 60)]), memoryJournal(), virtualClock({ automatic: false }));
      engine.start(pipeline([{ ...execute(), policy: { secureOutput } }]));
      await engine.clock.advance(1_000);
      const pipelineRunId = engine.journal.appends.map((each) => each.runId).find((id) => id !== runId);
      expect(engine.journal.activities(runId)).toMatchObject([
        { status: "InProgress", output: secureOutput ? {} : { pipelineName: "child", pipelineRunId } },
      ]);
      await engine.engine.close();
    }
  });

  it("cancel takes the child along when it is recursive, else leaves it alone and its id in the record", async () => {
    for (const recursive of [true, false]) {
      const engine = withChild(pipeline([wait("w", 3_600)]), memoryJournal(), virtualClock({ automatic: false }));
      engine.start(pipeline([execute()]));
      await engine.clock.advance(1_000);
      const childId = engine.journal.appends.map((each) => each.runId).find((id) => id !== runId) ?? "";
      engine.engine.cancel(runId, { recursive });
      expect((await engine.engine.finished(runId)).status).toBe("Cancelled");
      expect(engine.journal.activities(runId)[0]).toMatchObject({
        status: "Cancelled",
        output: { pipelineRunId: childId },
      });
      await engine.clock.advance(3_600_000);
      const child = await engine.engine.finished(childId);
      expect(child.status).toBe(recursive ? "Cancelled" : "Succeeded");
    }
  });

  it("a process killed at any moment starts the child once", async () => {
    const child = pipeline([web("call", { method: "PUT", body: "x" })]);
    const undisturbed = withChild(child);
    await undisturbed.run(pipeline([execute()]));
    const { appends } = undisturbed.journal;
    for (let kept = 1; kept < appends.length; kept += 1) {
      const again = withChild(child, memoryJournal(appends.slice(0, kept)));
      again.engine.resume([...new Set(appends.slice(0, kept).map((each) => each.runId))]);
      expect((await again.engine.finished(runId)).status).toBe("Succeeded");
      expect(new Set(again.journal.appends.map((each) => each.runId)).size).toBe(2);
    }
  });

  it("closing leaves parent and child to be resumed, neither failed", async () => {
    const child = pipeline([wait("w", 60)]);
    const first = withChild(child, memoryJournal(), virtualClock({ automatic: false }));
    first.start(pipeline([execute()]));
    await first.clock.advance(1_000);
    await first.engine.close();
    expect(first.journal.activities(runId).map(({ status }) => status)).toEqual(["InProgress"]);
    const second = withChild(child, memoryJournal(first.journal.appends));
    second.engine.resume([...new Set(first.journal.appends.map((each) => each.runId))]);
    expect((await second.engine.finished(runId)).status).toBe("Succeeded");
  });

  it.each([
    [{ pipeline: {} }, "referenceName is required"],
    [{ pipeline: { referenceName: "child" }, waitOnCompletion: "yes" }, "waitOnCompletion must be a boolean"],
    [{ pipeline: { referenceName: "child" }, parameters: [] }, "parameters must be an object"],
  ])("refuses %j when it is published", (properties, message) => {
    const definition = pipeline([activity("run", "ExecutePipeline", properties)]);
    expect(() => planPipeline(definition, "p")).toThrow(message);
  });
});
