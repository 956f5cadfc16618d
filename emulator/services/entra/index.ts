import { hostNames } from "../../../contract/hosts.js";
import { createApplication, listenerOf, malformedBy } from "../../platform/application.js";
import type { Platform } from "../../platform/platform.js";
import type { Service } from "../../platform/service.js";
import { httpRefusal } from "./errors.js";
import { entraRoutes } from "./routes.js";

/** Microsoft Entra ID at login.microsoftonline.com: signs the tenant's applications in with their client secret. */
export function createEntra(platform: Platform): Service {
  const refusal = httpRefusal(platform);
  const application = createApplication(platform, refusal);
  application.register(entraRoutes(platform));
  const listener = listenerOf(application);
  const ready = application.ready();
  return {
    name: "entra",
    answersFor: (host) => (host === hostNames.login ? "live" : undefined),
    handle: (request, response) => void ready.then(() => listener(request, response)),
    malformed: malformedBy(refusal),
    close: () => application.close(),
  };
}
