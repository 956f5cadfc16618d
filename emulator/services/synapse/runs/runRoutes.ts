import { validate as isGuid } from "uuid";
import type { Clock } from "../../../../contract/clock.js";
import { isJsonObject, type JsonObject } from "../../../../contract/json.js";
import type { Rerun } from "../../../engine/engine.js";
import type { Platform } from "../../../platform/platform.js";
import type { Artifacts } from "../artifacts/artifacts.js";
import type { Call, Operations } from "../endpoint.js";
import { artifactNotFound, badRequest, pipelineRunNotFound } from "../errors.js";
import { useSystemIdentity } from "../roles/checkPermission.js";
import { actions } from "../roles/permissions.js";
import type { Engines } from "./engines.js";
import type { Retention } from "./retention.js";
import { readRunFilter } from "./runFilter.js";
import { activityRunColumns, pipelineRunColumns, queryActivityRuns, queryPipelineRuns } from "./runQuery.js";
import type { Runs } from "./runs.js";
import { startRun } from "./startRun.js";

/** Runs of pipelines: start, read, query, cancel (2020-12-01). `wallClock` is the caller's time, not the emulator's. */
export function runRoutes(
  operation: Operations,
  {
    platform,
    pipelines,
    runs,
    engines,
    retention,
    wallClock,
  }: {
    readonly platform: Platform;
    readonly pipelines: Artifacts;
    readonly runs: Runs;
    readonly engines: Engines;
    readonly retention: Retention;
    readonly wallClock: Clock;
  },
): void {
  // in this order the emulator's time is the later one only where it is ahead
  const present = () => ({ now: platform.clock.now(), realNow: wallClock.now() });
  const view = [{ action: actions.viewPipelineOutputs }];

  const existing = ({ workspace, params }: Call) => {
    const run = runs.get(workspace.key, String(params["runId"]).toLowerCase());
    if (!run) throw pipelineRunNotFound(String(params["runId"]));
    return run;
  };

  operation("POST", "/pipelines/:name/createRun", [{ action: actions.read }, useSystemIdentity], (call) => {
    const { workspace, params, reply } = call;
    const pipeline = pipelines.get(workspace.key, String(params["name"]));
    if (!pipeline) throw artifactNotFound(workspace, pipelines.kind.recordType, String(params["name"]));
    const start = {
      pipeline,
      parameters: parametersOf(call.body),
      runId: freeRunId(call, runs) ?? platform.ids.uuid(),
      invokedBy: { id: platform.ids.uuid().replaceAll("-", ""), name: "Manual", invokedByType: "Manual" },
      rerun: rerunOf(call.query),
    };
    retention.apply();
    const run = platform.store.transaction(() => {
      const started = startRun(engines.of(workspace), start);
      runs.supersede(workspace.key, started);
      return started;
    });
    return reply.code(202).send({ runId: run.runId });
  });

  operation("GET", "/pipelineruns/:runId", view, existing);

  operation("POST", "/queryPipelineRuns", view, ({ workspace, body }) => {
    const options = { columns: pipelineRunColumns, windowRequired: true, ...present() };
    return queryPipelineRuns(platform.store, workspace.key, readRunFilter(body, options));
  });

  operation("POST", "/pipelines/:name/pipelineruns/:runId/queryActivityruns", view, ({ workspace, params, body }) => {
    const options = { columns: activityRunColumns, windowRequired: false, ...present() };
    const run = {
      workspace: workspace.key,
      pipelineName: String(params["name"]),
      runId: String(params["runId"]).toLowerCase(),
    };
    return queryActivityRuns(platform.store, run, readRunFilter(body, options));
  });

  operation("POST", "/pipelineruns/:runId/cancel", [{ action: actions.cancelPipelineRun }], (call) => {
    const run = existing(call);
    const recursive = String(call.query["isRecursive"]).toLowerCase() === "true";
    engines.of(call.workspace).cancel(run.runId, { recursive });
    return call.reply.code(200).send();
  });
}

/** The caller's own request id becomes the run's id when it is a GUID that no run has yet. */
function freeRunId({ workspace, headers }: Call, runs: Runs): string | undefined {
  const requested = headers["x-ms-client-request-id"];
  if (typeof requested !== "string" || !isGuid(requested)) return undefined;
  const runId = requested.toLowerCase();
  return runs.get(workspace.key, runId) ? undefined : runId;
}

/** The body is the bare map from parameter name to value; it may be absent. */
function parametersOf(body: unknown): JsonObject {
  if (body === undefined) return {};
  if (!isJsonObject(body))
    throw badRequest("The body must be a JSON object from parameter name to value (Content-Type: application/json).");
  return body as JsonObject;
}

/** createRun's query: which run is repeated, and from where; `startActivityName` counts in recovery mode alone. */
function rerunOf(query: Readonly<Record<string, unknown>>): Rerun | undefined {
  const { referencePipelineRunId: runId, startActivityName: startActivity } = query;
  const isRecovery = String(query["isRecovery"] ?? "false").toLowerCase() === "true";
  if (typeof runId !== "string" || runId === "") {
    if (isRecovery) throw badRequest("A run in recovery mode needs a referencePipelineRunId.");
    return undefined;
  }
  const from = typeof startActivity === "string" && startActivity !== "" ? { startActivity } : {};
  return { runId: runId.toLowerCase(), isRecovery, ...from };
}
