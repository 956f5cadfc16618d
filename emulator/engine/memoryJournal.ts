import type { ActivityRun, PipelineRun } from "../../contract/runs.js";
import type { Journal, JournalEntry } from "./ports.js";

/** A journal that lives as long as its process. */
export interface MemoryJournal extends Journal {
  /** Every call of `append`, in order: what a killed process leaves is a prefix of it. */
  readonly appends: { readonly runId: string; readonly entries: readonly JournalEntry[] }[];
  /** The last record of the run. */
  run(runId: string): PipelineRun | undefined;
  /** The last record of each activity run, in the order of their beginnings. */
  activities(runId: string): readonly ActivityRun[];
}

/** A new journal, or one that goes on from what another one had. */
export function memoryJournal(before: MemoryJournal["appends"] = []): MemoryJournal {
  const appends = [...before];
  const byRun = new Map<string, JournalEntry[]>();
  const entriesOf = (runId: string) => byRun.get(runId) ?? [];
  const keep = (runId: string, entries: readonly JournalEntry[]) => {
    const known = byRun.get(runId);
    if (known) known.push(...entries);
    else byRun.set(runId, [...entries]);
  };
  for (const { runId, entries } of before) keep(runId, entries);
  return {
    appends,
    append(runId, entries) {
      appends.push({ runId, entries });
      keep(runId, entries);
    },
    states: (runId) => entriesOf(runId).flatMap((entry) => (entry.kind === "state" ? [entry] : [])),
    run: (runId) =>
      entriesOf(runId)
        .flatMap((entry) => (entry.kind === "pipelineRun" ? [entry.record] : []))
        .at(-1),
    activities(runId) {
      const records = entriesOf(runId).flatMap((entry) => (entry.kind === "activityRun" ? [entry.record] : []));
      return [...new Map(records.map((record) => [record.activityRunId, record])).values()];
    },
  };
}
