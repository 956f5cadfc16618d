import { type Dispatcher, request } from "undici";
import type { Clock } from "../../../contract/clock.js";
import { messageOf } from "../../../contract/errors.js";
import { sharedKeyAuthorization } from "../storage/sharedKey.js";
import { type BlobReference, describeBlob } from "./blobReference.js";

/** What a caller named cannot be read or written; the message says which, why, and holds no secret. */
export class AccessFailure extends Error {
  override readonly name = "AccessFailure";
  /** The answering service's own sentence, or why there was no answer. */
  readonly reason: string;

  constructor(message: string, reason: string) {
    super(`${message}: ${reason}`);
    this.reason = reason;
  }
}

/** Reads and writes over the network with what callers gave, as any client does; rejects with an `AccessFailure`. */
export interface CallersBlobs {
  /** GET of an address, http or https, following redirects. */
  download(url: string, signal: AbortSignal): Promise<Uint8Array>;
  read(blob: BlobReference, signal: AbortSignal): Promise<Uint8Array>;
  write(blob: BlobReference, content: Uint8Array, signal: AbortSignal): Promise<void>;
  /** A shared access signature with which the blob can be read: `?sv=…`. */
  readToken(blob: BlobReference): Promise<string>;
}

/** A training file is held in memory as text. */
const maxBytes = 256 * 1024 * 1024;
/** Without a byte for so long, nothing more is expected. */
const silenceMs = 60_000;
const maxRedirects = 5;
const redirectStatuses = [301, 302, 303, 307, 308];
/** Before each further try at what a busy or restarting service refused. */
const retryWaitsMs = [200, 800];
/** Of the requests that are signed with an account's key. */
const storageVersion = "2021-12-02";
const tokenLifeMs = 24 * 60 * 60 * 1000;
/** A caller's watch may be behind. */
const backdatedMs = 5 * 60 * 1000;

/** `dispatcher` is the way out; `clock` is the callers' time, which signatures are valid by. */
export function createCallersBlobs(dispatcher: Dispatcher, clock: Clock): CallersBlobs {
  const now = () => clock.now();

  async function exchange(url: string, options: SendOptions): Promise<Answer> {
    const answer = await request(url, { ...options, dispatcher, headersTimeout: silenceMs, bodyTimeout: silenceMs });
    const bytes = await bytesOf(answer.body);
    return { status: answer.statusCode, headers: answer.headers, bytes };
  }

  /** Sends again what may pass: GET and PUT are safe to repeat. */
  async function send(url: string, options: SendOptions): Promise<Answer> {
    for (const waitMs of retryWaitsMs) {
      const answer = await exchange(url, options).catch((error: unknown) => {
        if (!isReset(error)) throw error;
        return undefined;
      });
      if (answer && answer.status !== 429 && answer.status < 500) return answer;
      await clock.sleep(waitMs, options.signal);
    }
    return exchange(url, options);
  }

  async function get(url: string, what: string, signal: AbortSignal, headers = {}): Promise<Uint8Array> {
    let address = url;
    for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
      // a signature is for the blob alone, not for where it may lead
      const own = redirects === 0 ? headers : {};
      const answer = await send(address, { method: "GET", headers: own, signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new AccessFailure(`${what} cannot be read`, messageOf(error));
      });
      if (answer.status === 200) return answer.bytes;
      const { location } = answer.headers;
      if (!redirectStatuses.includes(answer.status) || typeof location !== "string") {
        throw new AccessFailure(`${what} cannot be read`, refusalIn(answer));
      }
      address = new URL(location, address).href;
      if (!/^https?:/.test(address)) break;
    }
    throw new AccessFailure(`${what} cannot be read`, "it redirects too often, or to another protocol");
  }

  /** The address and the headers of one request for a blob, signed with the account's key where the caller gave it. */
  function addressed(blob: BlobReference, method: string, own: Readonly<Record<string, string>> = {}) {
    const { access, baseLocation, relativeLocation } = blob;
    const plain = `${baseLocation}${relativeLocation.split("/").map(encodeURIComponent).join("/")}`;
    if (access.kind === "token") return { url: `${plain}${access.token}`, headers: own };
    const headers = { ...own, "x-ms-date": now().toUTCString(), "x-ms-version": storageVersion };
    const url = new URL(plain).pathname;
    return {
      url: plain,
      headers: {
        ...headers,
        authorization: sharedKeyAuthorization({ method, url, headers }, access.account, access.key),
      },
    };
  }

  return {
    download: (url, signal) => get(url, `The address ${withoutQuery(url)}`, signal),
    read(blob, signal) {
      const { url, headers } = addressed(blob, "GET");
      return get(url, `The blob ${describeBlob(blob)}`, signal, headers);
    },
    async write(blob, content, signal) {
      const what = `The blob ${describeBlob(blob)} cannot be written`;
      const { url, headers } = addressed(blob, "PUT", {
        "x-ms-blob-type": "BlockBlob",
        "content-type": "application/octet-stream",
        "content-length": String(content.length),
      });
      const answer = await send(url, { method: "PUT", headers, body: content, signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new AccessFailure(what, messageOf(error));
      });
      if (answer.status !== 201) throw new AccessFailure(what, refusalIn(answer));
    },
    async readToken({ access, relativeLocation }) {
      if (access.kind === "token") return access.token;
      // loaded where it is used: it takes a third of a second
      const storage = await import("@azure/storage-blob");
      const [containerName = "", ...path] = relativeLocation.split("/");
      const parameters = storage.generateBlobSASQueryParameters(
        {
          containerName,
          blobName: path.join("/"),
          permissions: storage.BlobSASPermissions.parse("r"),
          startsOn: new Date(now().getTime() - backdatedMs),
          expiresOn: new Date(now().getTime() + tokenLifeMs),
        },
        new storage.StorageSharedKeyCredential(access.account, access.key),
      );
      return `?${parameters.toString()}`;
    },
  };
}

/** The connection broke; one that was never made will not be in the next second either. */
function isReset(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ECONNRESET" || code === "EPIPE" || code === "UND_ERR_SOCKET";
}

async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) throw new Error(`it is larger than ${maxBytes / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

interface SendOptions {
  readonly method: "GET" | "PUT";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly bytes: Uint8Array;
}

/** `403 AuthenticationFailed: Server failed …` of a storage service, or the bare status of any other. */
function refusalIn({ status, headers, bytes }: Answer): string {
  const code = headers["x-ms-error-code"];
  if (typeof code !== "string") return `the answer was ${status}`;
  const [, sentence] = /<Message>([^\n<]*)/.exec(Buffer.from(bytes).toString("utf8")) ?? [];
  return sentence === undefined ? `${status} ${code}` : `${status} ${code}: ${sentence}`;
}

/** Without what may be a signature or a password. */
function withoutQuery(address: string): string {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}
