import type { Platform } from "../../emulator/platform/platform.js";

/** What is no stack's: registered providers stay, for others may need them, and operations that ended can be asked for. */
const others = ["migrations", "sqlite_sequence", "operations", "registered_providers"];

/** Of blobs, all but the files that held their content: those are swept later. */
const blobs = "azurite_documents WHERE collection <> '$EXTENTS_COLLECTION$'";

/**
 * How many rows each table of an emulator's database has, where it has any: resources, roles, pipelines, runs, jobs,
 * datasets, secrets, deleted names, blobs. Equal before a stack and after it: nothing of it is left.
 */
export function storedRows({ store }: Platform): Readonly<Record<string, number>> {
  const tables = store.all("SELECT name FROM sqlite_master WHERE type = 'table'").map(({ name }) => String(name));
  const counted = tables
    .filter((table) => !others.includes(table))
    .map((table) => {
      const [count] = store.all(`SELECT count(*) AS rows FROM ${table === "azurite_documents" ? blobs : table}`);
      return [table, Number(count?.["rows"])] as const;
    });
  return Object.fromEntries(counted.filter(([, rows]) => rows > 0));
}
