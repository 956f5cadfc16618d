import type { Platform } from "../../../emulator/platform/platform.js";
import { principals } from "../../../emulator/platform/subscription.js";
import type { RecordedRequest } from "../../helpers/requestRecorder.js";

const asset = /(codes|models|environments)\/[^/"]+\/versions\/([0-9a-f]{8})/g;

type Emulated = Pick<Platform, "directory">;

/**
 * Texts of one deployment without what no two deployments have in common: random version names, the application's secret,
 * the object ids of managed identities, the name of a workspace's own container, and what is named after one of these.
 */
export function withoutRandomNames(texts: readonly string[], { directory }: Emulated): readonly string[] {
  const names = new Map([[directory.secretOf(principals.scoring.appId) ?? "", "<secret>"]]);
  for (const [, kind = "", version = ""] of texts.join("\n").matchAll(asset))
    names.set(version, `<version of ${kind}>`);
  for (const { kind, objectId, resourceId } of directory.all()) {
    if (kind === "ManagedIdentity") names.set(objectId, `<identity of ${resourceId}>`);
  }
  return texts.map((text) => {
    const named = [...names].reduce((result, [name, common]) => result.replaceAll(name, common), text);
    const common = named.replaceAll(/azureml-blobstore-[0-9a-f-]{36}/g, "<workspace's container>");
    // an assignment's name is a hash of scope, role and principal
    const isNamedAfter = common.includes("<identity of") || common.includes("<workspace's container>/");
    return isNamedAfter ? common.replace(/(roleAssignments\/)[0-9a-f-]{36}/, "$1<name>") : common;
  });
}

/** The requests that change something: each once, in the order of the alphabet. What is only read depends on waiting. */
export function changes(requests: readonly RecordedRequest[], emulated: Emulated): readonly string[] {
  const changing = requests.filter(({ method }) => method !== "GET" && method !== "HEAD");
  const texts = changing.map(({ method, url, body }) => `${method} ${url} ${JSON.stringify(sorted(body))}`);
  return [...new Set(withoutRandomNames(texts, emulated))].sort();
}

/** The value with the members of every object in the order of the alphabet. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, inner]) => [name, sorted(inner)]));
}
