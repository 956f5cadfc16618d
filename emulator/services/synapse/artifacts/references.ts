import { isJsonObject, type Json } from "../../../../contract/json.js";
import { badArtifact } from "../errors.js";
import type { ArtifactKind } from "./artifactKinds.js";
import type { Artifacts } from "./artifacts.js";
import { targetOf } from "./conditions.js";

/** One artifact that another one names. */
interface Reference {
  /** `PipelineReference`, `LinkedServiceReference`, … */
  readonly type: string;
  readonly name: string;
}

/** Holds the artifacts of a workspace together, whatever their kind: nothing may name what is not there. */
export interface References {
  /** Refuses (400) a definition that names an artifact which the workspace does not have; itself it may name. */
  check(workspace: string, kind: ArtifactKind, name: string, properties: Json): void;
  /** Refuses (400) the removal of an artifact that another one names. */
  checkUnused(workspace: string, kind: ArtifactKind, name: string): void;
}

/** Over all kinds of artifacts that are stored. */
export function createReferences(all: readonly Artifacts[]): References {
  return {
    check(workspace, kind, name, properties) {
      for (const reference of referencesIn(properties)) {
        const target = all.find((artifacts) => artifacts.kind.reference === reference.type);
        if (!target || (target.kind === kind && same(reference.name, name))) continue;
        if (target.get(workspace, reference.name)) continue;
        const message = `The document creation or update failed because of invalid reference '${reference.name}'.`;
        throw badArtifact(message, targetOf(kind, name));
      }
    },
    checkUnused(workspace, kind, name) {
      if (kind.reference === undefined) return;
      for (const artifacts of all) {
        const user = artifacts.list(workspace).find((artifact) => {
          if (artifacts.kind === kind && same(artifact.name, name)) return false;
          return referencesIn(artifact.properties).some(
            (reference) => reference.type === kind.reference && same(reference.name, name),
          );
        });
        if (!user) continue;
        const message = `The document cannot be deleted since it is referenced by ${user.name}.`;
        throw badArtifact(message, targetOf(kind, name));
      }
    },
  };
}

/** References whose name is an expression are known when the artifact is used, not before. */
function referencesIn(json: Json): readonly Reference[] {
  if (Array.isArray(json)) return json.flatMap(referencesIn);
  if (!isJsonObject(json)) return [];
  const { type, referenceName: name } = json;
  const own = typeof type === "string" && typeof name === "string" && !name.startsWith("@") ? [{ type, name }] : [];
  return [...own, ...Object.values(json).flatMap(referencesIn)];
}

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
