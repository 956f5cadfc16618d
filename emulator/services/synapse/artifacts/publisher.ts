import type { FastifyReply } from "fastify";
import { synapseUrl } from "../../../../contract/hosts.js";
import type { JsonObject } from "../../../../contract/json.js";
import { azureTimestamp } from "../../../../contract/runs.js";
import { AzureError } from "../../../platform/errors.js";
import type { Platform } from "../../../platform/platform.js";
import type { Call } from "../endpoint.js";
import { badArtifact } from "../errors.js";
import type { OperationResults, Outcome } from "../operationResults.js";
import type { StoredArtifact } from "./artifacts.js";
import { newEtag, targetOf } from "./conditions.js";
import type { References } from "./references.js";
import { artifactResource, type ServedArtifacts } from "./servedArtifacts.js";

/** Seconds; a client of Python's SDK waits 30 when it is 0 or missing. */
const retryAfter = "1";

/**
 * The writes of one kind of artifact: each takes effect at once, answers 202 with an operation record, and its end is
 * read at `/operationResults/{id}`: 200 with the resource, 200 without a body after a delete, 400 after a refusal.
 */
export interface Publisher {
  publish(call: Call, name: string, properties: JsonObject): FastifyReply;
  remove(call: Call, artifact: StoredArtifact): FastifyReply;
  rename(call: Call, artifact: StoredArtifact, newName: string): FastifyReply;
}

type State = "Creating" | "Deleting" | "Renaming";

/** A publisher of the given artifacts, which keeps the outcomes in `results`. */
export function createPublisher(
  { store, ids, clock }: Platform,
  served: ServedArtifacts,
  references: References,
  results: OperationResults,
): Publisher {
  const { artifacts } = served;
  const { kind } = artifacts;
  const answer = (call: Call, state: State, name: string, outcome: Outcome) => {
    const { id, recordId } = results.add(call.workspace.key, outcome);
    const deleting = state === "Deleting";
    const poll = `${synapseUrl(call.workspace.name)}/operationResults/${id}?api-version=2020-12-01`;
    call.reply.code(202).header("Location", poll).header("Access-Control-Expose-Headers", "Location,Retry-After");
    return call.reply.header("Retry-After", retryAfter).send({
      id: `${call.workspace.id}/${kind.recordSegment}/${name}`,
      recordId: deleting ? 0 : recordId,
      state,
      created: deleting ? "0001-01-01T00:00:00" : azureTimestamp(clock.now()),
      changed: azureTimestamp(clock.now()),
      type: kind.recordType,
      name,
      operationId: id,
      ...(!deleting && { artifactId: ids.uuid().toUpperCase() }),
    });
  };
  const stamped = (name: string, properties: JsonObject): StoredArtifact => {
    const now = clock.now();
    return { name, properties, etag: newEtag(ids.uuid(), now), publishedAt: now.toISOString() };
  };
  const save = (call: Call, artifact: StoredArtifact): Outcome => {
    artifacts.put(call.workspace.key, artifact);
    return { status: 200, body: artifactResource(served, call.workspace, artifact) };
  };
  const removed = (call: Call, { name }: StoredArtifact): Outcome => {
    artifacts.remove(call.workspace.key, name);
    return { status: 200, body: undefined };
  };

  return {
    publish: (call, name, properties) =>
      store.transaction(() => {
        const { key } = call.workspace;
        const known = artifacts.get(key, name)?.name ?? name;
        const refusal = refusalOf(() => {
          served.checkIdle?.(key, known);
          served.check(properties, name);
          references.check(key, kind, name, properties);
        });
        return answer(call, "Creating", known, refusal ?? save(call, stamped(known, properties)));
      }),
    remove: (call, artifact) =>
      store.transaction(() => {
        const { key } = call.workspace;
        const refusal = refusalOf(() => {
          served.checkIdle?.(key, artifact.name);
          references.checkUnused(key, kind, artifact.name);
        });
        return answer(call, "Deleting", artifact.name, refusal ?? removed(call, artifact));
      }),
    rename: (call, artifact, newName) =>
      store.transaction(() => {
        const { key } = call.workspace;
        const refusal = refusalOf(() => {
          const taken = artifacts.get(key, newName);
          if (taken && taken.name.toLowerCase() !== artifact.name.toLowerCase()) {
            const message = `There is a ${kind.noun} with the name ${newName} already.`;
            throw badArtifact(message, targetOf(kind, newName));
          }
          references.checkUnused(key, kind, artifact.name);
        });
        if (refusal) return answer(call, "Renaming", newName, refusal);
        artifacts.remove(key, artifact.name);
        return answer(call, "Renaming", newName, save(call, stamped(newName, artifact.properties)));
      }),
  };
}

function refusalOf(check: () => void): Outcome | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof AzureError) return { status: error.status, body: error.body };
    throw error;
  }
}
