import { z } from "zod";
import { badArgument } from "./errors.js";

const text = z.string().nullish();

/** A blob as a request names it: by connection string and path, or by address, path and shared access signature. */
export const blobReferenceBody = z.object({
  ConnectionString: text,
  RelativeLocation: text,
  BaseLocation: text,
  SasBlobToken: text,
});

export type BlobReferenceBody = z.infer<typeof blobReferenceBody>;

/** A blob that its caller gave access to. Secret: it holds a key or a signature. */
export interface BlobReference {
  /** `https://<account>.blob.core.windows.net/`, with its slash at the end. */
  readonly baseLocation: string;
  /** `<container>/<path>` */
  readonly relativeLocation: string;
  readonly access:
    | { readonly kind: "key"; readonly account: string; readonly key: string }
    /** `?sv=…&sig=…`; empty where the blob needs none. */
    | { readonly kind: "token"; readonly token: string };
}

/**
 * Reads a blob reference; `name` is the input or output that it stands for. Throws the service's 400 for a connection
 * string without account or key, for a missing part, for a path without container or blob, and for one with `.` or `..` in it.
 */
export function blobReference(name: string, body: BlobReferenceBody): BlobReference {
  const relativeLocation = (body.RelativeLocation ?? "").replace(/^\/+/, "");
  if (!/^[^/]+\/[^/]/.test(relativeLocation) || hasDotSegment(relativeLocation)) throw badArgument.blob(name);
  if (body.ConnectionString) return { relativeLocation, ...fromConnectionString(name, body.ConnectionString) };
  const base = body.BaseLocation ?? "";
  if (!isPlainAddress(base)) throw badArgument.blob(name);
  const token = body.SasBlobToken ?? "";
  return {
    baseLocation: withSlash(base),
    relativeLocation,
    access: { kind: "token", token: token === "" || token.startsWith("?") ? token : `?${token}` },
  };
}

/** An address with such segments is another blob's: HTTP clients resolve them. */
const hasDotSegment = (path: string) => path.split("/").some((segment) => segment === "." || segment === "..");

/** Account, key and host as a storage connection string has them; the suffix may be left out, as in the document's sample. */
function fromConnectionString(name: string, given: string): Pick<BlobReference, "baseLocation" | "access"> {
  const parts = new Map(
    given.split(";").map((part) => {
      const [key = "", ...value] = part.split("=");
      return [key.trim().toLowerCase(), value.join("=").trim()];
    }),
  );
  const account = parts.get("accountname") ?? "";
  const key = parts.get("accountkey") ?? "";
  const protocol = parts.get("defaultendpointsprotocol") ?? "https";
  const suffix = parts.get("endpointsuffix") ?? "core.windows.net";
  const base = parts.get("blobendpoint") ?? `${protocol}://${account}.blob.${suffix}`;
  const isBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/.test(key);
  if (!/^[a-z0-9]{3,24}$/.test(account) || !isBase64 || !isPlainAddress(base)) {
    throw badArgument.connectionString(name);
  }
  return { baseLocation: withSlash(base), access: { kind: "key", account, key } };
}

/** Messages and results show it: a password or a signature must not be in it. */
const isPlainAddress = (base: string) => /^https?:\/\/[^/?#@]+(\/[^?#@]*)?$/i.test(base) && URL.canParse(base);

const withSlash = (address: string) => (address.endsWith("/") ? address : `${address}/`);

/** The blob as messages name it: without any secret. */
export const describeBlob = ({ baseLocation, relativeLocation }: BlobReference) =>
  `'${relativeLocation}' at ${baseLocation}`;
