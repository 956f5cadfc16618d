import { type Clock, systemClock } from "../../../contract/clock.js";
import type { HttpPort } from "../../engine/ports.js";
import { createApplication, listenerOf } from "../../platform/application.js";
import type { Platform } from "../../platform/platform.js";
import type { ResourceType } from "../../platform/resourceType.js";
import type { Service } from "../../platform/service.js";
import { guardedOperations } from "./endpoint.js";
import { openOperationResults, operationRoute } from "./operationResults.js";
import { checkDefinition } from "./pipelines/checkDefinition.js";
import { pipelineRoutes } from "./pipelines/pipelineRoutes.js";
import { openPipelines } from "./pipelines/pipelines.js";
import { createPublisher } from "./pipelines/publisher.js";
import { synapseResourceTypes } from "./resourceTypes/resourceTypes.js";
import { accessCheckRoute } from "./roles/accessCheck.js";
import { actions } from "./roles/permissions.js";
import { openRoleAssignments } from "./roles/roleAssignments.js";
import { roleRoutes } from "./roles/roleRoutes.js";
import { createEngines } from "./runs/engines.js";
import { runRoutes } from "./runs/runRoutes.js";
import { openRuns } from "./runs/runs.js";
import { refuseOtherArtifacts } from "./unsupported.js";
import { workspaceAt, workspaceNameOf } from "./workspaces.js";

/** Azure Synapse: the data plane of every workspace, and the ARM types that make one. */
export interface Synapse extends Service {
  readonly resourceTypes: readonly ResourceType[];
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
}): Promise<Synapse> {
  const { platform, outbound, wallClock = systemClock() } = options;
  const assignments = openRoleAssignments(platform.store);
  const pipelines = openPipelines(platform.store);
  const results = openOperationResults(platform.store, platform.ids);
  const runs = openRuns(platform.store);
  const engines = createEngines(platform, outbound);

  const application = createApplication(platform.ids);
  const operation = guardedOperations(application, platform, assignments);
  operation("GET", "/workspace", [{ action: actions.read }], ({ workspace }) => workspace.resource.body);
  roleRoutes(operation, assignments, platform.directory);
  accessCheckRoute(operation, assignments);
  pipelineRoutes(operation, pipelines, createPublisher(platform, pipelines, results, checkDefinition));
  operationRoute(operation, results);
  runRoutes(operation, { platform, pipelines, runs, engines, wallClock });
  refuseOtherArtifacts(operation);
  await application.ready();

  return {
    name: "synapse",
    resourceTypes: synapseResourceTypes(platform, assignments, async ({ id }) => {
      const key = id.toLowerCase();
      await engines.close(key);
      platform.store.transaction(() => {
        for (const table of [assignments, pipelines, results, runs]) table.removeAll(key);
      });
    }),
    answersFor(host) {
      if (workspaceNameOf(host) === undefined) return undefined;
      return workspaceAt(platform.resources, host) ? "live" : "unknown";
    },
    handle: listenerOf(application),
    resume: async () => engines.resume(runs),
    async close() {
      await engines.closeAll();
      await application.close();
    },
  };
}
