import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../contract/json.js";
import type { PipelineDefinition } from "../../contract/pipeline.js";
import type { Rerun } from "../../emulator/engine/engine.js";
import { RerunError } from "../../emulator/engine/errors.js";
import {
  type Answer,
  activity,
  inner,
  memoryJournal,
  pipeline,
  resultOf,
  runId,
  setVariable,
  testEngine,
  wait,
  web,
} from "./testEngine.js";

const invokedBy = { id: "0".repeat(32), name: "Manual", invokedByType: "Manual" };

/** first → Set v → second → last, and aside beside them; the first time, what calls `second` fails. */
const definition: PipelineDefinition = pipeline(
  [
    web("first"),
    setVariable("Set v", "v", "@concat(activity('first').output.n,pipeline().parameters.p)", [["first", "Succeeded"]]),
    web("second", {}, [["Set v", "Succeeded"]]),
    setVariable("last", "w", "@concat(variables('v'),'!')", [["second", "Completed"]]),
    web("aside"),
  ],
  { variables: { v: { type: "String" }, w: { type: "String" } }, parameters: { p: { type: "String" } } },
);

function open(definitionToRun = definition) {
  let broken = true;
  const handler = ({ url }: { url: string }): Answer =>
    broken && url.endsWith("second") ? { status: 500 } : { body: { n: "one" } };
  const given = testEngine({ handler });
  return {
    ...given,
    async repeat(rerun: Omit<Rerun, "runId"> & { runId?: string }, newId = "again") {
      broken = false;
      const before = given.sent.length;
      const parameters: JsonObject = { p: "ignored" };
      const request = { pipelineName: "p", definition: definitionToRun, parameters, invokedBy, runId: newId };
      given.engine.start({ ...request, rerun: { runId, ...rerun } });
      const result = resultOf(await given.engine.finished(newId), given.journal);
      return { result, sent: given.sent.slice(before).map(({ url }) => url.split("/").pop()) };
    },
  };
}

describe("a rerun", () => {
  it("without recovery repeats everything with the first run's parameters, in a group of its own", async () => {
    const given = open();
    await given.run(definition, { p: "P" });
    const { result, sent } = await given.repeat({ isRecovery: false });
    expect(sent.sort()).toEqual(["aside", "first", "second"]);
    expect(result.activity("last").output).toMatchObject({ value: "oneP!" });
    expect(result.run).toMatchObject({ runGroupId: "again", parameters: { p: "P" }, status: "Succeeded" });
  });

  it("in recovery belongs to the first run's group, a rerun of a rerun too", async () => {
    const given = open();
    await given.run(definition, { p: "P" });
    await given.repeat({ isRecovery: true });
    const { result } = await given.repeat({ isRecovery: true, runId: "again" }, "third");
    expect(result.run.runGroupId).toBe(runId);
  });

  it("from an activity repeats it and what depends on it; outputs and variables from before can be read", async () => {
    const given = open();
    await given.run(definition, { p: "P" });
    const { result, sent } = await given.repeat({ isRecovery: true, startActivity: "SECOND" });
    expect(sent).toEqual(["second"]);
    expect(Object.keys(result.statuses())).toEqual(["second", "last"]);
    expect(result.activity("last").output).toMatchObject({ value: "oneP!" });
    expect(result.run.status).toBe("Succeeded");
  });

  it("from an activity keeps what failed before it, and repeats what failed elsewhere", async () => {
    const handled = pipeline([
      web("second"),
      web("handler", {}, [["second", "Failed"]]),
      activity("other", "IfCondition", {
        expression: { value: "@equals(1,1)", type: "Expression" },
        ifTrueActivities: inner([web("x second", { url: "https://host.example/second" })]),
      }),
      wait("ok", 1),
    ]);
    const given = open(handled);
    await given.run(handled);
    const { result } = await given.repeat({ isRecovery: true, startActivity: "handler" });
    expect(result.statuses()).toEqual({ handler: "Succeeded", other: "Succeeded", "x second": "Succeeded" });
  });

  it("goes on after a killed process without repeating what it had kept", async () => {
    const given = open();
    await given.run(definition, { p: "P" });
    await given.repeat({ isRecovery: true, startActivity: "second" });
    const begun = given.journal.appends.findIndex((each) => each.runId === "again");
    const after = testEngine({ journal: memoryJournal(given.journal.appends.slice(0, begun + 1)) });
    after.engine.resume(["again"]);
    expect((await after.engine.finished("again")).status).toBe("Succeeded");
    expect(after.sent.map(({ url }) => url.split("/").pop())).toEqual(["second"]);
  });

  it("is refused for an unknown run, one that goes on still, and an activity that is not at the top level", async () => {
    const given = open();
    await given.run(definition, { p: "P" });
    await expect(given.repeat({ isRecovery: true, runId: "nope" })).rejects.toThrow(RerunError);
    await expect(given.repeat({ isRecovery: true, startActivity: "nope" })).rejects.toThrow("'nope' is not at the top");
    const waiting = pipeline([wait("w", 5)]);
    given.engine.start({ pipelineName: "p", definition: waiting, parameters: {}, invokedBy, runId: "goes on" });
    await expect(given.repeat({ isRecovery: true, runId: "goes on" })).rejects.toThrow("is not a valid run id");
  });
});
