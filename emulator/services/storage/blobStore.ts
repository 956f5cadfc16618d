import type { IncomingMessage } from "node:http";
import { hostSuffixes } from "../../../contract/hosts.js";
import type { Store } from "../../platform/store.js";
import type { KeyRing } from "./accountKeys.js";
import { type Azurite, openAzurite } from "./azurite.js";
import { type InProcessResponse, sendInProcess } from "./inProcessHttp.js";
import { sharedKeyAuthorization } from "./sharedKey.js";
import { refusalOf, storageError } from "./storageErrors.js";

/** What in-process requests say they were written for; Azurite takes any. */
const serviceVersion = "2025-11-05";

/** Azurite, opened on the first use, with the accounts' keys applied where the caller was already checked. */
export interface BlobStore {
  open(): Promise<Azurite>;
  /** Signs the request with the account's key, in place of what it carries. */
  sign(request: IncomingMessage, account: string): void;
  /** One signed request; a write is saved when it resolves. Any answer but 2xx and those in `also` is thrown. */
  send(
    account: string,
    request: {
      readonly method: string;
      readonly url: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: Uint8Array;
      readonly also?: readonly string[];
    },
  ): Promise<InProcessResponse>;
  close(): Promise<void>;
}

/** `now` dates the requests that the emulator itself makes. */
export function createBlobStore(options: {
  readonly store: Store;
  readonly folder: string | undefined;
  readonly keys: KeyRing;
  readonly now: () => Date;
}): BlobStore {
  const { store, folder, keys, now } = options;
  let opening: Promise<Azurite> | undefined;
  const open = () => {
    opening ??= openAzurite({ store, folder, keysOf: keys.keysOf });
    return opening;
  };
  const keyOf = (account: string) => {
    const found = keys.keysOf(account);
    if (!found) throw storageError(404, "ResourceNotFound", "The specified resource does not exist.");
    return found.key1;
  };
  return {
    open,
    sign(request, account) {
      const { method = "", url = "", headers } = request;
      headers.authorization = sharedKeyAuthorization({ method, url, headers }, account, keyOf(account));
    },
    async send(account, { method, url, headers = {}, body, also = [] }) {
      const azurite = await open();
      const all: Record<string, string> = {
        ...headers,
        host: `${account}${hostSuffixes.blob}`,
        "x-ms-date": now().toUTCString(),
        "x-ms-version": serviceVersion,
        ...(method === "PUT" && { "content-length": String(body?.length ?? 0) }),
      };
      const authorization = sharedKeyAuthorization({ method, url, headers: all }, account, keyOf(account));
      const response = await sendInProcess(azurite.listener, { method, url, headers: { ...all, authorization }, body });
      const ok = response.status < 300 || also.includes(String(response.headers["x-ms-error-code"]));
      if (!ok) throw refusalOf(response);
      if (method !== "GET") azurite.save();
      return response;
    },
    close: async () => (await opening)?.close(),
  };
}
