import { DefaultAzureCredential, type TokenCredential } from "@azure/identity";

/** Signs in the way the machine offers: variables, workload identity, managed identity, `az login`. */
export function defaultSignIn(): TokenCredential {
  return new DefaultAzureCredential({ retryOptions: { maxRetries: 2, retryDelayInMs: 300 } });
}
