import { type Clock, systemClock } from "../../../contract/clock.js";
import type { Blobs } from "../../platform/blobs.js";
import type { Platform } from "../../platform/platform.js";
import type { ResourceType } from "../../platform/resourceType.js";
import type { Service } from "../../platform/service.js";
import { openKeyRing } from "./accountKeys.js";
import { blobServices } from "./blobServices.js";
import { createBlobStore } from "./blobStore.js";
import { createBlobs } from "./blobs.js";
import { blobContainers, createContainerRegister } from "./containers.js";
import { createFrontDoor, storageHostOf } from "./frontDoor.js";
import { accountType, storageAccounts } from "./storageAccount.js";
import { httpRefusal, storageErrorBody } from "./storageErrors.js";

/** Azure Storage: accounts and containers over Resource Manager, blobs under the accounts' own host names. */
export interface Storage extends Service {
  readonly resourceTypes: readonly ResourceType[];
  /** The type of accounts, one of the resource types. */
  readonly accounts: ResourceType;
  readonly blobs: Blobs;
  /** The account's first key; undefined when there is no such account. */
  accountKey(account: string): string | undefined;
}

/**
 * Opens storage; the content of blobs is in `folder`, or in memory without one. Azurite itself is loaded at the first use
 * of a blob. `wallClock` is the callers' time, which `platform.clock` may run ahead of.
 */
export async function createStorage(
  platform: Platform,
  options: { readonly folder: string | undefined; readonly wallClock?: Clock },
): Promise<Storage> {
  const { folder, wallClock = systemClock() } = options;
  const keys = openKeyRing(platform.store);
  const store = createBlobStore({
    store: platform.store,
    folder,
    keys,
    now: () => wallClock.now(),
  });
  const containers = createContainerRegister(platform, store);
  const accounts = storageAccounts(platform, keys, containers);
  return {
    name: "storage",
    resourceTypes: [accounts, blobServices, blobContainers(platform, containers)],
    accounts,
    blobs: createBlobs(platform, store, containers),
    accountKey: (account) => keys.keysOf(account)?.key1,
    answersFor(host) {
      const found = storageHostOf(host);
      return found && (platform.resources.named(accountType, found.account) ? "live" : "unknown");
    },
    handle: createFrontDoor({ platform, keys, store, containers, wallClock }),
    malformed: (status, message, host) =>
      storageErrorBody(httpRefusal(status, message), {
        requestId: platform.ids.uuid(),
        now: platform.clock.now(),
        form: storageHostOf(host)?.form ?? "xml",
      }),
    close: () => store.close(),
  };
}
