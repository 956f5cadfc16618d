import { randomIds } from "../../../contract/ids.js";
import type { ActivityRun, PipelineRun } from "../../../contract/runs.js";
import { createJournal } from "../../../emulator/services/synapse/runs/journal.js";
import { type TestSynapse, workspaceId } from "./testSynapse.js";

/** Writes what the engine would, with the given members; returns the record. */
export function writeRun(test: TestSynapse, changes: Partial<PipelineRun> = {}): PipelineRun {
  const runId = changes.runId ?? randomIds.uuid();
  const record: PipelineRun = {
    id: `${workspaceId.toUpperCase()}/pipelineruns/${runId}`,
    runId,
    debugRunId: null,
    runGroupId: runId,
    pipelineName: "p1",
    parameters: {},
    invokedBy: { id: "0".repeat(32), name: "Manual", invokedByType: "Manual" },
    runStart: "2024-05-01T08:00:00.0000000Z",
    runEnd: null,
    durationInMs: null,
    status: "InProgress",
    message: "",
    output: null,
    lastUpdated: "2024-05-01T08:00:00.0000000Z",
    annotations: [],
    runDimension: {},
    isLatest: true,
    ...changes,
  };
  journalOf(test).append(runId, [{ kind: "pipelineRun", record }]);
  return record;
}

export function writeActivity(test: TestSynapse, run: PipelineRun, changes: Partial<ActivityRun> = {}): ActivityRun {
  const activityRunId = changes.activityRunId ?? randomIds.uuid();
  const record: ActivityRun = {
    id: `${run.id}/activityruns/${activityRunId}`,
    activityRunId,
    activityName: "a1",
    activityType: "WebActivity",
    pipelineName: run.pipelineName,
    pipelineRunId: run.runId,
    status: "Succeeded",
    activityRunStart: "2024-05-01T08:00:01.0000000Z",
    activityRunEnd: "2024-05-01T08:00:02.0000000Z",
    durationInMs: 1000,
    input: {},
    output: {},
    error: { errorCode: "", message: "", failureType: "", target: "a1", details: "" },
    retryAttempt: null,
    iterationHash: "",
    linkedServiceName: "",
    userProperties: {},
    recoveryStatus: "None",
    integrationRuntimeNames: null,
    executionDetails: null,
    ...changes,
  };
  journalOf(test).append(run.runId, [{ kind: "activityRun", record }]);
  return record;
}

export const journalOf = (test: TestSynapse) => createJournal(test.platform.store, workspaceId.toLowerCase());
