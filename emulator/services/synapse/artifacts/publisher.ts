import type { FastifyReply } from "fastify";
import { synapseUrl } from "../../../../contract/hosts.js";
import type { JsonObject } from "../../../../contract/json.js";
import { azureTimestamp } from "../../../../contract/runs.js";
import { AzureError } from "../../../platform/errors.js";
import type { Platform } from "../../../platform/platform.js";
import type { Call } from "../endpoint.js";
import { badArtifact } from "../errors.js";
import type { OperationResults, Outcome } from "../operationResults.js";
import { newEtag } from "./conditions.js";
import { type Pipelines, pipelineId, pipelineResource, type StoredPipeline } from "./pipelines.js";

/** Seconds; a client of Python's SDK waits 30 when it is 0 or missing. */
const retryAfter = "1";

/** Finds what is wrong with a definition; throws the 400 that the poll URL will answer. */
export type DefinitionCheck = (definition: JsonObject, name: string) => void;

/**
 * The writes of pipelines: each takes effect at once, answers 202 with an operation record, and its end is read at
 * `/operationResults/{id}`: 200 with the resource, 200 without a body after a delete, 400 after a failed publish.
 */
export interface Publisher {
  publish(call: Call, name: string, definition: JsonObject): FastifyReply;
  remove(call: Call, pipeline: StoredPipeline): FastifyReply;
  rename(call: Call, pipeline: StoredPipeline, newName: string): FastifyReply;
}

/** A publisher on the given tables; `checkDefinition` decides what a publish takes. */
export function createPublisher(
  { store, ids, clock }: Platform,
  pipelines: Pipelines,
  results: OperationResults,
  checkDefinition: DefinitionCheck,
): Publisher {
  const answer = (call: Call, state: "Creating" | "Deleting" | "Renaming", name: string, outcome: Outcome) => {
    const { id, recordId } = results.add(call.workspace.key, outcome);
    const deleting = state === "Deleting";
    const poll = `${synapseUrl(call.workspace.name)}/operationResults/${id}?api-version=2020-12-01`;
    call.reply.code(202).header("Location", poll).header("Access-Control-Expose-Headers", "Location,Retry-After");
    return call.reply.header("Retry-After", retryAfter).send({
      id: pipelineId(call.workspace, name),
      recordId: deleting ? 0 : recordId,
      state,
      created: deleting ? "0001-01-01T00:00:00" : azureTimestamp(clock.now()),
      changed: azureTimestamp(clock.now()),
      type: "Pipeline",
      name,
      operationId: id,
      ...(!deleting && { artifactId: ids.uuid().toUpperCase() }),
    });
  };
  const stamped = (name: string, properties: JsonObject): StoredPipeline => {
    const now = clock.now();
    return { name, properties, etag: newEtag(ids.uuid(), now), publishedAt: now.toISOString() };
  };
  const save = (call: Call, pipeline: StoredPipeline): Outcome => {
    pipelines.put(call.workspace.key, pipeline);
    return { status: 200, body: pipelineResource(call.workspace, pipeline) };
  };

  return {
    publish: (call, name, definition) => {
      const refusal = refusalOf(() => checkDefinition(definition, name));
      if (refusal) return answer(call, "Creating", name, refusal);
      return store.transaction(() => {
        const known = pipelines.get(call.workspace.key, name)?.name ?? name;
        return answer(call, "Creating", known, save(call, stamped(known, definition)));
      });
    },
    remove: (call, pipeline) =>
      store.transaction(() => {
        pipelines.remove(call.workspace.key, pipeline.name);
        return answer(call, "Deleting", pipeline.name, { status: 200, body: undefined });
      }),
    rename: (call, pipeline, newName) => {
      const taken = pipelines.get(call.workspace.key, newName);
      if (taken && taken.name.toLowerCase() !== pipeline.name.toLowerCase()) {
        const error = badArtifact(`There is a pipeline with the name ${newName} already.`, `pipeline/${newName}`);
        return answer(call, "Renaming", newName, { status: error.status, body: error.body });
      }
      return store.transaction(() => {
        pipelines.remove(call.workspace.key, pipeline.name);
        return answer(call, "Renaming", newName, save(call, stamped(newName, pipeline.properties)));
      });
    },
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
