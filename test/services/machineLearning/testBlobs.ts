import { Readable } from "node:stream";
import type { BlobContent, BlobPlace, Blobs, BlobUpload } from "../../../emulator/platform/blobs.js";
import { AzureError } from "../../../emulator/platform/errors.js";
import type { Platform } from "../../../emulator/platform/platform.js";
import { storageId } from "./names.js";

const dataActions = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";

/** Blobs in memory that ask the platform's roles, as the storage service does. */
export class TestBlobs implements Blobs {
  readonly content = new Map<string, Uint8Array>();
  readonly containers = new Set<string>();
  /** Reads wait for it: a test may hold a job back. */
  gate: Promise<void> = Promise.resolve();

  constructor(private readonly platform: () => Platform) {}

  put(container: string, path: string, content: Uint8Array | string): void {
    this.content.set(`mlaccount/${container}/${path}`, Buffer.from(content));
  }

  text(container: string, path: string): string | undefined {
    const found = this.content.get(`mlaccount/${container}/${path}`);
    return found && Buffer.from(found).toString("utf8");
  }

  async read(place: BlobPlace, as: Parameters<Blobs["read"]>[1]): Promise<Uint8Array> {
    await this.gate;
    this.#check(place, as, "read");
    const found = this.content.get(keyOf(place));
    if (!found) throw new AzureError(404, "BlobNotFound", "The specified blob does not exist.");
    return found;
  }

  async write(place: BlobPlace, content: Uint8Array, as: Parameters<Blobs["write"]>[2], options = { ifAbsent: false }) {
    this.#check(place, as, "write");
    if (options.ifAbsent && this.content.has(keyOf(place))) {
      throw new AzureError(409, "BlobAlreadyExists", "The specified blob already exists.");
    }
    this.content.set(keyOf(place), content);
  }

  async open(place: BlobPlace, as: Parameters<Blobs["read"]>[1]): Promise<BlobContent> {
    const content = Buffer.from(await this.read(place, as));
    return { bytes: content.length, pieces: Readable.from([content]) };
  }

  begin(place: BlobPlace, as: Parameters<Blobs["begin"]>[1]): BlobUpload {
    const parts: Uint8Array[] = [];
    return {
      append: async (content) => void parts.push(content),
      commit: (options) => this.write(place, Buffer.concat(parts), as, { ifAbsent: options?.ifAbsent ?? false }),
    };
  }

  async createContainer(account: string, container: string): Promise<void> {
    this.containers.add(`${account}/${container}`);
  }

  #check(place: BlobPlace, as: Parameters<Blobs["read"]>[1], verb: "read" | "write"): void {
    if (as === "accountKey") return;
    const scope = `${storageId}/blobServices/default/containers/${place.container}`;
    if (this.platform().access.mayActOnData(as.objectId, `${dataActions}/${verb}`, scope)) return;
    throw new AzureError(
      403,
      "AuthorizationPermissionMismatch",
      "This request is not authorized to perform this operation using this permission.",
    );
  }
}

const keyOf = ({ account, container, path }: BlobPlace) => `${account}/${container}/${path}`;
