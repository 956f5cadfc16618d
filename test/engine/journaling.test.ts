import { describe, expect, it } from "vitest";
import type { PipelineDefinition } from "../../contract/pipeline.js";
import {
  activity,
  type MemoryJournal,
  memoryJournal,
  pipeline,
  runId,
  setVariable,
  testEngine,
  wait,
  web,
} from "./testEngine.js";

/** What the journal has of an activity: the names of its states, and the record that clients see. */
function journaled(journal: MemoryJournal, name: string) {
  const states = journal.states(runId).filter(({ value }) => JSON.stringify(value)?.includes(`"place":"${name}"`));
  const record = journal.activities(runId).find(({ activityName }) => activityName === name);
  return { states: states.map((state) => state.name), status: record?.status, input: record?.input };
}

describe("before an activity reaches the world its beginning is durable, with the input that it shows", () => {
  it("when a Web activity sends its request", async () => {
    const journal = memoryJournal();
    const seen: unknown[] = [];
    const handler = () => {
      seen.push(journaled(journal, "call"));
      return {};
    };
    await testEngine({ journal, handler }).run(pipeline([web("call")]));
    const input = expect.objectContaining({ url: "https://host.example/call", method: "GET" });
    expect(seen).toEqual([{ states: ["attempt", "memory"], status: "InProgress", input }]);
  });

  it("when it asks for a token", async () => {
    const journal = memoryJournal();
    const seen: unknown[] = [];
    const token = async () => {
      seen.push(journaled(journal, "call").status);
      return "token";
    };
    const authentication = { type: "MSI", resource: "https://vault.azure.net" };
    await testEngine({ journal, token }).run(pipeline([web("call", { authentication })]));
    expect(seen).toEqual(["InProgress"]);
  });

  it("when a pipeline is started by another", async () => {
    const journal = memoryJournal();
    const seen: unknown[] = [];
    const append = journal.append;
    journal.append = (id, entries) => {
      if (id !== runId && seen.length === 0) seen.push(journaled(journal, "start"));
      append(id, entries);
    };
    const child: PipelineDefinition = pipeline([wait("w", 1)]);
    const start = activity("start", "ExecutePipeline", {
      pipeline: { referenceName: "child", type: "PipelineReference" },
      waitOnCompletion: true,
    });
    await testEngine({ journal, pipelines: { child } }).run(pipeline([start]));
    expect(seen).toEqual([
      { states: ["attempt", "memory", "memory"], status: "InProgress", input: expect.objectContaining({}) },
    ]);
  });

  it("while it waits", async () => {
    const journal = memoryJournal();
    const test = testEngine({ journal });
    test.start(pipeline([wait("w", 100)]));
    await test.engine.finished(runId);
    const first = journal.appends.findIndex(({ entries }) => entries.some(({ kind }) => kind === "activityRun"));
    expect(journal.appends[first]?.entries).toMatchObject([
      { kind: "state", name: "attempt" },
      { kind: "state", name: "memory" },
      { kind: "activityRun", record: { status: "InProgress", input: { waitTimeInSeconds: 100 } } },
    ]);
  });
});

describe("an activity that nobody outside sees at work", () => {
  it("is journaled in one step: beginning, effect, end and record", async () => {
    const definition = pipeline([setVariable("set", "v", "x")], { variables: { v: { type: "String" } } });
    const test = testEngine();
    await test.run(definition);
    const steps = test.journal.appends.map(({ entries }) =>
      entries.map((entry) => (entry.kind === "state" ? entry.name : entry.record.status)),
    );
    expect(steps).toEqual([
      ["run", "started", "InProgress"],
      ["attempt", "variable", "end", "Succeeded"],
      ["finished", "Succeeded"],
    ]);
  });
});
