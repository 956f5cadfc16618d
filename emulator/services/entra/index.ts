import { hostNames } from "../../../contract/hosts.js";
import { createApplication, listenerOf } from "../../platform/application.js";
import type { Platform } from "../../platform/platform.js";
import type { Service } from "../../platform/service.js";
import { entraRoutes } from "./routes.js";

/** Microsoft Entra ID at login.microsoftonline.com: signs the tenant's applications in with their client secret. */
export function createEntra(platform: Platform): Service {
  const application = createApplication(platform.ids);
  application.register(entraRoutes(platform));
  const listener = listenerOf(application);
  const ready = application.ready();
  return {
    name: "entra",
    answersFor: (host) => (host === hostNames.login ? "live" : undefined),
    handle: (request, response) => void ready.then(() => listener(request, response)),
    close: () => application.close(),
  };
}
