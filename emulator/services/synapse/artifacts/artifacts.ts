import { isJsonObject, type JsonObject } from "../../../../contract/json.js";
import type { Row, Store } from "../../../platform/store.js";
import type { ArtifactKind } from "./artifactKinds.js";

/** A published artifact: a pipeline, a linked service, a dataset or a trigger. */
export interface StoredArtifact {
  readonly name: string;
  /** Not quoted: `0a00b1c2-0000-0000-0000-66320f000000` */
  readonly etag: string;
  /** What was published, unknown keys and secrets included. */
  readonly properties: JsonObject;
  /** ISO 8601 */
  readonly publishedAt: string;
}

/** The published artifacts of one kind in all workspaces; a workspace is named by its `key`, names ignore case. */
export interface Artifacts {
  readonly kind: ArtifactKind;
  list(workspace: string): readonly StoredArtifact[];
  get(workspace: string, name: string): StoredArtifact | undefined;
  /** Adds or replaces. */
  put(workspace: string, artifact: StoredArtifact): void;
  remove(workspace: string, name: string): void;
  removeAll(workspace: string): void;
}

/** Opens the table of one kind of artifact. */
export function openArtifacts(store: Store, kind: ArtifactKind): Artifacts {
  const { table } = kind;
  store.migrate(table.replaceAll("_", " "), [
    `CREATE TABLE ${table} (workspace TEXT NOT NULL, name TEXT NOT NULL COLLATE NOCASE, etag TEXT NOT NULL,
       properties TEXT NOT NULL, published_at TEXT NOT NULL, PRIMARY KEY (workspace, name))`,
  ]);
  const select = `SELECT * FROM ${table} WHERE workspace = ?`;
  const read = (row: Row): StoredArtifact => {
    const text = String(row["properties"]);
    const properties: unknown = JSON.parse(kind.sealed ? store.unseal(text) : text);
    return {
      name: String(row["name"]),
      etag: String(row["etag"]),
      properties: isJsonObject(properties) ? properties : {},
      publishedAt: String(row["published_at"]),
    };
  };
  return {
    kind,
    list: (workspace) => store.all(`${select} ORDER BY name`, workspace).map(read),
    get: (workspace, name) => store.all(`${select} AND name = ?`, workspace, name).map(read)[0],
    put(workspace, { name, etag, properties, publishedAt }) {
      const text = JSON.stringify(properties);
      store.run(
        `INSERT INTO ${table} VALUES (?, ?, ?, ?, ?) ON CONFLICT (workspace, name) DO UPDATE
           SET etag = excluded.etag, properties = excluded.properties, published_at = excluded.published_at`,
        workspace,
        name,
        etag,
        kind.sealed ? store.seal(text) : text,
        publishedAt,
      );
    },
    remove: (workspace, name) => store.run(`DELETE FROM ${table} WHERE workspace = ? AND name = ?`, workspace, name),
    removeAll: (workspace) => store.run(`DELETE FROM ${table} WHERE workspace = ?`, workspace),
  };
}
