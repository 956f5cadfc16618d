import type { JsonObject } from "../../../../contract/json.js";
import type { Workspace } from "../workspaces.js";
import type { Artifacts, StoredArtifact } from "./artifacts.js";

/** One kind of artifact as the endpoint serves it. */
export interface ServedArtifacts {
  readonly artifacts: Artifacts;
  /** Throws the 400 that the poll URL of a publish will answer. */
  check(properties: JsonObject, name: string): void;
  /** Throws what a change or a removal is refused with, because of what the artifact does at present. */
  checkIdle?(workspace: string, name: string): void;
  /** `properties` of a GET. */
  shown(workspace: string, artifact: StoredArtifact): JsonObject;
}

/** The artifact as GET answers it. */
export function artifactResource(
  { artifacts, shown }: ServedArtifacts,
  workspace: Workspace,
  artifact: StoredArtifact,
): JsonObject {
  const { segment } = artifacts.kind;
  return {
    id: `${workspace.id}/${segment}/${artifact.name}`,
    name: artifact.name,
    type: `Microsoft.Synapse/workspaces/${segment}`,
    etag: artifact.etag,
    properties: shown(workspace.key, artifact),
  };
}
