import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../contract/json.js";
import type { ActivityDefinition } from "../../../contract/pipeline.js";
import { planPipeline } from "../../../emulator/engine/plan.js";
import {
  activity,
  fail,
  inner,
  memoryJournal,
  pipeline,
  type Result,
  resultOf,
  runId,
  setVariable,
  testEngine,
  wait,
  web,
} from "../testEngine.js";

const forEach = (name: string, items: Json, activities: readonly ActivityDefinition[], rest: JsonObject = {}) =>
  activity(name, "ForEach", { items, activities: inner(activities), ...rest });
const append = (name: string, variableName: string, value: Json) =>
  activity(name, "AppendVariable", { variableName, value });
const list = { variables: { seen: { type: "Array" as const }, out: { type: "String" as const } } };
const seen = setVariable("out", "out", "@join(variables('seen'),',')", [["each", "Completed"]]);

describe("ForEach", () => {
  it("runs sequentially in the items' order", async () => {
    const turn = [wait("w", "@sub(3,item())"), { ...append("add", "seen", "@item()"), dependsOn: on("w") }];
    const each = forEach("each", "@createArray(1,2,3)", turn, { isSequential: true });
    const result = await testEngine().run(pipeline([each, seen], list));
    expect(result.activity("out").output).toMatchObject({ value: "1,2,3" });
    expect(result.activity("each").durationInMs).toBe(3_000);
  });

  it("runs its turns at once without isSequential, and no appended element is lost", async () => {
    const turn = [wait("w", 10), { ...append("add", "seen", "@item()"), dependsOn: on("w") }];
    const result = await testEngine().run(pipeline([forEach("each", "@range(0,20)", turn), seen], list));
    expect(result.activity("each").durationInMs).toBe(10_000);
    expect(elementsOf(result)).toHaveLength(20);
  });

  it("deals the items to batchCount queues at the start and does not deal again", async () => {
    const turn = [wait("w", "@item()")];
    // queues 10+1+10 and 1+1+1
    const each = forEach("each", "@createArray(10,1,1,1,10,1)", turn, { batchCount: 2 });
    expect((await testEngine().run(pipeline([each]))).activity("each").durationInMs).toBe(21_000);
  });

  it("goes on after a failed turn and fails at the end, naming the inner activity", async () => {
    const turn = [
      activity("if", "IfCondition", {
        expression: { value: "@equals(item(),2)", type: "Expression" },
        ifTrueActivities: inner([fail("boom")]),
        ifFalseActivities: inner([append("add", "seen", "@item()")]),
      }),
    ];
    const each = forEach("each", "@createArray(1,2,3)", turn, { isSequential: "true" });
    const result = await testEngine().run(pipeline([each, seen], list));
    expect(result.activity("out").output).toMatchObject({ value: "1,3" });
    expect(result.activity("each").error).toMatchObject({
      errorCode: "ActionFailed",
      message:
        "Activity failed because an inner activity failed; Inner activity name: if, Error: Activity failed because an inner activity failed; Inner activity name: boom, Error: boom failed",
    });
    expect((await testEngine().run(pipeline([each], list))).run.status).toBe("Failed");
  });

  it("lets a turn read its own activities only", async () => {
    const handler = (request: { url: string }) => ({ body: { from: request.url.slice(-1) } });
    const turn = [
      web("get", { url: "@concat('https://host.example/',item())" }),
      { ...wait("w", "@sub(10,int(item()))"), dependsOn: on("get") },
      { ...append("add", "seen", "@activity('get').output.from"), dependsOn: on("w") },
    ];
    const result = await testEngine({ handler }).run(
      pipeline([forEach("each", "@createArray('1','2','3')", turn), seen], list),
    );
    expect(result.activity("out").output).toMatchObject({ value: "3,2,1" });
  });

  it("gives the activities of one turn one iterationHash, and each turn its own", async () => {
    const each = forEach("each", "@createArray(1,2)", [wait("a", 0), wait("b", 0)]);
    const { activities } = await testEngine().run(pipeline([each]));
    const hashes = activities.filter(({ activityType }) => activityType === "Wait").map((run) => run.iterationHash);
    expect(new Set(hashes).size).toBe(2);
    expect(hashes.every((hash) => /^[0-9a-f]{32}$/.test(hash))).toBe(true);
  });

  it.each([
    [[], "Succeeded"],
    ["@string('x')", "Failed"],
    ["@range(0,1000)", "Succeeded"],
  ])("with items %j ends as %s", async (items, status) => {
    const each = forEach("each", items, [append("add", "seen", 1)], { batchCount: 50 });
    expect((await testEngine().run(pipeline([each], list))).activity("each").status).toBe(status);
  });

  it("resumes a killed process's turns: what a turn did is not repeated", async () => {
    const handler = () => ({ body: {} });
    const each = forEach("each", "@range(0,3)", [
      web("call", { method: "PUT", body: "x" }),
      append("add", "seen", "@item()"),
    ]);
    const undisturbed = testEngine({ handler });
    await undisturbed.run(pipeline([each, seen], list));
    const { appends } = undisturbed.journal;
    for (let kept = 1; kept < appends.length; kept += 3) {
      const again = testEngine({ handler, journal: memoryJournal(appends.slice(0, kept)) });
      again.engine.resume([runId]);
      const result = resultOf(await again.engine.finished(runId), again.journal);
      expect(elementsOf(result)).toEqual(["0", "1", "2"]);
    }
  });
});

describe("Switch", () => {
  const on = (value: Json) =>
    activity("switch", "Switch", {
      on: value,
      cases: [
        { value: "a", activities: inner([wait("in a", 0)]) },
        { value: "1", activities: inner([wait("in 1", 0)]) },
      ],
      defaultActivities: inner([wait("in default", 0)]),
    });

  it.each([
    ["@string('a')", "in a"],
    ["@add(0,1)", "in 1"],
    ["A", "in default"],
  ])("on %s runs the activities %s", async (value, name) => {
    expect((await testEngine().run(pipeline([on(value)]))).statuses()).toEqual({
      switch: "Succeeded",
      [name]: "Succeeded",
    });
  });

  it("fails on a value that is neither text nor integer, and with its inner activity", async () => {
    expect((await testEngine().run(pipeline([on("@createArray(1)")]))).activity("switch").status).toBe("Failed");
    const failing = activity("switch", "Switch", { on: "x", defaultActivities: inner([fail("boom")]) });
    expect((await testEngine().run(pipeline([failing]))).activity("switch").error.errorCode).toBe("ActionFailed");
  });

  it("succeeds when no case matches and there is no default", async () => {
    const empty = activity("switch", "Switch", { on: "x", cases: [] });
    expect((await testEngine().run(pipeline([empty]))).run.status).toBe("Succeeded");
  });

  it.each([
    [{ cases: [] }, "on is required"],
    [{ on: "x", cases: [{ value: 1, activities: [] }] }, "cases[0].value"],
    [{ on: "x", cases: [{ value: "a" }, { value: "a" }] }, "There is already a case 'a'"],
    [{ on: "x", cases: Array.from({ length: 26 }, (_, index) => ({ value: `${index}` })) }, "at most 25 cases"],
    [{ on: "x", cases: [{ value: "a", activities: [{ name: "inner", type: "Nope" }] }] }, "'Nope' is not supported"],
  ] as const)("refuses %j when it is published", (properties, message) => {
    const definition = pipeline([activity("switch", "Switch", properties as unknown as JsonObject)]);
    expect(() => planPipeline(definition, "p")).toThrow(message);
  });
});

describe("Filter", () => {
  const filter = (items: Json, condition: Json) => pipeline([activity("f", "Filter", { items, condition })]);

  it("keeps the elements whose condition is true", async () => {
    const definition = filter("@range(0,5)", { value: "@greater(item(),2)", type: "Expression" });
    const { output } = (await testEngine().run(definition)).activity("f");
    expect(output).toEqual({ ItemsCount: 5, FilteredItemsCount: 2, Value: [3, 4] });
  });

  it.each([
    ["@string('x')", "@equals(1,1)"],
    ["@range(0,2)", "@item()"],
  ])("fails for items %s with condition %s", async (items, condition) => {
    expect((await testEngine().run(filter(items, condition))).activity("f").status).toBe("Failed");
  });
});

describe("AppendVariable", () => {
  it("adds any value as one element", async () => {
    const each = forEach(
      "each",
      "@createArray('a',createArray(1,2),json('null'))",
      [append("add", "seen", "@item()")],
      {
        isSequential: true,
      },
    );
    const text = setVariable("out", "out", "@string(variables('seen'))", [["each", "Succeeded"]]);
    const result = await testEngine().run(pipeline([each, text], list));
    expect(result.activity("out").output).toMatchObject({ value: '["a",[1,2],null]' });
  });

  it("may read the variable that it adds to: Set Variable alone is documented to refuse that", async () => {
    const adds = forEach("each", "@range(1,3)", [append("add", "seen", "@length(variables('seen'))")], {
      isSequential: true,
    });
    const text = setVariable("out", "out", "@string(variables('seen'))", [["each", "Succeeded"]]);
    const result = await testEngine().run(pipeline([adds, text], list));
    expect(result.activity("out").output).toMatchObject({ value: "[0,1,2]" });
  });

  it.each([
    ["without a variable", append("add", "nope", 1), "'nope' is not defined"],
    ["to a variable that is no Array", append("add", "out", 1), "'out' is not of type Array"],
    ["without a value", activity("add", "AppendVariable", { variableName: "seen" }), "value is required"],
  ])("%s is refused when it is published", (_what, definition, message) => {
    expect(() => planPipeline(pipeline([definition], list), "p")).toThrow(message);
  });
});

function on(name: string) {
  return [{ activity: name, dependencyConditions: ["Succeeded" as const] }];
}

/** What the turns appended, sorted. */
function elementsOf(result: Result): readonly string[] {
  const { value } = result.activity("out").output as { value: string };
  return value.split(",").sort();
}
