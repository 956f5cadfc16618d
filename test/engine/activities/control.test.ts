import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import type { ActivityDefinition, PipelineDefinition } from "../../../contract/pipeline.js";
import { activity, fail, inner, pipeline, setVariable, testEngine, wait } from "../testEngine.js";

const until = (name: string, expression: string, activities: readonly ActivityDefinition[], rest: JsonObject = {}) =>
  activity(name, "Until", {
    expression: { value: expression, type: "Expression" },
    activities: inner(activities),
    ...rest,
  });

const run = (definition: PipelineDefinition) => testEngine().run(definition);

describe("SetVariable", () => {
  it("sets the variable and outputs name and value", async () => {
    const definition = pipeline([setVariable("set", "V", "@concat('a', variables('other'))")], {
      variables: { v: { type: "String" }, other: { type: "String", defaultValue: "b" } },
    });
    const { output, input, status } = (await run(definition)).activity("set");
    expect({ output, input, status }).toEqual({
      status: "Succeeded",
      input: { variableName: "V", value: "ab" },
      output: { name: "V", value: "ab" },
    });
  });

  it.each([
    ["String", 1],
    ["Integer", "1"],
    ["Boolean", "true"],
    ["Array", "[]"],
  ] as const)("fails when a variable of type %s is given %j", async (type, value) => {
    const result = await run(pipeline([setVariable("set", "v", value)], { variables: { v: { type } } }));
    expect(result.activity("set").status).toBe("Failed");
  });

  it("reads a variable that was never set as '', 0, false or []", async () => {
    const definition = pipeline(
      [setVariable("set", "out", "@concat(variables('s'),'|',variables('i'),'|',variables('b'),'|',variables('a'))")],
      {
        variables: {
          out: { type: "String" },
          s: { type: "String" },
          i: { type: "Integer" },
          b: { type: "Boolean" },
          a: { type: "Array" },
        },
      },
    );
    expect((await run(definition)).activity("set").output).toMatchObject({ value: "|0|False|[]" });
  });

  it("hides its input and output where the policy says so, and expressions still see them", async () => {
    const secret = { ...setVariable("set", "v", "s3cret"), policy: { secureInput: true, secureOutput: true } };
    const definition = pipeline([secret, setVariable("copy", "w", "@variables('v')", [["set", "Succeeded"]])], {
      variables: { v: { type: "String" }, w: { type: "String" } },
    });
    const result = await run(definition);
    expect(result.activity("set")).toMatchObject({ input: {}, output: {} });
    expect(result.activity("copy").output).toMatchObject({ value: "s3cret" });
  });
});

describe("Wait", () => {
  it.each([5, "5", "@add(2,3)", { value: "5", type: "Expression" }])("waits %j seconds", async (seconds) => {
    const result = await run(pipeline([wait("w", seconds)]));
    expect(result.activity("w").durationInMs).toBe(5000);
  });

  it("fails when the expression gives no integer", async () => {
    const { status, error } = (await run(pipeline([wait("w", "@string('x')")]))).activity("w");
    expect(status).toBe("Failed");
    expect(error.message).toContain("waitTimeInSeconds must be an integer");
  });
});

describe("Fail", () => {
  it("fails with the message and code of the definition, and so does the run", async () => {
    const result = await run(pipeline([activity("f", "Fail", { message: "@concat('no ','way')", errorCode: "E42" })]));
    expect(result.activity("f").error).toEqual({
      errorCode: "E42",
      message: "no way",
      failureType: "UserError",
      target: "f",
      details: [],
    });
    expect(result.run).toMatchObject({ status: "Failed", message: "Operation on target f failed: no way" });
  });

  it("says so when message or code cannot be interpreted", async () => {
    const result = await run(pipeline([activity("f", "Fail", { message: "@json('{}').x", errorCode: " " })]));
    expect(result.activity("f").error).toMatchObject({
      errorCode: "ErrorCodeNotString",
      message: "Failed to interpret f fail message or error code",
    });
  });
});

describe("IfCondition", () => {
  const branch = (expression: string, rest: JsonObject) =>
    pipeline([activity("if", "IfCondition", { expression: { value: expression, type: "Expression" }, ...rest })]);

  it("runs the branch of its condition alone", async () => {
    const branches = { ifTrueActivities: inner([wait("yes", 0)]), ifFalseActivities: inner([wait("no", 0)]) };
    expect((await run(branch("@equals(1,1)", branches))).statuses()).toEqual({ if: "Succeeded", yes: "Succeeded" });
    expect((await run(branch("@equals(1,2)", branches))).statuses()).toEqual({ if: "Succeeded", no: "Succeeded" });
  });

  it("succeeds at once when the branch is missing", async () => {
    expect((await run(branch("@equals(1,2)", { ifTrueActivities: inner([fail("f")]) }))).run.status).toBe("Succeeded");
  });

  it("fails when its inside does, naming the inner activity", async () => {
    const result = await run(branch("@equals(1,1)", { ifTrueActivities: inner([fail("f")]) }));
    const message = "Activity failed because an inner activity failed; Inner activity name: f, Error: f failed";
    expect(result.activity("if").error).toMatchObject({ errorCode: "ActionFailed", message });
    expect(result.run.message).toBe(`Operation on target if failed: ${message}`);
  });

  it("fails when its condition is no boolean", async () => {
    expect((await run(branch("@string('true')", {}))).activity("if").status).toBe("Failed");
  });
});

describe("Until", () => {
  const counting = [
    setVariable("next", "next", "@add(variables('count'),1)"),
    setVariable("count", "count", "@variables('next')", [["next", "Succeeded"]]),
    wait("pause", 10, [["count", "Succeeded"]]),
  ];
  const variables = { count: { type: "Integer" }, next: { type: "Integer" } } as const;

  it("goes round until its condition holds, each round with an iteration hash of its own", async () => {
    const result = await run(pipeline([until("loop", "@equals(variables('count'),3)", counting)], { variables }));
    expect(result.run).toMatchObject({ status: "Succeeded", durationInMs: 30_000 });
    const hashes = result.activities
      .filter(({ activityName }) => activityName !== "loop")
      .map((each) => each.iterationHash);
    expect(hashes).toHaveLength(9);
    expect(new Set(hashes).size).toBe(3);
    expect(hashes[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(result.activity("loop").iterationHash).toBe("");
  });

  it("runs at least one round", async () => {
    const result = await run(pipeline([until("loop", "@equals(1,1)", [wait("once", 0)])]));
    expect(result.statuses()).toEqual({ loop: "Succeeded", once: "Succeeded" });
  });

  it("is not stopped by a failed inner activity, and succeeds although the last round had one", async () => {
    const failing = [...counting, fail("always")];
    const result = await run(pipeline([until("loop", "@equals(variables('count'),2)", failing)], { variables }));
    expect(result.activities.filter(({ status }) => status === "Failed")).toHaveLength(2);
    expect(result.activity("loop").status).toBe("Succeeded");
  });

  it("fails at its time-out, and cancels what is in flight inside", async () => {
    const definition = pipeline([until("loop", "@equals(1,2)", [wait("pause", 40)], { timeout: "0.00:01:00" })]);
    const result = await run(definition);
    expect(result.activity("loop")).toMatchObject({ status: "Failed", durationInMs: 60_000 });
    expect(result.activity("pause")).toMatchObject({ status: "Cancelled", durationInMs: 20_000 });
    expect(result.run.status).toBe("Failed");
  });

  it("of activities that take no time ends at its time-out instead of spinning", async () => {
    const definition = pipeline([until("loop", "@equals(1,2)", [wait("w", 0)], { timeout: "0.00:00:20" })]);
    expect((await run(definition)).activities.length).toBeLessThan(25);
  });

  it("leaves its last round's activities readable by name", async () => {
    const definition = pipeline(
      [
        until("loop", "@equals(variables('count'),2)", counting),
        setVariable("after", "next", "@activity('count').output.value", [["loop", "Succeeded"]]),
      ],
      { variables },
    );
    expect((await run(definition)).activity("after").output).toMatchObject({ value: 2 });
  });

  it("lets no activity read what one of the round before left", async () => {
    const definition = pipeline(
      [
        until("loop", "@equals(variables('count'),2)", [
          ...counting,
          wait("only-first", 0, [["fails-second", "Failed"]]),
          setVariable("fails-second", "none", "@if(equals(variables('next'),1), 1, 'x')", [["next", "Succeeded"]]),
          setVariable("read", "out", "@activity('only-first').status", [["pause", "Succeeded"]]),
        ]),
      ],
      { variables: { ...variables, none: { type: "String" }, out: { type: "String" } } },
    );
    const reads = (await run(definition)).activities.filter(({ activityName }) => activityName === "read");
    expect(reads.map(({ status }) => status)).toEqual(["Succeeded", "Failed"]);
  });
});

describe("an expression that cannot be evaluated", () => {
  it("fails its activity as InvalidTemplate and names what is available", async () => {
    const definition = pipeline(
      [wait("a", 0), setVariable("set", "v", "@activity('a').output.token", [["a", "Succeeded"]])],
      {
        variables: { v: { type: "String" } },
      },
    );
    const { error } = (await run(definition)).activity("set");
    expect(error).toMatchObject({ errorCode: "InvalidTemplate", failureType: "UserError", target: "set" });
    expect(error.message).toContain("property 'token' doesn't exist");
  });
});
