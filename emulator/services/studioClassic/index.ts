import type { Dispatcher } from "undici";
import type { Clock } from "../../../contract/clock.js";
import { hostNames, hostSuffixes } from "../../../contract/hosts.js";
import { createApplication, listenerOf, malformedBy } from "../../platform/application.js";
import type { Blobs } from "../../platform/blobs.js";
import type { Platform } from "../../platform/platform.js";
import type { ResourceType } from "../../platform/resourceType.js";
import type { Service } from "../../platform/service.js";
import { createCallersBlobs } from "./callersBlobs.js";
import { storageConnectionString, workspaceToken } from "./credentials.js";
import { ensureDefaultEndpoint, openEndpoints } from "./endpoints.js";
import { httpRefusal } from "./errors.js";
import { jobRoutes } from "./jobRoutes.js";
import { openJobs } from "./jobs.js";
import { managementRoutes } from "./managementRoutes.js";
import { createOutputPlaces } from "./outputPlaces.js";
import { createRunner } from "./runner.js";
import { ensureStorageAccount } from "./storageAccount.js";
import { trainingWork } from "./trainingWork.js";
import { workspace } from "./workspace.js";

export interface StudioClassicOptions {
  readonly platform: Platform;
  /** The account type of the storage service, by which the workspace's own account is made. */
  readonly storageAccounts: ResourceType;
  readonly blobs: Blobs;
  /** The way out, by which the service reads and writes what its callers name. */
  readonly dispatcher: Dispatcher;
  /** The callers' time, which `platform.clock` may run ahead of. */
  readonly wallClock: Clock;
  /** The bundled `forests/trainingWorker.ts`. */
  readonly trainingWorker: URL;
}

/**
 * Azure ML Studio (classic), which Azure retired in August 2024: the Batch Execution Service of the one web service that
 * retrains boosted trees, and the management of its endpoints. Jobs run until `close` and go on after `resume`.
 */
export async function createStudioClassic(options: StudioClassicOptions): Promise<Service> {
  const { platform, wallClock } = options;
  await ensureStorageAccount(platform, options.storageAccounts);
  const endpoints = openEndpoints(platform.store);
  ensureDefaultEndpoint(endpoints);
  const jobs = openJobs(platform.store);
  const now = () => wallClock.now();
  const blobs = createCallersBlobs(options.dispatcher, wallClock);
  const places = createOutputPlaces(options.blobs, () => storageConnectionString(platform.store) ?? "");
  const runner = createRunner({
    jobs,
    work: trainingWork({ jobs, blobs, places, worker: options.trainingWorker }),
    keepLog: places.keepLog,
    now,
    log: platform.log,
  });

  const scoring = createApplication(platform, httpRefusal);
  jobRoutes(scoring, { platform, endpoints, jobs, runner, blobs, places });
  const management = createApplication(platform, httpRefusal);
  managementRoutes(management, { platform, endpoints, jobs, runner, blobs, token: workspaceToken(platform.store) });
  await scoring.ready();
  await management.ready();
  const listeners = { scoring: listenerOf(scoring), management: listenerOf(management) };

  return {
    name: "studioClassic",
    answersFor(host) {
      if (host === hostNames.studioClassicManagement) return "live";
      if (!host.endsWith(hostSuffixes.studioClassic)) return undefined;
      return host === `${workspace.region}${hostSuffixes.studioClassic}` ? "live" : "unknown";
    },
    handle(request, response) {
      const host = (request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
      listeners[host === hostNames.studioClassicManagement ? "management" : "scoring"](request, response);
    },
    malformed: malformedBy(httpRefusal),
    resume: async () => runner.resume(),
    async close() {
      await runner.close();
      await scoring.close();
      await management.close();
    },
  };
}
