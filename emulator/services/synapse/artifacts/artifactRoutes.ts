import { isJsonObject, type JsonObject } from "../../../../contract/json.js";
import type { Operations } from "../endpoint.js";
import { artifactNotFound, badArtifact } from "../errors.js";
import { actions } from "../roles/permissions.js";
import type { Workspace } from "../workspaces.js";
import type { StoredArtifact } from "./artifacts.js";
import { checkArtifactName, checkIfMatch, notModified, targetOf } from "./conditions.js";
import type { Publisher } from "./publisher.js";
import { artifactResource, type ServedArtifacts } from "./servedArtifacts.js";

/** One kind of artifact: list, get, publish, delete, rename (2020-12-01). Writes answer 202 and are polled. */
export function artifactRoutes(operation: Operations, served: ServedArtifacts, publisher: Publisher): void {
  const { artifacts } = served;
  const { kind } = artifacts;
  const collection = `/${kind.segment}`;
  const item = `${collection}/:name`;
  const write = [{ action: kind.actions.write }];

  const existing = (workspace: Workspace, name: string): StoredArtifact => {
    const artifact = artifacts.get(workspace.key, name);
    if (!artifact) throw artifactNotFound(workspace, kind.recordType, name);
    return artifact;
  };

  operation("GET", collection, [{ action: kind.actions.list }], ({ workspace }) => ({
    value: artifacts.list(workspace.key).map((artifact) => artifactResource(served, workspace, artifact)),
  }));

  operation("GET", item, [{ action: actions.readArtifacts }], ({ workspace, params, headers, reply }) => {
    const artifact = existing(workspace, String(params["name"]));
    if (notModified(headers["if-none-match"], artifact)) return reply.code(304).send();
    return artifactResource(served, workspace, artifact);
  });

  operation("PUT", item, write, (call) => {
    const { workspace, params, headers, body } = call;
    const name = String(params["name"]);
    checkArtifactName(kind, name);
    const properties = isJsonObject(body) ? body["properties"] : undefined;
    if (!isJsonObject(properties)) {
      throw badArtifact(`The body of ${kind.noun} ${name} has no object 'properties'.`, targetOf(kind, name));
    }
    checkIfMatch(headers["if-match"], kind, name, artifacts.get(workspace.key, name));
    return publisher.publish(call, name, properties as JsonObject);
  });

  operation("DELETE", item, [{ action: kind.actions.delete }], (call) => {
    const artifact = artifacts.get(call.workspace.key, String(call.params["name"]));
    if (!artifact) return call.reply.code(204).send();
    return publisher.remove(call, artifact);
  });

  if (!kind.renamable) return;
  operation("POST", `${item}/rename`, write, (call) => {
    const artifact = existing(call.workspace, String(call.params["name"]));
    const newName = isJsonObject(call.body) ? call.body["newName"] : undefined;
    if (typeof newName !== "string") {
      throw badArtifact('The body of a rename is {"newName": "…"}.', targetOf(kind, artifact.name));
    }
    checkArtifactName(kind, newName);
    return publisher.rename(call, artifact, newName);
  });
}
