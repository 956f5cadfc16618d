import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";
import { blobUrl } from "../../contract/hosts.js";
import { redact } from "../../contract/redaction.js";

/** A container that models are kept in, reached with its account's key. */
export interface ModelStore {
  /** The model at a path: the blob itself, or the one zip in that folder. */
  read(path: string): Promise<Buffer>;
  write(path: string, content: Buffer): Promise<void>;
}

/** Opens a container (a module of its own, because the library is slow to load). */
export function openModelStore(
  place: { readonly account: string; readonly container: string; readonly key: string },
  signal: AbortSignal,
): ModelStore {
  const credential = new StorageSharedKeyCredential(place.account, place.key);
  const service = new BlobServiceClient(blobUrl(place.account), credential, {
    retryOptions: { maxTries: 4, retryDelayInMs: 500 },
  });
  const container = service.getContainerClient(place.container);

  async function explained<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      if (signal.aborted) throw signal.reason;
      if (thrown instanceof ProgramError) throw thrown;
      const sentence = redact(messageOf(thrown).split(/\r?\n/, 1)[0] ?? "");
      throw new ProgramError(exitCodes.unavailable, `${doing} in ${container.url} failed: ${sentence}`, {
        cure: "check the network, and whether the storage account takes requests from here",
        cause: thrown,
      });
    }
  }

  async function zipIn(path: string): Promise<string> {
    if (path.endsWith(".zip")) return path;
    const zips: string[] = [];
    for await (const { name } of container.listBlobsFlat({
      prefix: `${path.replace(/\/+$/, "")}/`,
      abortSignal: signal,
    })) {
      if (name.endsWith(".zip")) zips.push(name);
    }
    const [only] = zips;
    if (only !== undefined && zips.length === 1) return only;
    throw new ProgramError(
      exitCodes.failed,
      `${container.url}/${path} holds ${zips.length} zips where one model is expected`,
    );
  }

  return {
    read: (path) =>
      explained("reading the model", async () => {
        const blob = container.getBlobClient(await zipIn(path));
        return blob.downloadToBuffer(0, undefined, { abortSignal: signal });
      }),
    write: (path, content) =>
      explained("writing the model", async () => {
        await container.getBlockBlobClient(path).uploadData(content, { abortSignal: signal });
      }),
  };
}
