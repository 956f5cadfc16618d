import { badArtifact, preconditionFailed } from "../errors.js";
import type { StoredPipeline } from "./pipelines.js";

const forbidden = /[.+?/<>*%&:\\]/;
const maxNameLength = 140;

/** Refuses (400) a name that Synapse Studio and the service do not take. */
export function checkPipelineName(name: string): void {
  if (name.trim() !== "" && name.length <= maxNameLength && !forbidden.test(name)) return;
  throw badArtifact(
    `The pipeline name '${name}' is not valid: 1 to ${maxNameLength} characters, none of . + ? / < > * % & : \\`,
    `pipeline/${name}`,
  );
}

/** Refuses (412) a write whose If-Match is neither `*` nor the pipeline's etag. */
export function checkIfMatch(ifMatch: string | undefined, name: string, pipeline: StoredPipeline | undefined): void {
  if (ifMatch === undefined) return;
  if (!pipeline || !tags(ifMatch).some((tag) => tag === "*" || tag === pipeline.etag)) throw preconditionFailed(name);
}

/** Whether If-None-Match names what the caller has already. */
export function notModified(ifNoneMatch: string | undefined, pipeline: StoredPipeline): boolean {
  return ifNoneMatch !== undefined && tags(ifNoneMatch).some((tag) => tag === "*" || tag === pipeline.etag);
}

/** In the form that the service writes: eight hexadecimal digits that change, then the second of the change. */
export function newEtag(uuid: string, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000).toString(16);
  return `${uuid.slice(0, 8)}-0000-0000-0000-${seconds.padStart(8, "0")}0000`;
}

function tags(header: string): string[] {
  return header.split(",").map((tag) => tag.trim().replace(/^W\//, "").replaceAll('"', ""));
}
