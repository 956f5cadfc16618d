import { openJobs } from "../services/studioClassic/jobs.js";
import { openRuns } from "../services/synapse/runs/runs.js";
import type { StateFolder } from "../stateFolder.js";

/** Says which runs and jobs were still going when the emulator ended: they are kept and go on at its next start. */
export function reportUnfinishedRuns(folder: StateFolder, log: (line: string) => void): void {
  for (const { runId } of folder.withStore((store) => openRuns(store).unfinished())) {
    log(`run ${runId} is not finished; it goes on when the emulator starts again`);
  }
  for (const { id } of folder.withStore((store) => openJobs(store).running())) {
    log(`retraining job ${id} is not finished; it is trained anew when the emulator starts again`);
  }
}

/** The run that was started with this correlation id. */
export function runIdOf(folder: StateFolder, correlationId: string): string {
  const runId = folder.withStore((store) => openRuns(store).startedWith("correlationId", correlationId));
  if (runId === undefined) throw new Error(`no run has the correlation id ${correlationId}`);
  return runId;
}
