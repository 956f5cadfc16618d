import { type Clock, systemClock } from "../../../contract/clock.js";
import type { HttpPort } from "../../engine/ports.js";
import { createApplication, listenerOf, malformedBy } from "../../platform/application.js";
import type { Platform } from "../../platform/platform.js";
import type { Propagation } from "../../platform/propagation.js";
import type { ResourceType } from "../../platform/resourceType.js";
import type { Service } from "../../platform/service.js";
import { artifactRoutes } from "./artifacts/artifactRoutes.js";
import { createPublisher } from "./artifacts/publisher.js";
import { createReferences } from "./artifacts/references.js";
import { openWorkspaceArtifacts } from "./artifacts/workspaceArtifacts.js";
import { createCallbacks } from "./callbacks.js";
import { guardedOperations } from "./endpoint.js";
import { httpRefusal } from "./errors.js";
import { openFirewall } from "./firewall.js";
import { openOperationResults, operationRoute } from "./operationResults.js";
import { synapseResourceTypes } from "./resourceTypes/resourceTypes.js";
import { accessCheckRoute } from "./roles/accessCheck.js";
import { actions } from "./roles/permissions.js";
import { openRoleAssignments } from "./roles/roleAssignments.js";
import { roleRoutes } from "./roles/roleRoutes.js";
import { createEngines } from "./runs/engines.js";
import { createRetention } from "./runs/retention.js";
import { runRoutes } from "./runs/runRoutes.js";
import { openRuns } from "./runs/runs.js";
import { createFiring } from "./triggers/firing.js";
import { createScheduler } from "./triggers/scheduler.js";
import { openStartedTriggers } from "./triggers/startedTriggers.js";
import { triggerRoutes } from "./triggers/triggerRoutes.js";
import { openTriggerRuns } from "./triggers/triggerRuns.js";
import { refuseOtherArtifacts } from "./unsupported.js";
import { workspaceAt, workspaceNameOf } from "./workspaces.js";

/** Azure Synapse: the data plane of every workspace, and the ARM types that make one. */
export interface Synapse extends Service {
  readonly resourceTypes: readonly ResourceType[];
  /** Where WebHook activities are called back, under a host name of its own. */
  readonly callbacks: Service;
  resume(): Promise<void>;
}

/**
 * Serves `https://<workspace>.dev.azuresynapse.net` for the workspaces in `platform.resources`. `outbound` carries the
 * Web activities' requests; `wallClock` is the callers' time, which `platform.clock` may run ahead of.
 */
export async function createSynapse(options: {
  readonly platform: Platform;
  readonly outbound: HttpPort;
  readonly wallClock?: Clock;
  /** How many times as fast as `wallClock` the platform's clock runs. */
  readonly timeScale?: number;
  readonly propagation?: Propagation;
}): Promise<Synapse> {
  const { platform, outbound, wallClock = systemClock(), timeScale = 1 } = options;
  const assignments = openRoleAssignments(platform.store, options.propagation);
  const firewall = openFirewall(platform.resources, options.propagation);
  const results = openOperationResults(platform);
  const runs = openRuns(platform.store);
  const started = openStartedTriggers(platform.store);
  const { pipelines, linkedServices, datasets, triggers, served } = openWorkspaceArtifacts(platform.store, started);
  const triggerRuns = openTriggerRuns(platform.store);
  const retention = createRetention(platform);
  const callbacks = await createCallbacks(platform);
  const engines = createEngines({ platform, pipelines, linkedServices, datasets, callbacks, outbound, timeScale });

  const fire = createFiring(platform, { pipelines, engines, triggerRuns, retention });
  const scheduler = createScheduler(platform, { triggers, started, fire });

  const application = createApplication(platform, httpRefusal);
  const operation = guardedOperations(application, platform, { firewall, roleAssignments: assignments });
  operation("GET", "/workspace", [{ action: actions.read }], ({ workspace }) => workspace.resource.body);
  roleRoutes(operation, assignments, platform.directory);
  accessCheckRoute(operation, assignments);
  const references = createReferences(served.map(({ artifacts }) => artifacts));
  for (const each of served) {
    artifactRoutes(operation, each, createPublisher(platform, each, references, results));
  }
  operationRoute(operation, results);
  runRoutes(operation, { platform, pipelines, runs, engines, retention, wallClock });
  triggerRoutes(operation, { platform, triggers, triggerRuns, engines, scheduler, fire, wallClock });
  refuseOtherArtifacts(operation);
  await application.ready();

  return {
    name: "synapse",
    callbacks: callbacks.service,
    resourceTypes: synapseResourceTypes(platform, { firewall, assignments }, async ({ id }) => {
      const key = id.toLowerCase();
      await engines.close(key);
      platform.store.transaction(() => {
        for (const { artifacts } of served) artifacts.removeAll(key);
        for (const table of [assignments, results, runs, started, triggerRuns, callbacks]) table.removeAll(key);
      });
    }),
    answersFor(host) {
      if (workspaceNameOf(host) === undefined) return undefined;
      return workspaceAt(platform.resources, host) ? "live" : "unknown";
    },
    handle: listenerOf(application),
    malformed: malformedBy(httpRefusal),
    async resume() {
      retention.apply();
      engines.resume(runs);
      scheduler.resume();
    },
    async close() {
      scheduler.close();
      await engines.closeAll();
      await application.close();
    },
  };
}
