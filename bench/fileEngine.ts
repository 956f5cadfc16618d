import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemClock } from "../contract/clock.js";
import { randomIds } from "../contract/ids.js";
import type { JsonObject } from "../contract/json.js";
import type { PipelineRun } from "../contract/runs.js";
import { createEngine } from "../emulator/engine/engine.js";
import { memoryCallbacks } from "../emulator/engine/memoryCallbacks.js";
import { openStore } from "../emulator/platform/store.js";
import { createJournal } from "../emulator/services/synapse/runs/journal.js";
import { openRuns } from "../emulator/services/synapse/runs/runs.js";

/** The pipeline engine with the emulator's own journal, in a database file, and nobody to send a request to. */
export interface FileEngine {
  start(definition: JsonObject): PipelineRun;
  finished(run: PipelineRun): Promise<PipelineRun>;
  close(): Promise<void>;
}

const nobody = () => Promise.reject(new Error("there is nobody to ask"));

/** Opens one in a folder of its own, which goes with it. */
export function openFileEngine(): FileEngine {
  const folder = mkdtempSync(path.join(tmpdir(), "synapse-batch-bench-"));
  const store = openStore(path.join(folder, "state.sqlite"), Buffer.alloc(32, 7));
  openRuns(store);
  const id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Synapse/workspaces/benchmark";
  const engine = createEngine({
    clock: systemClock({ keepAlive: false }),
    ids: randomIds,
    http: { send: nobody },
    identity: { token: nobody },
    journal: createJournal(store, id.toLowerCase()),
    artifacts: { pipeline: () => undefined, linkedService: () => undefined, dataset: () => undefined },
    callbacks: memoryCallbacks((activityRunId) => `https://callback.invalid/${activityRunId}`),
    workspace: { id, name: "benchmark", location: "centralus" },
  });
  const invokedBy = { id: "0".repeat(32), name: "Manual", invokedByType: "Manual" };
  return {
    start: (definition) => engine.start({ pipelineName: "benchmark", definition, parameters: {}, invokedBy }),
    finished: ({ runId }) => engine.finished(runId),
    async close() {
      await engine.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
