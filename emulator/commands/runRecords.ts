import { type PipelineRun, terminalPipelineRunStatuses } from "../../contract/runs.js";
import type { Store } from "../platform/store.js";
import type { StateFolder } from "../stateFolder.js";

/** Says which runs were still going when the emulator ended: they are journaled and go on at its next start. */
export function reportUnfinishedRuns(folder: StateFolder, log: (line: string) => void): void {
  for (const run of runsOf(folder)) {
    if (terminalPipelineRunStatuses.includes(run.status)) continue;
    log(`run ${run.runId} is not finished; it goes on when the emulator starts again`);
  }
}

/** The run that was started with this correlation id. */
export function runIdOf(folder: StateFolder, correlationId: string): string {
  const run = runsOf(folder).find(({ parameters }) => parameters["correlationId"] === correlationId);
  if (!run) throw new Error(`no run has the correlation id ${correlationId}`);
  return run.runId;
}

function runsOf(folder: StateFolder): readonly PipelineRun[] {
  const store: Store = folder.openStore();
  try {
    return store
      .all("SELECT record FROM pipeline_runs ORDER BY seq DESC")
      .map((row) => JSON.parse(String(row["record"])));
  } finally {
    store.close();
  }
}
