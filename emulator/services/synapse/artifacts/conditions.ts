import { badArtifact, preconditionFailed } from "../errors.js";
import type { ArtifactKind } from "./artifactKinds.js";
import type { StoredArtifact } from "./artifacts.js";

const forbidden = /[.+?/<>*%&:\\]/;
const maxNameLength = 140;

/** What the errors of the artifact operations name as their target: `pipeline/p1`, `linkedservice/l1`. */
export const targetOf = ({ recordType }: ArtifactKind, name: string) => `${recordType.toLowerCase()}/${name}`;

/** Refuses (400) a name that Synapse Studio and the service do not take. */
export function checkArtifactName(kind: ArtifactKind, name: string): void {
  if (name.trim() !== "" && name.length <= maxNameLength && !forbidden.test(name)) return;
  throw badArtifact(
    `The ${kind.noun} name '${name}' is not valid: 1 to ${maxNameLength} characters, none of . + ? / < > * % & : \\`,
    targetOf(kind, name),
  );
}

/** Refuses (412) a write whose If-Match is neither `*` nor the artifact's etag. */
export function checkIfMatch(
  ifMatch: string | undefined,
  kind: ArtifactKind,
  name: string,
  artifact: StoredArtifact | undefined,
): void {
  if (ifMatch === undefined) return;
  if (artifact && tags(ifMatch).some((tag) => tag === "*" || tag === artifact.etag)) return;
  throw preconditionFailed(kind.noun, name);
}

/** Whether If-None-Match names what the caller has already. */
export function notModified(ifNoneMatch: string | undefined, artifact: StoredArtifact): boolean {
  return ifNoneMatch !== undefined && tags(ifNoneMatch).some((tag) => tag === "*" || tag === artifact.etag);
}

/** In the form that the service writes: eight hexadecimal digits that change, then the second of the change. */
export function newEtag(uuid: string, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000).toString(16);
  return `${uuid.slice(0, 8)}-0000-0000-0000-${seconds.padStart(8, "0")}0000`;
}

function tags(header: string): string[] {
  return header.split(",").map((tag) => tag.trim().replace(/^W\//, "").replaceAll('"', ""));
}
