import { isDeepStrictEqual } from "node:util";
import { systemClock } from "../../contract/clock.js";
import type { JsonObject } from "../../contract/json.js";
import { type DeployEvent, Reporter } from "../../emulator/deploy/deployEvent.js";
import { type DeployedResources, openDeployedResources } from "../../emulator/deploy/deployedResources.js";
import { Deployment, type DeploymentOptions } from "../../emulator/deploy/deployment.js";
import { inputChanges } from "../../emulator/deploy/differences.js";
import type { Registration } from "../../emulator/deploy/registration.js";
import { removeOthers } from "../../emulator/deploy/removal.js";
import type { Change, ResourceProvider } from "../../emulator/deploy/resourceProvider.js";
import { openStore, type Store } from "../../emulator/platform/store.js";

/** A deployment whose resources are nowhere but in the list of calls. */
export interface TestDeployment {
  readonly store: Store;
  readonly deployed: DeployedResources;
  readonly options: DeploymentOptions;
  readonly deployment: Deployment;
  /** What the provider was asked to do: `create a`, `update /a`. */
  readonly calls: string[];
  readonly events: DeployEvent[];
  /** What the provider says of a change, beside the inputs that differ; a test sets it. */
  change: Omit<Change, "inputs"> & { readonly replacing: readonly string[] };
  /** What somebody else has made of a resource since, by id: its inputs. */
  readonly elsewhere: Map<string, JsonObject>;
  /** What is no longer there, by id. */
  readonly gone: Set<string>;
  /** Removes all but these URNs. */
  remove(...kept: readonly string[]): Promise<void>;
  /** Marks a resource as one whose last step was not seen to end. */
  unfinish(urn: string): void;
}

export function testDeployment(): TestDeployment {
  const store = openStore(undefined, Buffer.alloc(32, 1));
  const deployed = openDeployedResources(store, "project/stack");
  const calls: string[] = [];
  const events: DeployEvent[] = [];
  const elsewhere = new Map<string, JsonObject>();
  const gone = new Set<string>();
  const provider: ResourceProvider = {
    check: async (_type, inputs) => inputs,
    diff: async (_type, old, inputs) => ({
      ...test.change,
      inputs: inputChanges(old.inputs, inputs, test.change.replacing),
    }),
    create: async (_type, inputs, preview) => {
      if (preview) return { id: "", outputs: {} };
      calls.push(`create ${String(inputs["name"])}`);
      return { id: `/${String(inputs["name"])}`, outputs: inputs };
    },
    read: async (_type, id, old) => (gone.has(id) ? undefined : { inputs: {}, outputs: {}, ...old, id }),
    already: async (_type, { id }, inputs) =>
      isDeepStrictEqual(elsewhere.get(id), inputs) ? { id, outputs: inputs } : undefined,
    update: async (_type, old, inputs, preview) => {
      if (preview) return old;
      calls.push(`update ${old.id}`);
      return { id: old.id, outputs: inputs };
    },
    delete: async (_type, old) => void calls.push(`delete ${old.id}`),
  };
  const reporter = new Reporter(systemClock(), (event) => void events.push(event));
  const options: DeploymentOptions = { deployed, providerOf: () => provider, reporter };
  const test: TestDeployment = {
    store,
    deployed,
    options,
    deployment: new Deployment(options),
    calls,
    events,
    change: { replacing: [], deleteBeforeReplace: true, losesData: false },
    elsewhere,
    gone,
    remove: (...kept) => removeOthers(options, new Set(kept)),
    unfinish(urn) {
      const resource = deployed.get(urn);
      if (resource) deployed.put({ ...resource, unfinished: true });
    },
  };
  return test;
}

export function registration(name: string, inputs: JsonObject = {}, options: Partial<Registration> = {}): Registration {
  return {
    urn: `urn:${name}`,
    type: "t",
    name,
    inputs: { name, ...inputs },
    formerUrns: [],
    secretInputs: [],
    secretOutputs: [],
    dependencies: [],
    ignoreChanges: [],
    replaceOnChanges: [],
    deleteBeforeReplace: undefined,
    deletedWith: "",
    retainOnDelete: false,
    protect: false,
    ...options,
  };
}
