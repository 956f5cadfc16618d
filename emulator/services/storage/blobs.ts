import type { BlobAccess, BlobPlace, Blobs } from "../../platform/blobs.js";
import { notEmulated } from "../../platform/errors.js";
import type { Platform } from "../../platform/platform.js";
import { requireKeysPermitted, requireRole } from "./authorization.js";
import type { BlobStore } from "./blobStore.js";
import type { ContainerRegister } from "./containers.js";
import { operationOf } from "./operations.js";
import { accountNamed } from "./storageAccount.js";

/** Of a block: Azure takes up to 4,000 MB, and 50,000 blocks in a blob. */
const blockBytes = 8 * 1024 * 1024;

/** Blobs for the other services of the emulator: the same rules as for a request from outside, without a socket. */
export function createBlobs(platform: Platform, store: BlobStore, containers: ContainerRegister): Blobs {
  const check = (method: string, place: BlobPlace, as: BlobAccess, query = "") => {
    const account = accountNamed(platform.resources, place.account);
    const url = `${urlOf(place)}${query}`;
    if (as === "accountKey") requireKeysPermitted(account);
    else requireRole(platform, as, account, operationOf({ method, url, headers: {} }));
    return url;
  };
  return {
    async read(place, as) {
      return (await store.send(place.account, { method: "GET", url: check("GET", place, as) })).body;
    },
    async open(place, as) {
      const pieces = await store.stream(place.account, check("GET", place, as));
      return { bytes: Number(pieces.headers["content-length"]), pieces };
    },
    async write(place, content, as, options = {}) {
      const headers = {
        "x-ms-blob-type": "BlockBlob",
        "content-type": "application/octet-stream",
        ...(options.ifAbsent === true && mustBeAbsent),
      };
      await store.send(place.account, { method: "PUT", url: check("PUT", place, as), headers, body: content });
    },
    begin(place, as) {
      // blocks of another upload to the same place, which may not be over, are none of this one's
      const upload = platform.ids.uuid();
      const blocks: string[] = [];
      const parts: Uint8Array[] = [];
      let length = 0;
      const put = async (query: string, body: Uint8Array, headers: Readonly<Record<string, string>> = {}) => {
        const url = check("PUT", place, as, `?${query}`);
        await store.send(place.account, { method: "PUT", url, headers, body });
      };
      const putBlock = async () => {
        const body = Buffer.concat(parts);
        [parts.length, length] = [0, 0];
        const id = Buffer.from(`${upload}-${String(blocks.length).padStart(5, "0")}`).toString("base64");
        blocks.push(id);
        await put(`comp=block&blockid=${encodeURIComponent(id)}`, body);
      };
      return {
        async append(content) {
          parts.push(content);
          length += content.length;
          if (length >= blockBytes) await putBlock();
        },
        async commit(options = {}) {
          if (length > 0) await putBlock();
          const latest = blocks.map((id) => `<Latest>${id}</Latest>`).join("");
          const list = `<?xml version="1.0" encoding="utf-8"?><BlockList>${latest}</BlockList>`;
          await put("comp=blocklist", Buffer.from(list), {
            "x-ms-blob-content-type": "application/octet-stream",
            ...(options.ifAbsent === true && mustBeAbsent),
          });
        },
      };
    },
    createContainer: (account, container) => containers.create(accountNamed(platform.resources, account), container),
  };
}

const mustBeAbsent = { "if-none-match": "*" };

function urlOf({ container, path }: BlobPlace): string {
  if (path === "") throw notEmulated("blobs without a name");
  return `/${encodeURIComponent(container)}/${path.split("/").map(encodeURIComponent).join("/")}`;
}
