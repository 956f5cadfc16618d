import type { StoredResource } from "./resources.js";
import type { Row, Store } from "./store.js";

/** A resource that was deleted and can be recovered for some days; its name is taken as long. */
export interface DeletedResource {
  /** As it was. */
  readonly resource: StoredResource;
  /** What was below it and comes back with it. */
  readonly below: readonly StoredResource[];
  readonly deletedOn: Date;
  readonly purgeOn: Date;
}

/** Every soft-deleted resource of the subscription. Ids and names ignore case. */
export interface DeletedResources {
  get(id: string): DeletedResource | undefined;
  /** The kept resource of a globally unique name. */
  named(type: string, name: string): DeletedResource | undefined;
  ofType(type: string): readonly DeletedResource[];
  /** Nothing is changed where the resource is kept already: a deletion that was gone on with after a kill. */
  keep(deleted: DeletedResource): void;
  remove(id: string): void;
  /** Those whose days are over. */
  due(now: Date): readonly DeletedResource[];
}

export function openDeletedResources(store: Store): DeletedResources {
  store.migrate("deletedResources", [
    `CREATE TABLE deleted_resources (key TEXT PRIMARY KEY, type TEXT NOT NULL, name TEXT NOT NULL, kept TEXT NOT NULL,
       deleted_on TEXT NOT NULL, purge_on TEXT NOT NULL)`,
    "CREATE INDEX deleted_resources_by_end ON deleted_resources (purge_on)",
  ]);
  return {
    get: (id) => store.all("SELECT * FROM deleted_resources WHERE key = ?", keyOf(id)).map(toDeleted)[0],
    named: (type, name) =>
      store
        .all("SELECT * FROM deleted_resources WHERE type = ? AND name = ?", type.toLowerCase(), name.toLowerCase())
        .map(toDeleted)[0],
    ofType: (type) =>
      store.all("SELECT * FROM deleted_resources WHERE type = ? ORDER BY key", type.toLowerCase()).map(toDeleted),
    keep: ({ resource, below, deletedOn, purgeOn }) =>
      store.run(
        "INSERT OR IGNORE INTO deleted_resources VALUES (?, ?, ?, ?, ?, ?)",
        keyOf(resource.id),
        resource.type.toLowerCase(),
        resource.name.toLowerCase(),
        JSON.stringify({ resource, below }),
        deletedOn.toISOString(),
        purgeOn.toISOString(),
      ),
    remove: (id) => store.run("DELETE FROM deleted_resources WHERE key = ?", keyOf(id)),
    due: (now) => store.all("SELECT * FROM deleted_resources WHERE purge_on <= ?", now.toISOString()).map(toDeleted),
  };
}

const keyOf = (id: string) => id.toLowerCase().replace(/\/+$/, "");

interface Kept {
  readonly resource: StoredResource;
  readonly below: readonly StoredResource[];
}

function toDeleted(row: Row): DeletedResource {
  const { resource, below } = JSON.parse(String(row["kept"])) as Kept;
  return {
    resource,
    below,
    deletedOn: new Date(String(row["deleted_on"])),
    purgeOn: new Date(String(row["purge_on"])),
  };
}
