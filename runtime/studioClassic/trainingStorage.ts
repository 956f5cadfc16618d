import { BlobClient, BlobSASPermissions, BlobServiceClient, type RestError } from "@azure/storage-blob";
import type { Clock } from "../../contract/clock.js";
import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import { redact } from "../../contract/redaction.js";
import type { OutputReference } from "./jobStatus.js";

/** The blobs of training jobs in the account of a connection string. Errors are `ProgramError`s without a secret. */
export interface TrainingStorage {
  /** Uploads a CSV to `<container>/<path>`, making the container; the result is a URL by which a job may read it. */
  upload(relativeLocation: string, csv: string, signal: AbortSignal): Promise<string>;
  /** An output of a finished job; undefined where its token is over, so that the job must be asked for another. */
  download(reference: OutputReference, signal: AbortSignal): Promise<Buffer | undefined>;
  delete(relativeLocation: string): Promise<void>;
}

/** How long a job may wait and read. */
const readableMs = 48 * 3_600_000;

/** Opens the account (a module of its own, because the library is slow to load). */
export function openTrainingStorage(connectionString: string, clock: Clock): TrainingStorage {
  const account = BlobServiceClient.fromConnectionString(connectionString, {
    retryOptions: { maxTries: 4, retryDelayInMs: 500 },
  });
  const at = (relativeLocation: string) => {
    const [container = "", ...path] = relativeLocation.split("/");
    return { container: account.getContainerClient(container), path: path.join("/") };
  };
  return {
    upload: (relativeLocation, csv, signal) =>
      explained(`uploading ${relativeLocation}`, signal, async () => {
        const { container, path } = at(relativeLocation);
        await container.createIfNotExists({ abortSignal: signal });
        const blob = container.getBlockBlobClient(path);
        await blob.upload(csv, Buffer.byteLength(csv), {
          blobHTTPHeaders: { blobContentType: "text/csv" },
          abortSignal: signal,
        });
        const expiresOn = new Date(clock.now().getTime() + readableMs);
        return blob.generateSasUrl({ permissions: BlobSASPermissions.parse("r"), expiresOn });
      }),
    download: (reference, signal) =>
      explained(`downloading ${reference.RelativeLocation}`, signal, async () => {
        const { container, path } = at(reference.RelativeLocation);
        const token = reference.SasBlobToken;
        const blob = token
          ? new BlobClient(`${addressOf(reference, account.url)}${token}`)
          : container.getBlobClient(path);
        try {
          return await blob.downloadToBuffer(0, undefined, { abortSignal: signal });
        } catch (thrown) {
          if (token && statusOf(thrown) === 403) return undefined;
          throw thrown;
        }
      }),
    delete: (relativeLocation) =>
      explained(`deleting ${relativeLocation}`, undefined, async () => {
        const { container, path } = at(relativeLocation);
        await container.getBlobClient(path).deleteIfExists();
      }),
  };
}

function addressOf({ BaseLocation: base, RelativeLocation: path }: OutputReference, accountUrl: string): string {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return `${(base || accountUrl).replace(/\/+$/, "")}/${encoded}`;
}

function statusOf(thrown: unknown): number | undefined {
  return (thrown as Partial<RestError>).statusCode;
}

async function explained<T>(doing: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (signal?.aborted) throw signal.reason;
    const sentence = redact(messageOf(thrown).split(/\r?\n/, 1)[0] ?? "");
    throw new ProgramError(exitCodes.unavailable, `${doing} failed: ${sentence}`, {
      cure: "check the storage account's connection string (BES_STORAGE_CONNECTION_STRING, --storage), the network and HTTPS_PROXY",
      cause: thrown,
    });
  }
}
