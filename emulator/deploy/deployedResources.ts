import type { JsonObject } from "../../contract/json.js";
import type { Row, Store } from "../platform/store.js";
import type { Deployed } from "./resourceProvider.js";

/** A resource of a stack as the last deployment left it, with what decides about its end. */
export interface DeployedResource extends Deployed {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** The property paths of inputs that are secret. */
  readonly secretInputs: readonly string[];
  /** URNs of the resources that it was made after. */
  readonly dependencies: readonly string[];
  /** URN of the resource whose end is also this one's; empty for none. */
  readonly deletedWith: string;
  readonly retainOnDelete: boolean;
  readonly protect: boolean;
  /** An update or a deletion was begun whose end was not seen: it may be half changed or gone. */
  readonly unfinished?: boolean;
}

/** What is deployed, by stack. Inputs and outputs hold secrets, so a resource is kept encrypted as a whole. */
export interface DeployedResources {
  get(urn: string): DeployedResource | undefined;
  /** In the order in which they were first made. */
  all(): readonly DeployedResource[];
  put(resource: DeployedResource): void;
  remove(urn: string): void;
  rename(urn: string, to: string): void;
  /** Keeps a resource that was replaced under a URN of its own, which no program has, until it is deleted. */
  setAside(urn: string): void;
  outputs(): JsonObject | undefined;
  putOutputs(outputs: JsonObject): void;
  removeOutputs(): void;
}

/** Opens the record of one stack. */
export function openDeployedResources(store: Store, stack: string): DeployedResources {
  store.migrate("deployed", [
    "CREATE TABLE deployed (position INTEGER PRIMARY KEY, stack TEXT NOT NULL, urn TEXT NOT NULL UNIQUE, sealed TEXT NOT NULL)",
    "CREATE TABLE deployed_outputs (stack TEXT PRIMARY KEY, outputs TEXT NOT NULL)",
  ]);
  const opened = (row: Row): DeployedResource => ({
    secretInputs: [],
    ...(JSON.parse(store.unseal(String(row["sealed"]))) as Omit<DeployedResource, "secretInputs">),
    urn: String(row["urn"]),
  });
  return {
    get: (urn) => store.all("SELECT urn, sealed FROM deployed WHERE stack = ? AND urn = ?", stack, urn).map(opened)[0],
    all: () => store.all("SELECT urn, sealed FROM deployed WHERE stack = ? ORDER BY position", stack).map(opened),
    put: (resource) =>
      store.run(
        `INSERT INTO deployed (stack, urn, sealed) VALUES (?, ?, ?)
           ON CONFLICT (urn) DO UPDATE SET sealed = excluded.sealed`,
        stack,
        resource.urn,
        store.seal(JSON.stringify(resource)),
      ),
    remove: (urn) => store.run("DELETE FROM deployed WHERE stack = ? AND urn = ?", stack, urn),
    rename: (urn, to) => store.run("UPDATE deployed SET urn = ? WHERE stack = ? AND urn = ?", to, stack, urn),
    setAside: (urn) =>
      store.run("UPDATE deployed SET urn = urn || '::replaced::' || position WHERE stack = ? AND urn = ?", stack, urn),
    outputs() {
      const row = store.get("SELECT outputs FROM deployed_outputs WHERE stack = ?", stack);
      return row && (JSON.parse(String(row["outputs"])) as JsonObject);
    },
    putOutputs: (outputs) =>
      store.run(
        "INSERT INTO deployed_outputs VALUES (?, ?) ON CONFLICT (stack) DO UPDATE SET outputs = excluded.outputs",
        stack,
        JSON.stringify(outputs),
      ),
    removeOutputs: () => store.run("DELETE FROM deployed_outputs WHERE stack = ?", stack),
  };
}
