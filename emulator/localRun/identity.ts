import type { Ids } from "../../contract/ids.js";
import type { IdentityPort } from "../engine/ports.js";

/** Tokens that only stubs see. */
export function stubIdentity(ids: Ids): IdentityPort {
  return { token: async ({ resource }) => `stub-token-${ids.uuid()}-for-${resource}` };
}

/** Signs in as Azure's own libraries find an identity (environment, az, managed identity), or as the activity says. */
export function liveIdentity(): IdentityPort {
  return {
    async token(request) {
      const { ClientSecretCredential, DefaultAzureCredential } = await import("@azure/identity");
      const credential =
        request.kind === "servicePrincipal"
          ? new ClientSecretCredential(request.tenant, request.clientId, request.clientSecret)
          : new DefaultAzureCredential();
      const { token } = await credential.getToken(`${request.resource.replace(/\/$/, "")}/.default`);
      return token;
    },
  };
}
