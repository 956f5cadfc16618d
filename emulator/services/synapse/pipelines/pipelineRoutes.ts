import { isJsonObject, type JsonObject } from "../../../../contract/json.js";
import type { Operations } from "../endpoint.js";
import { badArtifact, pipelineNotFound } from "../errors.js";
import { actions } from "../roles/permissions.js";
import type { Workspace } from "../workspaces.js";
import { checkIfMatch, checkPipelineName, notModified } from "./conditions.js";
import { type Pipelines, pipelineResource, type StoredPipeline } from "./pipelines.js";
import type { Publisher } from "./publisher.js";

/** Pipelines as artifacts: list, get, publish, delete, rename (2020-12-01). Writes answer 202 and are polled. */
export function pipelineRoutes(operation: Operations, pipelines: Pipelines, publisher: Publisher): void {
  const read = [{ action: actions.readArtifacts }];

  const existing = (workspace: Workspace, name: string): StoredPipeline => {
    const pipeline = pipelines.get(workspace.key, name);
    if (!pipeline) throw pipelineNotFound(workspace, name);
    return pipeline;
  };

  operation("GET", "/pipelines", read, ({ workspace }) => ({
    value: pipelines.list(workspace.key).map((pipeline) => pipelineResource(workspace, pipeline)),
  }));

  operation("GET", "/pipelines/:name", read, ({ workspace, params, headers, reply }) => {
    const pipeline = existing(workspace, String(params["name"]));
    if (notModified(headers["if-none-match"], pipeline)) return reply.code(304).send();
    return pipelineResource(workspace, pipeline);
  });

  operation("PUT", "/pipelines/:name", [{ action: actions.writePipelines }], (call) => {
    const { workspace, params, headers, body } = call;
    const name = String(params["name"]);
    checkPipelineName(name);
    const properties = isJsonObject(body) ? body["properties"] : undefined;
    if (!isJsonObject(properties)) {
      throw badArtifact(`The body of pipeline ${name} has no object 'properties'.`, `pipeline/${name}`);
    }
    checkIfMatch(headers["if-match"], name, pipelines.get(workspace.key, name));
    return publisher.publish(call, name, properties as JsonObject);
  });

  operation("DELETE", "/pipelines/:name", [{ action: actions.deletePipelines }], (call) => {
    const pipeline = pipelines.get(call.workspace.key, String(call.params["name"]));
    if (!pipeline) return call.reply.code(204).send();
    return publisher.remove(call, pipeline);
  });

  operation("POST", "/pipelines/:name/rename", [{ action: actions.writePipelines }], (call) => {
    const pipeline = existing(call.workspace, String(call.params["name"]));
    const newName = isJsonObject(call.body) ? call.body["newName"] : undefined;
    if (typeof newName !== "string") {
      throw badArtifact('The body of a rename is {"newName": "…"}.', `pipeline/${pipeline.name}`);
    }
    checkPipelineName(newName);
    return publisher.rename(call, pipeline, newName);
  });
}
