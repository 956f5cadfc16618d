import type { Clock } from "../../contract/clock.js";
import type { JsonObject } from "../../contract/json.js";
import type { Environment } from "../deploy/deploymentHttp.js";
import { openProviders, type Providers } from "../deploy/providers.js";
import { RandomId } from "../deploy/randomId.js";
import { type PluginName, pluginVersion } from "./plugins.js";

/** A Pulumi package whose plugin is stood in for. */
export interface ServedPackage {
  /** As in the plugin's name, `pulumi-resource-<name>`. */
  readonly name: string;
  /** The version of the npm package, which is the plugin's that the engine asks for. */
  readonly version: string;
  /** The package's settings (`<name>:<key>`) that are supported. */
  readonly settings: readonly string[];
  /** Opens its resources and functions with these settings. */
  open(settings: JsonObject): Providers;
}

/** The package as this process serves it: requests to Azure go out with the environment's sign-in, proxy and authority. */
export function servedPackage(name: PluginName, environment: Environment, clock: Clock): ServedPackage {
  const version = pluginVersion(name);
  if (name === "random") return { name, version, settings: [], open: openRandom };
  return {
    name,
    version,
    settings: ["location", ...Object.keys(signInVariables)],
    open: (settings) => {
      const { location } = settings;
      return openProviders({
        environment: signInOf(settings, environment),
        clock,
        location: typeof location === "string" ? location : undefined,
      });
    },
  };
}

const signInVariables: Readonly<Record<string, string>> = {
  clientId: "CLIENT_ID",
  clientSecret: "CLIENT_SECRET",
  tenantId: "TENANT_ID",
  subscriptionId: "SUBSCRIPTION_ID",
};

/** azure-native signs in with its own settings, else with ARM_*. */
export function signInOf(settings: JsonObject, environment: Environment): Environment {
  const signIn = Object.entries(signInVariables).flatMap(([setting, name]) => {
    const value = settings[setting] ?? environment[`ARM_${name}`];
    return typeof value === "string" && value !== "" ? [[`AZURE_${name}`, value]] : [];
  });
  return { ...environment, ...Object.fromEntries(signIn) };
}

function openRandom(): Providers {
  const ids = new RandomId();
  return {
    providerOf(type) {
      if (type === RandomId.type) return ids;
      throw new Error(`the emulator does not support the resource type ${type}`);
    },
    invoke: (token) => Promise.reject(new Error(`the emulator does not support the function ${token}`)),
    close: async () => {},
  };
}
