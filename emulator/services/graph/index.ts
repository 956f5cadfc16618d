import { hostNames } from "../../../contract/hosts.js";
import { createApplication, listenerOf, malformedBy } from "../../platform/application.js";
import type { Platform } from "../../platform/platform.js";
import type { Service } from "../../platform/service.js";
import { httpRefusal } from "./errors.js";
import { graphRoutes } from "./routes.js";

/** Microsoft Graph at graph.microsoft.com: the tenant's principals by name and by id, for applications that may read them. */
export async function createGraph(platform: Platform): Promise<Service> {
  const refusal = httpRefusal(platform);
  const application = createApplication(platform, refusal);
  application.register(graphRoutes(platform));
  await application.ready();
  return {
    name: "graph",
    answersFor: (host) => (host === hostNames.graph ? "live" : undefined),
    handle: listenerOf(application),
    malformed: malformedBy(refusal),
    close: () => application.close(),
  };
}
