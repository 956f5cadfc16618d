import type { JsonObject } from "../../../contract/json.js";
import type { Store } from "../../platform/store.js";
import type { LokiCollection, LokiDatabase } from "./azuriteModules.js";

/**
 * Keeps Azurite's two Loki databases (blobs, and where their content is) in the emulator's own database. Loki itself
 * writes a whole database as one file at every saving; this writes the documents that changed, all in one transaction.
 */
export interface LokiPersistence {
  /** What was done before the call is durable when it returns. */
  save(): void;
}

/** Fills the databases, which must be fresh and have their collections, with what is stored. */
export function persistLoki(store: Store, databases: readonly LokiDatabase[]): LokiPersistence {
  store.migrate("azuriteDocuments", [
    `CREATE TABLE azurite_documents (collection TEXT NOT NULL, id INTEGER NOT NULL, document TEXT NOT NULL,
       PRIMARY KEY (collection, id))`,
  ]);
  const collections = databases.flatMap((database) => database.collections);
  const save = () => {
    if (collections.every(({ dirtyIds }) => dirtyIds.length === 0)) return;
    store.transaction(() => {
      for (const collection of collections) saveChanges(store, collection);
    });
    for (const collection of collections) collection.dirtyIds = [];
  };
  for (const collection of collections) load(store, collection);
  // a document gets a new id when it is loaded, so what was stored under the old ones is written again
  store.transaction(() => {
    store.run("DELETE FROM azurite_documents");
    save();
  });
  return { save };
}

function load(store: Store, collection: LokiCollection): void {
  const rows = store.all("SELECT document FROM azurite_documents WHERE collection = ? ORDER BY id", collection.name);
  // Loki then lists in `dirtyIds` every document that is inserted, updated or removed
  collection.isIncremental = true;
  for (const row of rows) {
    const { $loki: _id, ...document } = JSON.parse(String(row["document"])) as JsonObject;
    collection.insert(document);
  }
}

function saveChanges(store: Store, collection: LokiCollection): void {
  for (const id of new Set(collection.dirtyIds)) {
    const document = collection.get(id);
    if (document === null) {
      store.run("DELETE FROM azurite_documents WHERE collection = ? AND id = ?", collection.name, id);
    } else {
      const text = JSON.stringify(document);
      store.run("INSERT OR REPLACE INTO azurite_documents VALUES (?, ?, ?)", collection.name, id, text);
    }
  }
}
