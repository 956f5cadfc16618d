import { ClientSecretCredential, type TokenCredential } from "@azure/identity";

/** Signs in as an application with a secret; a module of its own, because the library is slow to load. */
export function clientSecretSignIn(tenantId: string, clientId: string, secret: string): TokenCredential {
  return new ClientSecretCredential(tenantId, clientId, secret, {
    retryOptions: { maxRetries: 2, retryDelayInMs: 300 },
  });
}
