import { createApplication, listenerOf, malformedBy } from "../../platform/application.js";
import type { Platform } from "../../platform/platform.js";
import type { ResourceType } from "../../platform/resourceType.js";
import type { Service } from "../../platform/service.js";
import { httpRefusal } from "./errors.js";
import { addSecretRoutes } from "./routes.js";
import { vaultSecrets } from "./secretResource.js";
import { openSecretStore } from "./secretStore.js";
import { vaultAt, vaultNameOf } from "./vault.js";
import { vaults } from "./vaultResource.js";

/** Azure Key Vault: vaults and their secrets over Resource Manager, secrets on the vaults' own hosts. */
export interface KeyVault extends Service {
  readonly resourceTypes: readonly ResourceType[];
}

export async function createKeyVault(platform: Platform): Promise<KeyVault> {
  const secrets = openSecretStore(platform.store);
  const application = createApplication(platform, httpRefusal);
  addSecretRoutes(application, platform, secrets);
  await application.ready();
  return {
    name: "keyVault",
    resourceTypes: [vaults(platform, secrets), vaultSecrets(platform, secrets)],
    answersFor: (host) =>
      vaultNameOf(host) === undefined ? undefined : vaultAt(platform.resources, host) ? "live" : "unknown",
    handle: listenerOf(application),
    malformed: malformedBy(httpRefusal),
    close: () => application.close(),
  };
}
