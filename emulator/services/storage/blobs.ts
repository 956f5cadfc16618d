import type { BlobAccess, BlobPlace, Blobs } from "../../platform/blobs.js";
import { notEmulated } from "../../platform/errors.js";
import type { Platform } from "../../platform/platform.js";
import { requireKeysPermitted, requireRole } from "./authorization.js";
import type { BlobStore } from "./blobStore.js";
import type { ContainerRegister } from "./containers.js";
import { operationOf } from "./operations.js";
import { accountNamed } from "./storageAccount.js";

/** Blobs for the other services of the emulator: the same rules as for a request from outside, without a socket. */
export function createBlobs(platform: Platform, store: BlobStore, containers: ContainerRegister): Blobs {
  const check = (method: string, place: BlobPlace, as: BlobAccess) => {
    const account = accountNamed(platform.resources, place.account);
    const url = urlOf(place);
    if (as === "accountKey") requireKeysPermitted(account);
    else requireRole(platform, as, account, operationOf({ method, url, headers: {} }));
    return url;
  };
  return {
    async read(place, as) {
      return (await store.send(place.account, { method: "GET", url: check("GET", place, as) })).body;
    },
    async write(place, content, as, options = {}) {
      const headers = {
        "x-ms-blob-type": "BlockBlob",
        "content-type": "application/octet-stream",
        ...(options.ifAbsent === true && { "if-none-match": "*" }),
      };
      await store.send(place.account, { method: "PUT", url: check("PUT", place, as), headers, body: content });
    },
    createContainer: (account, container) => containers.create(accountNamed(platform.resources, account), container),
  };
}

function urlOf({ container, path }: BlobPlace): string {
  if (path === "") throw notEmulated("blobs without a name");
  return `/${encodeURIComponent(container)}/${path.split("/").map(encodeURIComponent).join("/")}`;
}
