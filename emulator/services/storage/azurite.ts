import { closeSync, mkdirSync } from "node:fs";
import type { RequestListener } from "node:http";
import type { Store } from "../../platform/store.js";
import type { AccountKeys } from "./accountKeys.js";
import {
  type AzuriteModules,
  type ExtentPages,
  type ExtentStore,
  loadAzurite,
  type MetadataStore,
} from "./azuriteModules.js";
import { persistLoki } from "./lokiPersistence.js";

/** How much an emulator without a folder keeps; more is refused (409 MemoryExtentStoreAtSizeLimit). */
const memoryLimitBytes = 512 * 1024 * 1024;
/** How many uploads append to files at the same time; each holds one file open. */
const concurrentUploads = 8;

/** The blob service of Azurite in this process, without a port of its own. */
export interface Azurite {
  /** Answers a request whose host is `<account>.…` and which is signed with the account's key. */
  readonly listener: RequestListener;
  /** Everything that was done before the call is durable when it returns. */
  save(): void;
  close(): Promise<void>;
}

/**
 * Opens the blobs: their content in `folder` (in memory without one), the rest in the store. `keysOf` is asked at each
 * request for the account's keys.
 */
export async function openAzurite(options: {
  readonly store: Store;
  readonly folder: string | undefined;
  readonly keysOf: (account: string) => AccountKeys | undefined;
}): Promise<Azurite> {
  const azurite = loadAzurite();
  // in memory for Azurite: it then neither reads nor writes files of its own, and starts no timer to save them
  const blobs = new azurite.BlobMetadataStore("", true);
  const extents = new azurite.ExtentMetadataStore("", true);
  await blobs.init();
  await extents.init();
  const content = contentStore(azurite, options.folder, extents);
  await content.init();
  const persistence = persistLoki(options.store, [blobs.db, extents.db]);
  await removeUnreferenced(content, extents, blobs);
  persistence.save();

  const accounts = {
    getAccount(name: string) {
      const keys = options.keysOf(name);
      return keys && { name, key1: Buffer.from(keys.key1, "base64"), key2: Buffer.from(keys.key2, "base64") };
    },
  };
  const factory = new azurite.RequestListenerFactory(
    blobs,
    content,
    accounts,
    false,
    undefined,
    false,
    true,
    undefined,
    false,
  );
  return {
    listener: factory.createRequestListener(),
    save: persistence.save,
    async close() {
      await content.close();
      await blobs.close();
      for (const { fd } of content.activeWriteExtents ?? []) if (fd !== undefined) closeSync(fd);
    },
  };
}

function contentStore(azurite: AzuriteModules, folder: string | undefined, extents: MetadataStore): ExtentStore {
  if (folder === undefined) {
    const chunks = new azurite.MemoryChunks(memoryLimitBytes);
    return new azurite.MemoryExtentStore(
      "blob",
      chunks,
      extents,
      azurite.silentLogger,
      (...parts) => new azurite.StorageError(...parts),
    );
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const place = { locationId: "Default", locationPath: folder, maxConcurrency: concurrentUploads };
  return new azurite.FileExtentStore(extents, [place], azurite.silentLogger);
}

/**
 * Frees the content of blobs that were deleted or overwritten. Only while nothing is served: what is stored and what is
 * in memory are then the same, so that no content goes of which a killed process would find the blob again.
 */
async function removeUnreferenced(content: ExtentStore, extents: MetadataStore, blobs: MetadataStore): Promise<void> {
  const unreferenced = new Set(await allOf(extents.iteratorExtents()));
  for (const id of await allOf(blobs.iteratorExtents())) unreferenced.delete(id);
  await content.deleteExtents(unreferenced);
}

async function allOf(pages: ExtentPages): Promise<string[]> {
  const all: string[] = [];
  for (let page = await pages.next(); !page.done; page = await pages.next()) all.push(...page.value);
  return all;
}
