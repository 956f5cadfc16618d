import { describe, expect, it } from "vitest";
import { ParameterError, PlanError } from "../../emulator/engine/errors.js";
import { activity, pipeline, runId, setVariable, testEngine, wait } from "./testEngine.js";

describe("start", () => {
  it("has journaled the run when it returns, before any activity", () => {
    const test = testEngine();
    const record = test.start(pipeline([wait("w", 0)]));
    expect(test.journal.appends).toHaveLength(1);
    expect(test.journal.run(runId)).toEqual(record);
    expect(record).toEqual({
      id: `/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.SYNAPSE/WORKSPACES/WS/pipelineruns/${runId}`,
      runId,
      debugRunId: null,
      runGroupId: runId,
      pipelineName: "p",
      parameters: {},
      invokedBy: { id: "0".repeat(32), name: "Manual", invokedByType: "Manual" },
      runStart: "2026-01-02T03:04:05.0000000Z",
      runEnd: null,
      durationInMs: null,
      status: "InProgress",
      message: "",
      output: null,
      lastUpdated: "2026-01-02T03:04:05.0000000Z",
      annotations: [],
      runDimension: {},
      isLatest: true,
    });
  });

  it("refuses a definition that cannot be planned, and a run id that is taken; nothing is journaled then", async () => {
    const test = testEngine();
    expect(() => test.start(pipeline([activity("a", "Copy", {})]))).toThrow(PlanError);
    expect(test.journal.appends).toEqual([]);
    await test.run(pipeline([wait("w", 0)]));
    const appends = test.journal.appends.length;
    expect(() => test.start(pipeline([wait("w", 0)]))).toThrow(`There is already a run ${runId}.`);
    expect(test.journal.appends).toHaveLength(appends);
  });
});

it("a run's record has its dimensions, evaluated to texts", async () => {
  const runDimensions = {
    region: { value: "@pipeline().parameters.region", type: "Expression" },
    team: "@{pipeline().Pipeline}-team",
    wrong: "@pipeline().parameters.region.x",
    count: 1,
  };
  const parameters = { region: { type: "String" as const, defaultValue: "eu" } };
  const { run } = await testEngine().run(pipeline([wait("w", 0)], { runDimensions, parameters }));
  expect(run.runDimension).toEqual({ region: "eu", team: "p-team", wrong: "", count: "1" });
});

describe("parameters", () => {
  const definition = pipeline([setVariable("set", "v", "@string(pipeline().parameters)")], {
    variables: { v: { type: "String" } },
    parameters: {
      text: { type: "String", defaultValue: "default" },
      ratio: { type: "Float", defaultValue: 2 },
      list: { type: "Array", defaultValue: [1, "a"] },
      secret: { type: "SecureString", defaultValue: "s3cret" },
    },
  });

  it("take their defaults or what the start gives, by name in any case", async () => {
    const test = testEngine();
    const result = await test.run(definition, { TEXT: "given", unknown: 1 });
    expect(result.activity("set").output).toMatchObject({
      value: '{"text":"given","ratio":2.0,"list":[1,"a"],"secret":"s3cret"}',
    });
    expect(result.run.parameters).toEqual({ text: "given", ratio: "2", list: '[1,"a"]', secret: "***" });
  });

  it.each([
    [{ text: 1 }, "Expected a value of type 'String', but received a value of type 'Integer'"],
    [{ ratio: "1" }, "Expected a value of type 'Float', but received a value of type 'String'"],
    [{ list: {} }, "Expected a value of type 'Array', but received a value of type 'Object'"],
  ])("refuse %j", (parameters, message) => {
    const test = testEngine();
    expect(() => test.start(definition, parameters)).toThrow(message);
    expect(test.journal.appends).toEqual([]);
  });

  it("keep a default that does not fit their type, as official templates have", async () => {
    const given = pipeline(
      [setVariable("set", "v", "@{pipeline().parameters.text} @{pipeline().parameters.text?.a}")],
      {
        variables: { v: { type: "String" } },
        parameters: { text: { type: "String", defaultValue: { a: 1 } } },
      },
    );
    const result = await testEngine().run(given);
    expect(result.activity("set").output).toMatchObject({ value: '{"a":1} 1' });
    expect(result.run.parameters).toEqual({ text: '{"a":1}' });
  });

  it("without value and default are refused", () => {
    const bare = pipeline([wait("w", 0)], { parameters: { p: { type: "Int" } } });
    expect(() => testEngine().start(bare)).toThrow(ParameterError);
  });
});

describe("system variables", () => {
  const value = "@string(pipeline().globalParameters.retries)";
  const reading = pipeline([setVariable("set", "v", value)], { variables: { v: { type: "String" } } });

  it("have the global parameters of a data factory; a workspace of Synapse has none", async () => {
    const factory = await testEngine({ globalParameters: { Retries: 3 } }).run(reading);
    expect(factory.activity("set").output).toMatchObject({ value: "3" });
    const workspace = await testEngine().run(reading);
    expect(workspace.activity("set").error.message).toContain("property 'globalParameters' doesn't exist");
  });

  it("name the run, its start and who invoked it", async () => {
    const value =
      "@concat(pipeline().DataFactory,'|',pipeline().Pipeline,'|',pipeline().RunId,'|',pipeline().TriggerType,'|',pipeline().TriggerTime,'|',pipeline()?.TriggeredByPipelineName)";
    const result = await testEngine().run(
      pipeline([setVariable("set", "v", value)], { variables: { v: { type: "String" } } }),
    );
    expect(result.activity("set").output).toMatchObject({
      value: `ws|p|${runId}|Manual|2026-01-02T03:04:05.0000000Z|`,
    });
  });
});

describe("an activity run", () => {
  it("has the members of the service's record", async () => {
    const result = await testEngine().run(
      pipeline([{ ...wait("w", 2), userProperties: [{ name: "note", value: "@concat('a','b')" }] }]),
    );
    const record = result.activity("w");
    expect(record).toEqual({
      id: `${result.run.id}/activityruns/${record.activityRunId}`,
      activityRunId: record.activityRunId,
      activityName: "w",
      activityType: "Wait",
      pipelineName: "p",
      pipelineRunId: runId,
      status: "Succeeded",
      activityRunStart: "2026-01-02T03:04:05.0000000Z",
      activityRunEnd: "2026-01-02T03:04:07.0000000Z",
      durationInMs: 2000,
      input: { waitTimeInSeconds: 2 },
      output: {},
      error: { errorCode: "", message: "", failureType: "", target: "w", details: "" },
      retryAttempt: null,
      iterationHash: "",
      linkedServiceName: "",
      userProperties: { note: "ab" },
      recoveryStatus: "None",
      integrationRuntimeNames: null,
      executionDetails: null,
    });
  });

  it("can be read by expressions: times and duration as well", async () => {
    const read = setVariable("read", "v", "@concat(activity('w').Duration,' ',activity('w').ExecutionEndTime)", [
      ["w", "Succeeded"],
    ]);
    const result = await testEngine().run(pipeline([wait("w", 3661), read], { variables: { v: { type: "String" } } }));
    expect(result.activity("read").output).toMatchObject({ value: "01:01:01.0000000 2026-01-02T04:05:06.0000000Z" });
  });
});

describe("a journal that fails", () => {
  it("stops the run's other branches and is told by finished", async () => {
    const test = testEngine();
    const append = test.journal.append;
    let count = 0;
    test.journal.append = (id, entries) => {
      count += 1;
      if (count === 4) throw new Error("disk full");
      append(id, entries);
    };
    test.start(pipeline([wait("a", 10), wait("b", 3600)]));
    await expect(test.engine.finished(runId)).rejects.toThrow("disk full");
    expect(test.clock.now().getTime()).toBeLessThan(Date.parse("2026-01-02T03:30:00Z"));
  });
});
