import type { Clock } from "../../contract/clock.js";
import { openArmClient } from "./armClient.js";
import { AzureNative } from "./azureNative.js";
import { dispatcherOf, type Environment } from "./deploymentHttp.js";
import { DynamicResources, dynamicPrefix, type ProviderConsole } from "./dynamicResources.js";
import { RandomId } from "./randomId.js";
import type { Invoke, ResourceProvider } from "./resourceProvider.js";
import { StorageBlob } from "./storageBlob.js";

/** Every provider of a deployment, by type token. */
export interface Providers {
  /** Throws on a type that no provider knows. */
  readonly providerOf: (type: string) => ResourceProvider;
  readonly invoke: Invoke;
  close(): Promise<void>;
}

/** Opens the providers over one set of connections and one sign-in. */
export function openProviders(options: {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly location: string | undefined;
  /** The stack's, by full keys: what dynamic resources sign in with. */
  readonly configuration?: Readonly<Record<string, string>>;
  /** What dynamic resources say for themselves; by default to stderr. */
  readonly said?: ProviderConsole;
}): Providers {
  const dispatcher = dispatcherOf(options.environment);
  const client = openArmClient(options.environment, dispatcher, options.clock);
  const azureNative = new AzureNative(client, options.location);
  const blobs = new StorageBlob(client, dispatcher);
  const random = new RandomId();
  const dynamic = new DynamicResources(options.configuration, options.said);
  return {
    providerOf(type) {
      if (type === StorageBlob.type) return blobs;
      if (type === RandomId.type) return random;
      if (type.startsWith("azure-native:")) return azureNative;
      if (type.startsWith(dynamicPrefix)) return dynamic;
      throw new Error(`the emulator does not support the resource type ${type}`);
    },
    invoke: (token, args) => azureNative.invoke(token, args),
    close: () => dispatcher.close(),
  };
}
