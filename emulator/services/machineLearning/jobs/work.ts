import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { messageOf } from "../../../../contract/errors.js";
import type { BlobContent } from "../../../platform/blobs.js";
import type { Principal } from "../../../platform/directory.js";
import { AzureError } from "../../../platform/errors.js";
import { objectAt, propertiesOf, textAt } from "../../../platform/json.js";
import type { StoredResource } from "../../../platform/resources.js";
import type { Context } from "../context.js";
import { defaultDatastore } from "../names.js";
import { blobPlace, type Location, resolveUri } from "../uris.js";
import { missingPackages } from "./environment.js";
import type { JobRecord } from "./record.js";

/** Why a job fails: the message of its child run. */
export class JobFailure extends Error {
  override readonly name = "JobFailure";
}

/** Rows that become a job's output when the whole of them is there. */
export interface Predictions {
  append(rows: Uint8Array): Promise<void>;
  commit(): Promise<void>;
}

const usesKey = (datastore: StoredResource | undefined) =>
  datastore !== undefined &&
  textAt(objectAt(propertiesOf(datastore), "credentials"), "credentialsType") === "AccountKey";

/** What a node of the cluster does with blobs for a job: loads code and model, mounts the input, writes the output. */
export function jobWork(context: Context, job: JobRecord) {
  const { platform, blobs } = context;
  const { resources, directory } = platform;

  const resource = (id: string, what: string): StoredResource => {
    const found = resources.get(id);
    if (!found) throw new JobFailure(`The ${what} '${id}' does not exist any more.`);
    return found;
  };
  const workspace = resource(job.workspaceId, "workspace");

  const cluster = (): Principal => {
    const identity = directory.byResourceId(job.references.computeId);
    if (identity) return identity;
    throw new JobFailure(
      `The compute '${job.references.computeId}' has no identity to access data with: set identity.type to SystemAssigned.`,
    );
  };

  const accessTo = (location: Location) => (usesKey(location.datastore) ? "accountKey" : cluster());

  /** The account's key when a datastore has it, else the cluster's identity. */
  async function read(location: Location, what: string): Promise<Uint8Array> {
    return blobs.read(location.place, accessTo(location)).catch((error: unknown) => {
      throw new JobFailure(`The ${what} at ${describe(location)} cannot be read: ${messageOf(error)}`, {
        cause: error,
      });
    });
  }

  /** A blob URL inside a datastore's container is reached with the datastore's credentials. */
  function inDatastore(uri: string): Location {
    const place = blobPlace(uri);
    const datastore =
      place &&
      resources.below(`${workspace.id}/datastores`).find((candidate) => {
        const properties = propertiesOf(candidate);
        return properties["accountName"] === place.account && properties["containerName"] === place.container;
      });
    return place ? { place, datastore } : resolveUri(resources, workspace, uri);
  }

  const inputLocation = () => resolved(() => resolveUri(resources, workspace, job.input.uri));

  async function openInput(location: Location, as: Principal | "accountKey", who: string): Promise<BlobContent> {
    return blobs.open(location.place, as).catch((error: unknown) => {
      const name = as === "accountKey" ? "" : ` by ${who} '${as.displayName}' (object id ${as.objectId})`;
      throw new JobFailure(`The input ${describe(location)} cannot be read${name}: ${messageOf(error)}`, {
        cause: error,
      });
    });
  }

  return {
    /** The compute's largest number of nodes, when the job can have as many as it needs. */
    maxNodes(): number {
      const { computeId, instanceCount } = job.references;
      const cluster = objectAt(propertiesOf(resource(computeId, "compute")), "properties");
      const most = Number(objectAt(cluster, "scaleSettings")["maxNodeCount"]);
      if (instanceCount <= most) return most;
      throw new JobFailure(`The job needs ${instanceCount} nodes; the compute '${computeId}' has at most ${most}.`);
    },

    /** Builds the environment, as far as it can be known, and fetches the model. */
    async prepare(): Promise<{ model: Uint8Array }> {
      const { codeId, scoringScript, environmentId, modelId } = job.references;
      const codeUri = textAt(propertiesOf(resource(codeId, "code")), "codeUri") ?? "";
      const script = await read(inDatastore(`${codeUri.replace(/\/+$/, "")}/${scoringScript}`), "scoring script");
      const condaFile = textAt(propertiesOf(resource(environmentId, "environment")), "condaFile");
      checkEnvironment(environmentId, condaFile, new TextDecoder().decode(script));
      const modelUri = textAt(propertiesOf(resource(modelId, "model")), "modelUri") ?? "";
      return { model: await read(inDatastore(modelUri), "model") };
    },

    /** How many bytes the input has. Without stored credentials both the invoker and the cluster must be allowed to read. */
    async requireInput(): Promise<number> {
      const location = inputLocation();
      if (!usesKey(location.datastore)) {
        const invoker = directory.byObjectId(job.invokerId);
        if (!invoker) throw new JobFailure(`The invoker '${job.invokerId}' is not in the directory any more.`);
        (await openInput(location, invoker, "the job's invoker")).pieces.destroy();
      }
      const { bytes, pieces } = await openInput(location, accessTo(location), "the cluster's identity");
      pieces.destroy();
      return bytes;
    },

    /** The input piece by piece. */
    async openInput(): Promise<Readable> {
      const location = inputLocation();
      return (await openInput(location, accessTo(location), "the cluster's identity")).pieces;
    },

    /** Begins the predictions, which nobody sees before they are whole. */
    beginPredictions(): Predictions {
      const location = resolved(() => resolveUri(resources, workspace, outputUri(job, workspace)));
      if (!location.datastore) throw new JobFailure("The output must be a path in a datastore of type AzureBlob.");
      const as = accessTo(location);
      const upload = blobs.begin(location.place, as);
      const hash = createHash("sha256");
      const refused = (error: unknown): never => {
        const cure = isConflict(error) ? " The output of a batch job must not exist before." : "";
        throw new JobFailure(`The output ${describe(location)} cannot be written: ${messageOf(error)}${cure}`, {
          cause: error,
        });
      };
      return {
        async append(rows) {
          hash.update(rows);
          await upload.append(rows).catch(refused);
        },
        /** The target must not exist; after a killed process it may be this job's own. */
        async commit() {
          const written = hash.digest("hex");
          await upload.commit({ ifAbsent: true }).catch(async (error: unknown) => {
            const mayBeOurs = isConflict(error) && job.attempts > 1;
            if (mayBeOurs && (await hashOf((await blobs.open(location.place, as)).pieces)) === written) return;
            refused(error);
          });
        },
      };
    },
  };
}

function outputUri({ childRunId, output, settings }: JobRecord, workspace: StoredResource): string {
  const file = settings.outputFileName;
  if (!output) return `${workspace.id}/datastores/${defaultDatastore}/paths/azureml/${childRunId}/score/${file}`;
  return output.type.toLowerCase() === "urifolder" ? `${output.uri.replace(/\/+$/, "")}/${file}` : output.uri;
}

function checkEnvironment(id: string, condaFile: string | undefined, script: string): void {
  if (condaFile === undefined) {
    throw new JobFailure(
      `The environment '${id}' has no conda file: what is inside an image alone cannot be known here. Give it a condaFile.`,
    );
  }
  const missing = missingPackages(condaFile, script);
  if (missing.length === 0) return;
  const verb = missing.length === 1 ? "is" : "are";
  throw new JobFailure(
    `The environment '${id}' cannot run the deployment: ${missing.join(" and ")} ${verb} not in its conda file. A batch deployment needs azureml-core and azureml-dataset-runtime[fuse], and whatever the scoring script imports.`,
  );
}

function resolved(resolve: () => Location): Location {
  try {
    return resolve();
  } catch (error) {
    throw new JobFailure(messageOf(error), { cause: error });
  }
}

const isConflict = (error: unknown) => error instanceof AzureError && error.status === 409;

async function hashOf(content: Readable): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of content) hash.update(piece);
  return hash.digest("hex");
}

const describe = ({ place }: Location) =>
  `'${place.container}/${place.path}' in the storage account '${place.account}'`;
