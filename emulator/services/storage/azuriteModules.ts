import type { RequestListener } from "node:http";
import { createRequire } from "node:module";
import type { JsonObject } from "../../../contract/json.js";

/** A collection of a Loki database, as far as keeping its documents elsewhere needs. */
export interface LokiCollection {
  readonly name: string;
  isIncremental: boolean;
  dirtyIds: readonly number[];
  insert(document: JsonObject): unknown;
  get(id: number): object | null;
}

export interface LokiDatabase {
  readonly collections: readonly LokiCollection[];
}

/** Pages of extent ids; ends with `done`. */
export interface ExtentPages {
  next(): Promise<{ readonly done: boolean; readonly value: readonly string[] }>;
}

export interface MetadataStore {
  readonly db: LokiDatabase;
  init(): Promise<void>;
  close(): Promise<void>;
  iteratorExtents(): ExtentPages;
}

export interface ExtentStore {
  init(): Promise<void>;
  close(): Promise<void>;
  deleteExtents(ids: Iterable<string>): Promise<number>;
  /** The files that new data is appended to; Azurite's own `close` leaves them open. */
  readonly activeWriteExtents?: readonly { readonly fd?: number }[];
}

/** Azurite asks this for the keys of an account at every request. */
export interface AccountStore {
  getAccount(name: string): { readonly name: string; readonly key1: Buffer; readonly key2: Buffer } | undefined;
}

type ErrorMaker = (status: number, code: string, message: string, requestId: string) => Error;

export interface AzuriteModules {
  readonly BlobMetadataStore: new (path: string, inMemory: boolean) => MetadataStore;
  readonly ExtentMetadataStore: new (path: string, inMemory: boolean) => MetadataStore;
  readonly FileExtentStore: new (
    metadata: MetadataStore,
    places: readonly { readonly locationId: string; readonly locationPath: string; readonly maxConcurrency: number }[],
    logger: unknown,
  ) => ExtentStore;
  readonly MemoryExtentStore: new (
    category: string,
    chunks: unknown,
    metadata: MetadataStore,
    logger: unknown,
    makeError: ErrorMaker,
  ) => ExtentStore;
  readonly MemoryChunks: new (limitBytes: number) => unknown;
  readonly StorageError: new (...parts: Parameters<ErrorMaker>) => Error;
  readonly RequestListenerFactory: new (
    metadata: MetadataStore,
    extents: ExtentStore,
    accounts: AccountStore,
    accessLog: boolean,
    accessLogStream: undefined,
    loose: boolean,
    skipApiVersionCheck: boolean,
    oauth: undefined,
    disableProductStyleUrl: boolean,
  ) => { createRequestListener(): RequestListener };
  readonly silentLogger: unknown;
}

/**
 * The parts of Azurite 3.35 that its own `BlobServer` is made of. Loading them takes 0.4 s, so this is called on the
 * first storage request. Composed here instead of using `BlobServer`, which reads its accounts from the process's
 * environment once a minute and opens a port of its own.
 */
export function loadAzurite(): AzuriteModules {
  const require = createRequire(import.meta.url);
  const part = (path: string) => require(`azurite/dist/src/${path}`);
  const memory = part("common/persistence/MemoryExtentStore");
  return {
    BlobMetadataStore: part("blob/persistence/LokiBlobMetadataStore").default,
    ExtentMetadataStore: part("common/persistence/LokiExtentMetadataStore").default,
    FileExtentStore: part("common/persistence/FSExtentStore").default,
    MemoryExtentStore: memory.default,
    MemoryChunks: memory.MemoryExtentChunkStore,
    StorageError: part("blob/errors/StorageError").default,
    RequestListenerFactory: part("blob/BlobRequestListenerFactory").default,
    silentLogger: part("common/Logger").default,
  };
}
