import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { systemClock } from "../../contract/clock.js";
import { randomIds } from "../../contract/ids.js";
import { createEngine } from "../../emulator/engine/engine.js";
import { memoryCallbacks } from "../../emulator/engine/memoryCallbacks.js";
import type { Journal, JournalEntry } from "../../emulator/engine/ports.js";
import { activity, inner, pipeline, setVariable, web } from "./testEngine.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Keeps a run's states until it has ended. */
function forgetfulJournal(): Journal {
  const states = new Map<string, JournalEntry[]>();
  return {
    append(runId, entries) {
      const known = states.get(runId) ?? [];
      states.set(runId, [...known, ...entries]);
      if (entries.some((entry) => entry.kind === "state" && entry.name === "finished")) states.delete(runId);
    },
    states: (runId) => (states.get(runId) ?? []).flatMap((entry) => (entry.kind === "state" ? [entry] : [])),
  };
}

function open() {
  const engine = createEngine({
    clock: systemClock(),
    ids: randomIds,
    http: {
      send: async () => ({ status: 200, statusText: "", headers: {}, body: JSON.stringify({ text: "x".repeat(500) }) }),
    },
    identity: { token: async () => "token" },
    journal: forgetfulJournal(),
    artifacts: { pipeline: () => undefined, linkedService: () => undefined, dataset: () => undefined },
    callbacks: memoryCallbacks((activityRunId) => `https://callback.example/${activityRunId}`),
    workspace: { id: "/subscriptions/s/workspaces/ws", name: "ws", location: "centralus" },
  });
  const each = activity("each", "ForEach", {
    items: { value: "@createArray(1,2,3)", type: "Expression" },
    activities: inner([web("call")]),
  });
  const definition = pipeline([each, setVariable("set", "v", "@pipeline().RunId", [["each", "Succeeded"]])], {
    variables: { v: { type: "String" } },
  });
  const invokedBy = { id: "0".repeat(32), name: "Manual", invokedByType: "Manual" };
  return async () => {
    const { runId } = engine.start({ pipelineName: "p", definition, parameters: {}, invokedBy });
    return (await engine.finished(runId)).status;
  };
}

it("25 runs go on at once, and a run that has ended leaves nothing in memory", async () => {
  const run = open();
  const batch = () => Promise.all(Array.from({ length: 25 }, run));
  const batches = async (count: number) => {
    for (let done = 0; done < count; done += 1) expect(new Set(await batch())).toEqual(new Set(["Succeeded"]));
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const before = await batches(5);
  const growth = (await batches(6)) - before;
  // a run that is kept has some 10 KB; the rest is what the compiler and others still need
  expect(growth / (6 * 25), "bytes that each run left").toBeLessThan(4_000);
});
