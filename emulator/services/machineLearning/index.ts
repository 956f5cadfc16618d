import type { IncomingMessage, ServerResponse } from "node:http";
import { type Clock, systemClock } from "../../../contract/clock.js";
import { createApplication, listenerOf, malformedBy } from "../../platform/application.js";
import type { ResourceType } from "../../platform/resourceType.js";
import type { Service } from "../../platform/service.js";
import type { Context } from "./context.js";
import { httpRefusal } from "./errors.js";
import { endpointAt, type Host, hostOf } from "./hosts.js";
import { openJobs } from "./jobs/jobs.js";
import { createRunner } from "./jobs/runner.js";
import { assetResources } from "./resourceTypes/assets.js";
import { batchEndpointResource } from "./resourceTypes/batchEndpoint.js";
import { computeResource } from "./resourceTypes/compute.js";
import { datastoreResource } from "./resourceTypes/datastore.js";
import { deploymentResource } from "./resourceTypes/deployment.js";
import { jobResource } from "./resourceTypes/job.js";
import { workspaceResource } from "./resourceTypes/workspace.js";
import { datasetRoutes, removeDatasets } from "./routes/datasets.js";
import { historyRoutes } from "./routes/history.js";
import { scoringRoutes } from "./routes/scoring.js";

/** Azure Machine Learning: the hosts of batch endpoints, datasets and run history, and the ARM types behind them. */
export interface MachineLearning extends Service {
  readonly resourceTypes: readonly ResourceType[];
  resume(): Promise<void>;
}

export interface MachineLearningOptions extends Context {
  /** The bundled `forests/scoringWorker.ts`: a worker thread cannot run TypeScript. */
  readonly scoringWorker: URL;
  /** The time that a computation takes, which `platform.clock` may run ahead of. */
  readonly wallClock?: Clock;
}

/** Serves Azure Machine Learning for the workspaces in `platform.resources`; jobs run until `close`. */
export async function createMachineLearning(options: MachineLearningOptions): Promise<MachineLearning> {
  const { platform, scoringWorker, wallClock = systemClock({ keepAlive: false }) } = options;
  const jobs = openJobs(platform);
  const runner = createRunner(options, jobs, { worker: scoringWorker, wallClock });

  const scoring = createApplication(platform, httpRefusal);
  scoringRoutes(scoring, options, jobs, runner);
  const experiments = createApplication(platform, httpRefusal);
  datasetRoutes(experiments, options);
  const api = createApplication(platform, httpRefusal);
  historyRoutes(api, options, jobs);
  const applications = { scoring, experiments, api };
  for (const application of Object.values(applications)) await application.ready();
  const listeners: Readonly<Record<Host["kind"], (request: IncomingMessage, response: ServerResponse) => void>> = {
    scoring: listenerOf(scoring),
    experiments: listenerOf(experiments),
    api: listenerOf(api),
  };

  return {
    name: "machineLearning",
    resourceTypes: [
      workspaceResource(options, {
        async stop(id) {
          for (const { name } of jobs.of(id)) runner.cancel(name);
          await runner.settled(jobs.of(id).map(({ name }) => name));
          jobs.hideAll(id);
        },
        showAll: jobs.showAll,
        removeAll(id) {
          jobs.removeAll(id);
          removeDatasets(platform.store, id);
        },
      }),
      computeResource(options),
      datastoreResource(options),
      ...assetResources(options),
      batchEndpointResource(options),
      deploymentResource(options),
      jobResource(runner.cancel),
    ],
    answersFor(host) {
      const known = hostOf(host);
      if (known?.kind !== "scoring") return known && "live";
      return endpointAt(platform.resources, known) ? "live" : "unknown";
    },
    handle(request, response) {
      const { kind = "scoring" } = hostOf(request.headers.host ?? "") ?? {};
      listeners[kind](request, response);
    },
    malformed: malformedBy(httpRefusal),
    resume: async () => runner.resume(),
    async close() {
      await runner.close();
      for (const application of Object.values(applications)) await application.close();
    },
  };
}
