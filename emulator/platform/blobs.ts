import type { Readable } from "node:stream";
import type { Principal } from "./directory.js";

/** A blob of the storage service: `https://<account>.blob.core.windows.net/<container>/<path>`. */
export interface BlobPlace {
  readonly account: string;
  readonly container: string;
  readonly path: string;
}

/** On whose behalf a service reads or writes: an identity, whose data role is checked, or the account's key. */
export type BlobAccess = Principal | "accountKey";

/** Blobs as other services of the emulator use them. Refusals are `AzureError`s in the storage service's own words. */
export interface Blobs {
  read(place: BlobPlace, as: BlobAccess): Promise<Uint8Array>;
  /** Rejects before the first piece when it cannot be read. */
  open(place: BlobPlace, as: BlobAccess): Promise<BlobContent>;
  /** Saved on disk when it resolves. `ifAbsent` refuses an existing blob (409 BlobAlreadyExists). */
  write(place: BlobPlace, content: Uint8Array, as: BlobAccess, options?: { ifAbsent?: boolean }): Promise<void>;
  /** Begins a blob that is written piece by piece. */
  begin(place: BlobPlace, as: BlobAccess): BlobUpload;
  createContainer(account: string, container: string): Promise<void>;
}

/** A blob's content, which comes for as long as it is taken. */
export interface BlobContent {
  readonly bytes: number;
  readonly pieces: Readable;
}

/** A blob that nobody sees before it is committed, and then at once as a whole. */
export interface BlobUpload {
  append(content: Uint8Array): Promise<void>;
  /** Saved on disk when it resolves. `ifAbsent` refuses an existing blob (409 BlobAlreadyExists). */
  commit(options?: { ifAbsent?: boolean }): Promise<void>;
}
