import type { IncomingMessage } from "node:http";
import { hostSuffixes } from "../../../contract/hosts.js";
import type { Store } from "../../platform/store.js";
import type { KeyRing } from "./accountKeys.js";
import { type Azurite, openAzurite } from "./azurite.js";
import { type InProcessResponse, openInProcess, wholeResponse } from "./inProcessHttp.js";
import { sharedKeyAuthorization } from "./sharedKey.js";
import { refusalOf, storageError } from "./storageErrors.js";

/** What in-process requests say they were written for; Azurite takes any. */
const serviceVersion = "2025-11-05";

/** A request that is to be signed. */
interface UnsignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Azurite, opened on the first use, with the accounts' keys applied where the caller was already checked. */
export interface BlobStore {
  open(): Promise<Azurite>;
  /** Signs the request with the account's key, in place of what it carries. */
  sign(request: IncomingMessage, account: string): void;
  /** One signed request; a write is saved when it resolves. Any answer but 2xx and those in `also` is thrown. */
  send(account: string, request: UnsignedRequest & { readonly also?: readonly string[] }): Promise<InProcessResponse>;
  /** The body of the answer to one signed GET, piece by piece; any answer but 2xx is thrown. */
  stream(account: string, url: string): Promise<IncomingMessage>;
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
  async function sent(account: string, request: UnsignedRequest): Promise<IncomingMessage> {
    const { method, url, headers = {}, body } = request;
    const { listener } = await open();
    const all: Record<string, string> = {
      ...headers,
      host: `${account}${hostSuffixes.blob}`,
      "x-ms-date": now().toUTCString(),
      "x-ms-version": serviceVersion,
      ...(method === "PUT" && { "content-length": String(body?.length ?? 0) }),
    };
    const authorization = sharedKeyAuthorization({ method, url, headers: all }, account, keyOf(account));
    return openInProcess(listener, { method, url, headers: { ...all, authorization }, body });
  }
  return {
    open,
    sign(request, account) {
      const { method = "", url = "", headers } = request;
      headers.authorization = sharedKeyAuthorization({ method, url, headers }, account, keyOf(account));
    },
    async send(account, { also = [], ...request }) {
      const response = await wholeResponse(await sent(account, request));
      const ok = response.status < 300 || also.includes(String(response.headers["x-ms-error-code"]));
      if (!ok) throw refusalOf(response);
      if (request.method !== "GET") (await open()).save();
      return response;
    },
    async stream(account, url) {
      const response = await sent(account, { method: "GET", url });
      if (response.statusCode !== undefined && response.statusCode < 300) return response;
      throw refusalOf(await wholeResponse(response));
    },
    close: async () => (await opening)?.close(),
  };
}
