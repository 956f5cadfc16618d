import type { Blobs } from "../../platform/blobs.js";
import { type BlobReference, blobReference } from "./blobReference.js";
import { type JobRequest, mainOutput, type OutputName } from "./jobRequest.js";
import type { Job } from "./jobs.js";
import { workspace } from "./workspace.js";

/** Where the service itself puts what a request names no place for, in the workspace's own storage account. */
export interface OutputPlaces {
  /** The outputs that a job makes: those that were asked for, or the results alone. */
  of(job: Job, request: JobRequest): readonly { readonly name: OutputName; readonly blob: BlobReference }[];
  /** Makes the container of the service's own places. */
  prepare(): Promise<void>;
  /** Keeps a job's log, as the service's diagnostics do. */
  keepLog(job: Job, lines: readonly string[]): Promise<void>;
}

const outputContainer = "experimentoutput";
const logContainer = "ml-diagnostics";

/** `connectionString` is that of the workspace's account. */
export function createOutputPlaces(blobs: Blobs, connectionString: () => string): OutputPlaces {
  const account = workspace.storageAccount;
  return {
    of(job, { outputs }) {
      const asked = Object.entries(outputs) as [OutputName, BlobReference][];
      if (asked.length > 0) return asked.map(([name, blob]) => ({ name, blob }));
      const blob = blobReference(mainOutput, {
        ConnectionString: connectionString(),
        RelativeLocation: `${outputContainer}/${job.id}/${job.id}.csv`,
      });
      return [{ name: mainOutput, blob }];
    },
    prepare: () => blobs.createContainer(account, outputContainer),
    async keepLog(job, lines) {
      await blobs.createContainer(account, logContainer);
      const place = { account, container: logContainer, path: `${job.endpointId}/${job.id}.log` };
      await blobs.write(place, new TextEncoder().encode(`${lines.join("\n")}\n`), "accountKey");
    },
  };
}
