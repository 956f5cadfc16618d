import type { JsonObject } from "../../contract/json.js";
import { rememberedResources } from "./rememberedResources.js";
import type { Store } from "./store.js";

/** An ARM resource as it is stored: what a GET answers, envelope and properties, with the id's casing as first written. */
export interface StoredResource {
  readonly id: string;
  /** `Microsoft.KeyVault/vaults`; child types have more segments. */
  readonly type: string;
  readonly name: string;
  /** The body of a GET: id, name, type, location, tags, identity, properties… */
  readonly body: JsonObject;
  /** The api-version of the request that made it: some behaviour goes by it. */
  readonly createdWith: string;
}

/** Every ARM resource of the subscription; Resource Manager writes it, the data planes read it. Ids ignore case. */
export interface Resources {
  get(id: string): StoredResource | undefined;
  put(resource: StoredResource): void;
  remove(id: string): void;
  /** The resources of a type, wherever they are; also `Microsoft.MachineLearningServices/workspaces/batchEndpoints`. */
  ofType(type: string): readonly StoredResource[];
  /** The resource of a globally unique name (vault, storage account, Synapse workspace). */
  named(type: string, name: string): StoredResource | undefined;
  /** Everything below an id, deepest first. */
  below(id: string): readonly StoredResource[];
}

export function openResources(store: Store): Resources {
  store.migrate("resources", [
    `CREATE TABLE resources (key TEXT PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL,
       body TEXT NOT NULL, created_with TEXT NOT NULL)`,
    "CREATE INDEX resources_by_type ON resources (type, name)",
  ]);
  return rememberedResources(store, {
    get: (id) => store.all("SELECT * FROM resources WHERE key = ?", keyOf(id)).map(toResource)[0],
    put: (resource) =>
      store.run(
        `INSERT INTO resources VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (key) DO UPDATE SET body = excluded.body`,
        keyOf(resource.id),
        resource.id,
        resource.type.toLowerCase(),
        resource.name.toLowerCase(),
        JSON.stringify({ ...resource.body, id: resource.id, type: resource.type, name: resource.name }),
        resource.createdWith,
      ),
    remove: (id) => store.run("DELETE FROM resources WHERE key = ?", keyOf(id)),
    ofType: (type) =>
      store.all("SELECT * FROM resources WHERE type = ? ORDER BY key", type.toLowerCase()).map(toResource),
    named: (type, name) =>
      store
        .all("SELECT * FROM resources WHERE type = ? AND name = ?", type.toLowerCase(), name.toLowerCase())
        .map(toResource)[0],
    below: (id) =>
      store
        .all(
          "SELECT * FROM resources WHERE key >= ? AND key < ? ORDER BY length(key) DESC, key",
          `${keyOf(id)}/`,
          `${keyOf(id)}0`,
        )
        .map(toResource),
  });
}

const keyOf = (id: string) => id.toLowerCase().replace(/\/+$/, "");

function toResource(row: Readonly<Record<string, unknown>>): StoredResource {
  const body = JSON.parse(String(row["body"])) as JsonObject;
  return {
    id: String(row["id"]),
    type: String(body["type"]),
    name: String(body["name"]),
    body,
    createdWith: String(row["created_with"]),
  };
}
