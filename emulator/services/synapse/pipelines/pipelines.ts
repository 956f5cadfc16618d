import { isJsonObject, type JsonObject } from "../../../../contract/json.js";
import type { Row, Store } from "../../../platform/store.js";
import type { Workspace } from "../workspaces.js";

/** A published pipeline. */
export interface StoredPipeline {
  readonly name: string;
  /** Not quoted: `0a00b1c2-0000-0000-0000-66320f000000` */
  readonly etag: string;
  /** What was published, unknown keys included. */
  readonly properties: JsonObject;
  /** ISO 8601 */
  readonly publishedAt: string;
}

/** The published pipelines of all workspaces; a workspace is named by its `key`, pipeline names ignore case. */
export interface Pipelines {
  list(workspace: string): readonly StoredPipeline[];
  get(workspace: string, name: string): StoredPipeline | undefined;
  /** Adds or replaces. */
  put(workspace: string, pipeline: StoredPipeline): void;
  remove(workspace: string, name: string): void;
  removeAll(workspace: string): void;
}

/** Opens the table of published pipelines. */
export function openPipelines(store: Store): Pipelines {
  store.migrate("synapse pipelines", [
    `CREATE TABLE synapse_pipelines (workspace TEXT NOT NULL, name TEXT NOT NULL COLLATE NOCASE, etag TEXT NOT NULL,
       properties TEXT NOT NULL, published_at TEXT NOT NULL, PRIMARY KEY (workspace, name))`,
  ]);
  const select = "SELECT * FROM synapse_pipelines WHERE workspace = ?";
  return {
    list: (workspace) => store.all(`${select} ORDER BY name`, workspace).map(toPipeline),
    get: (workspace, name) => store.all(`${select} AND name = ?`, workspace, name).map(toPipeline)[0],
    put: (workspace, { name, etag, properties, publishedAt }) =>
      store.run(
        `INSERT INTO synapse_pipelines VALUES (?, ?, ?, ?, ?) ON CONFLICT (workspace, name) DO UPDATE
           SET etag = excluded.etag, properties = excluded.properties, published_at = excluded.published_at`,
        workspace,
        name,
        etag,
        JSON.stringify(properties),
        publishedAt,
      ),
    remove: (workspace, name) =>
      store.run("DELETE FROM synapse_pipelines WHERE workspace = ? AND name = ?", workspace, name),
    removeAll: (workspace) => store.run("DELETE FROM synapse_pipelines WHERE workspace = ?", workspace),
  };
}

/** The pipeline as GET answers it. */
export function pipelineResource(workspace: Workspace, pipeline: StoredPipeline): JsonObject {
  return {
    id: pipelineId(workspace, pipeline.name),
    name: pipeline.name,
    type: "Microsoft.Synapse/workspaces/pipelines",
    etag: pipeline.etag,
    properties: { ...pipeline.properties, lastPublishTime: pipeline.publishedAt },
  };
}

/** The ARM id of a pipeline, which exists on the data plane only. */
export const pipelineId = (workspace: Workspace, name: string) => `${workspace.id}/pipelines/${name}`;

function toPipeline(row: Row): StoredPipeline {
  const properties: unknown = JSON.parse(String(row["properties"]));
  return {
    name: String(row["name"]),
    etag: String(row["etag"]),
    properties: isJsonObject(properties) ? properties : {},
    publishedAt: String(row["published_at"]),
  };
}
