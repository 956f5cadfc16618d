import type { Row, Store } from "../../../platform/store.js";

/** A trigger that is started, and when it fires next. */
export interface StartedTrigger {
  readonly workspace: string;
  readonly name: string;
  /** Undefined when its recurrence is over. */
  readonly next: Date | undefined;
}

/** Which triggers are started; a workspace is named by its `key`, names ignore case. */
export interface StartedTriggers {
  has(workspace: string, name: string): boolean;
  set(trigger: StartedTrigger): void;
  remove(workspace: string, name: string): void;
  removeAll(workspace: string): void;
  /** Whichever fires first of all that fire again. */
  first(): (StartedTrigger & { readonly next: Date }) | undefined;
}

/** Opens the table of started triggers. */
export function openStartedTriggers(store: Store): StartedTriggers {
  store.migrate("synapse started triggers", [
    `CREATE TABLE synapse_started_triggers (workspace TEXT NOT NULL, name TEXT NOT NULL COLLATE NOCASE, next INTEGER,
       PRIMARY KEY (workspace, name))`,
    "CREATE INDEX synapse_started_triggers_by_next ON synapse_started_triggers (next)",
  ]);
  return {
    has: (workspace, name) =>
      store.all("SELECT 1 FROM synapse_started_triggers WHERE workspace = ? AND name = ?", workspace, name).length > 0,
    set: ({ workspace, name, next }) =>
      store.run(
        `INSERT INTO synapse_started_triggers VALUES (?, ?, ?)
           ON CONFLICT (workspace, name) DO UPDATE SET next = excluded.next`,
        workspace,
        name,
        next?.getTime() ?? null,
      ),
    remove: (workspace, name) =>
      store.run("DELETE FROM synapse_started_triggers WHERE workspace = ? AND name = ?", workspace, name),
    removeAll: (workspace) => store.run("DELETE FROM synapse_started_triggers WHERE workspace = ?", workspace),
    first: () =>
      store
        .all("SELECT * FROM synapse_started_triggers WHERE next IS NOT NULL ORDER BY next, workspace, name LIMIT 1")
        .map(toStarted)[0],
  };
}

const toStarted = (row: Row) => ({
  workspace: String(row["workspace"]),
  name: String(row["name"]),
  next: new Date(Number(row["next"])),
});
