import type { Clock } from "../../../../contract/clock.js";
import { notEmulated } from "../../../platform/errors.js";
import type { Platform } from "../../../platform/platform.js";
import type { Artifacts } from "../artifacts/artifacts.js";
import type { Call, Operations } from "../endpoint.js";
import { artifactNotFound } from "../errors.js";
import { useSystemIdentity } from "../roles/checkPermission.js";
import { actions } from "../roles/permissions.js";
import type { Engines } from "../runs/engines.js";
import { readRunFilter } from "../runs/runFilter.js";
import { queryTriggerRuns, triggerRunColumns } from "../runs/runQuery.js";
import { readTriggerRecurrence, triggeredPipelines } from "./definition.js";
import { cannotStart, triggerRunNotFound } from "./errors.js";
import type { Fire } from "./firing.js";
import type { Scheduler } from "./scheduler.js";
import type { TriggerRuns } from "./triggerRuns.js";

/** What triggers can beside being published: start, stop, their runs (2020-12-01). */
export function triggerRoutes(
  operation: Operations,
  {
    platform,
    triggers,
    triggerRuns,
    engines,
    scheduler,
    fire,
    wallClock,
  }: {
    readonly platform: Platform;
    readonly triggers: Artifacts;
    readonly triggerRuns: TriggerRuns;
    readonly engines: Engines;
    readonly scheduler: Scheduler;
    readonly fire: Fire;
    readonly wallClock: Clock;
  },
): void {
  const { store, clock } = platform;

  const existing = ({ workspace, params }: Call) => {
    const trigger = triggers.get(workspace.key, String(params["name"]));
    if (!trigger) throw artifactNotFound(workspace, triggers.kind.recordType, String(params["name"]));
    return trigger;
  };

  // it will run its pipelines, so who starts it must be allowed to
  operation("POST", "/triggers/:name/start", [{ action: actions.writeTriggers }, useSystemIdentity], (call) => {
    const { name, properties } = existing(call);
    if (triggeredPipelines(properties).length === 0) {
      throw cannotStart(name, `Missing or invalid pipeline references for trigger ${name}`);
    }
    const recurrence = readTriggerRecurrence(properties);
    if (!("frequency" in recurrence)) {
      throw cannotStart(name, `The trigger '${name}' cannot be started. ${recurrence.join(" ")}`);
    }
    if (recurrence.end && recurrence.end < clock.now()) {
      throw cannotStart(name, `The trigger '${name}' cannot be started. recurrence.endTime: is in the past.`);
    }
    scheduler.start(call.workspace, name);
    return call.reply.code(200).send();
  });

  operation("POST", "/triggers/:name/stop", [{ action: actions.writeTriggers }], (call) => {
    scheduler.stop(call.workspace.key, existing(call).name);
    return call.reply.code(200).send();
  });

  for (const path of ["subscribeToEvents", "unsubscribeFromEvents", "getEventSubscriptionStatus"]) {
    operation("POST", `/triggers/:name/${path}`, [{ action: actions.writeTriggers }], (call) => {
      existing(call);
      throw notEmulated("triggers that wait for events, and their subscriptions");
    });
  }

  operation("POST", "/queryTriggerRuns", [{ action: actions.viewPipelineOutputs }], ({ workspace, body }) => {
    const times = { realNow: wallClock.now(), now: clock.now() };
    const filter = readRunFilter(body, { columns: triggerRunColumns, windowRequired: true, ...times });
    return queryTriggerRuns(store, workspace.key, filter);
  });

  const firing = ({ workspace, params }: Call) => {
    const found = triggerRuns.get(workspace.key, String(params["name"]), String(params["runId"]));
    if (!found) throw triggerRunNotFound(String(params["runId"]));
    return found;
  };

  operation(
    "POST",
    "/triggers/:name/triggerRuns/:runId/rerun",
    [{ action: actions.read }, useSystemIdentity],
    (call) => {
      const trigger = existing(call);
      const { scheduled } = firing(call);
      store.transaction(() => fire(call.workspace, trigger, scheduled));
      return call.reply.code(200).send();
    },
  );

  operation("POST", "/triggers/:name/triggerRuns/:runId/cancel", [{ action: actions.cancelPipelineRun }], (call) => {
    for (const runId of firing(call).pipelineRunIds) engines.of(call.workspace).cancel(runId, { recursive: true });
    return call.reply.code(200).send();
  });
}
