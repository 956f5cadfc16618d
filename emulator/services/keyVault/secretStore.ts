import type { Row, Store } from "../../platform/store.js";

/** What can be changed of a version after it was made. Times are unix seconds. */
export interface SecretAttributes {
  readonly enabled: boolean;
  readonly notBefore: number | null;
  readonly expires: number | null;
  readonly contentType: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SecretVersion extends SecretAttributes {
  /** As it was first written; names ignore case. */
  readonly name: string;
  /** 32 hex digits. */
  readonly version: string;
  readonly sealedValue: string;
  readonly created: number;
  readonly updated: number;
}

export interface DeletedSecret {
  readonly latest: SecretVersion;
  readonly deleted: number;
  readonly purgeAt: number;
}

/** The secrets of all vaults with their versions, values encrypted. A vault is named by its ARM id. */
export interface SecretStore {
  add(vault: string, made: Omit<SecretVersion, "sealedValue" | "updated">, value: string): void;
  update(vault: string, changed: SecretVersion): void;
  /** A version, or the latest; undefined when there is none or the secret is deleted. */
  find(vault: string, name: string, version?: string): SecretVersion | undefined;
  /** Latest first. */
  versions(vault: string, name: string): readonly SecretVersion[];
  /** The latest version of each secret that is not deleted, by name. */
  latest(vault: string): readonly SecretVersion[];
  valueOf(version: SecretVersion): string;
  markDeleted(vault: string, name: string, deleted: number, purgeAt: number): void;
  findDeleted(vault: string, name: string): DeletedSecret | undefined;
  allDeleted(vault: string): readonly DeletedSecret[];
  recover(vault: string, name: string): void;
  purge(vault: string, name: string): void;
  /** Ends what has been deleted for as long as its vault keeps it. */
  purgeDue(now: number): void;
  removeVault(vault: string): void;
}

export function openSecretStore(store: Store): SecretStore {
  store.migrate("keyVaultSecrets", [
    `CREATE TABLE secret_versions (sequence INTEGER PRIMARY KEY, vault TEXT NOT NULL, key TEXT NOT NULL,
       name TEXT NOT NULL, version TEXT NOT NULL, sealed_value TEXT NOT NULL, content_type TEXT, tags TEXT NOT NULL,
       enabled INTEGER NOT NULL, not_before INTEGER, expires INTEGER, created INTEGER NOT NULL, updated INTEGER NOT NULL,
       UNIQUE (vault, key, version))`,
    `CREATE TABLE deleted_secrets (vault TEXT NOT NULL, key TEXT NOT NULL, deleted INTEGER NOT NULL,
       purge_at INTEGER NOT NULL, PRIMARY KEY (vault, key))`,
  ]);
  const all = (vault: string, name: string) =>
    store
      .all(
        "SELECT * FROM secret_versions WHERE vault = ? AND key = ? ORDER BY sequence DESC",
        keyOf(vault),
        keyOf(name),
      )
      .map(toVersion);
  const deletion = (vault: string, name: string) =>
    store.get("SELECT * FROM deleted_secrets WHERE vault = ? AND key = ?", keyOf(vault), keyOf(name));
  const toDeleted = (vault: string, row: Row): DeletedSecret[] =>
    all(vault, String(row["key"]))
      .slice(0, 1)
      .map((latest) => ({ latest, deleted: Number(row["deleted"]), purgeAt: Number(row["purge_at"]) }));
  const versions = (vault: string, name: string) => (deletion(vault, name) ? [] : all(vault, name));
  const recover = (vault: string, name: string) =>
    store.run("DELETE FROM deleted_secrets WHERE vault = ? AND key = ?", keyOf(vault), keyOf(name));
  const purge = (vault: string, name: string) =>
    store.transaction(() => {
      recover(vault, name);
      store.run("DELETE FROM secret_versions WHERE vault = ? AND key = ?", keyOf(vault), keyOf(name));
    });
  return {
    add: (vault, made, value) =>
      store.run(
        "INSERT INTO secret_versions VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        keyOf(vault),
        keyOf(made.name),
        made.name,
        made.version,
        store.seal(value),
        made.contentType,
        JSON.stringify(made.tags),
        Number(made.enabled),
        made.notBefore,
        made.expires,
        made.created,
        made.created,
      ),
    update: (vault, changed) =>
      store.run(
        `UPDATE secret_versions SET content_type = ?, tags = ?, enabled = ?, not_before = ?, expires = ?, updated = ?
           WHERE vault = ? AND key = ? AND version = ?`,
        changed.contentType,
        JSON.stringify(changed.tags),
        Number(changed.enabled),
        changed.notBefore,
        changed.expires,
        changed.updated,
        keyOf(vault),
        keyOf(changed.name),
        changed.version,
      ),
    find: (vault, name, version) =>
      versions(vault, name).find((candidate) => version === undefined || candidate.version === version.toLowerCase()),
    versions,
    latest: (vault) =>
      store
        .all(
          `SELECT * FROM secret_versions WHERE vault = ?1 AND key NOT IN (SELECT key FROM deleted_secrets WHERE vault = ?1)
             AND sequence IN (SELECT MAX(sequence) FROM secret_versions WHERE vault = ?1 GROUP BY key) ORDER BY key`,
          keyOf(vault),
        )
        .map(toVersion),
    valueOf: (version) => store.unseal(version.sealedValue),
    markDeleted: (vault, name, deleted, purgeAt) =>
      store.run("INSERT INTO deleted_secrets VALUES (?, ?, ?, ?)", keyOf(vault), keyOf(name), deleted, purgeAt),
    findDeleted(vault, name) {
      const row = deletion(vault, name);
      return row && toDeleted(vault, row)[0];
    },
    allDeleted: (vault) =>
      store
        .all("SELECT * FROM deleted_secrets WHERE vault = ? ORDER BY key", keyOf(vault))
        .flatMap((row) => toDeleted(vault, row)),
    recover,
    purge,
    purgeDue(now) {
      for (const row of store.all("SELECT vault, key FROM deleted_secrets WHERE purge_at <= ?", now)) {
        purge(String(row["vault"]), String(row["key"]));
      }
    },
    removeVault: (vault) =>
      store.transaction(() => {
        store.run("DELETE FROM deleted_secrets WHERE vault = ?", keyOf(vault));
        store.run("DELETE FROM secret_versions WHERE vault = ?", keyOf(vault));
      }),
  };
}

const keyOf = (text: string) => text.toLowerCase();

function toVersion(row: Row): SecretVersion {
  const time = (name: string) => (row[name] === null ? null : Number(row[name]));
  return {
    name: String(row["name"]),
    version: String(row["version"]),
    sealedValue: String(row["sealed_value"]),
    contentType: row["content_type"] === null ? null : String(row["content_type"]),
    tags: JSON.parse(String(row["tags"])) as Record<string, string>,
    enabled: row["enabled"] === 1,
    notBefore: time("not_before"),
    expires: time("expires"),
    created: Number(row["created"]),
    updated: Number(row["updated"]),
  };
}
