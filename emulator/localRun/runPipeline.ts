import type { Clock } from "../../contract/clock.js";
import type { Ids } from "../../contract/ids.js";
import type { JsonObject } from "../../contract/json.js";
import type { ActivityRun, InvokedBy, PipelineRun } from "../../contract/runs.js";
import { createEngine } from "../engine/engine.js";
import { toJson } from "../engine/expressions/values.js";
import { memoryJournal } from "../engine/memoryJournal.js";
import type { CallbacksPort, EnginePorts, HttpPort, IdentityPort, Wait } from "../engine/ports.js";
import { type Artifacts, named } from "./artifacts.js";
import { type LoggedRequest, RequestLog } from "./requestLog.js";

/** One run of a pipeline without any service round it. */
export interface LocalRun {
  readonly pipelineName: string;
  readonly definition: JsonObject;
  readonly artifacts: Artifacts;
  readonly parameters: JsonObject;
  readonly invokedBy: InvokedBy;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly http: HttpPort;
  readonly identity: IdentityPort;
  readonly callbacks: CallbacksPort;
  /** Told of each pause when it begins. */
  readonly onWait?: (wait: Wait) => void;
  /** Cancels the run when it is aborted. */
  readonly signal?: AbortSignal;
}

export interface LocalResult {
  readonly run: PipelineRun;
  /** In the order of their beginnings, those of pipelines that the run started included. */
  readonly activityRuns: readonly ActivityRun[];
  readonly variables: JsonObject;
  readonly requests: readonly LoggedRequest[];
  readonly log: RequestLog;
}

/** Runs a pipeline to its end; throws a `PlanError` or a `ParameterError` when it cannot be started. */
export async function runLocally(local: LocalRun): Promise<LocalResult> {
  const journal = memoryJournal();
  const log = new RequestLog();
  const ports: EnginePorts = {
    clock: local.clock,
    ids: local.ids,
    http: log.listen(local.http),
    identity: local.identity,
    journal,
    callbacks: local.callbacks,
    ...(local.onWait && { onWait: local.onWait }),
    artifacts: {
      pipeline: (name) => named(local.artifacts.pipelines, name),
      linkedService: (name) => named(local.artifacts.linkedServices, name),
      dataset: (name) => named(local.artifacts.datasets, name),
    },
    workspace: {
      id: "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/Microsoft.Synapse/workspaces/local",
      name: "local",
      location: "local",
      ...(local.artifacts.globalParameters && { globalParameters: local.artifacts.globalParameters }),
    },
  };
  const engine = createEngine(ports);
  const { runId } = engine.start({
    pipelineName: local.pipelineName,
    definition: local.definition,
    parameters: local.parameters,
    invokedBy: local.invokedBy,
  });
  const cancel = () => void engine.cancel(runId, { recursive: true });
  local.signal?.addEventListener("abort", cancel, { once: true });
  try {
    const run = await engine.finished(runId);
    const runIds = new Set(journal.appends.map((each) => each.runId));
    return {
      run,
      activityRuns: [...runIds].flatMap((id) => journal.activities(id)).sort(byStart),
      variables: Object.fromEntries([...engine.variables(runId)].map(([name, value]) => [name, toJson(value)])),
      requests: log.requests,
      log,
    };
  } finally {
    local.signal?.removeEventListener("abort", cancel);
    await engine.close();
  }
}

const byStart = (one: ActivityRun, other: ActivityRun) =>
  Date.parse(one.activityRunStart) - Date.parse(other.activityRunStart);
