import { notEmulated } from "../../platform/errors.js";
import { storageError } from "./storageErrors.js";

/** Where a request to the blob service points: the account itself, a container, or a blob in it. */
export interface BlobAddress {
  readonly container: string;
  readonly blob: string;
}

/** What a request to the blob service does, and one of which actions its caller must be allowed to. */
export interface BlobOperation extends BlobAddress {
  readonly name: string;
  /** Control actions are those that roles list under `actions`, data actions those under `dataActions`. */
  readonly plane: "control" | "data";
  /** Without the prefix `Microsoft.Storage/storageAccounts/blobServices/`. */
  readonly anyOf: readonly string[];
  readonly writes: boolean;
}

type Row = readonly [method: string, query: string, name: string, plane: "control" | "data", ...anyOf: string[]];

// Storage REST API, "Permissions for calling data operations"; the query is `restype comp`
const accountRows: readonly Row[] = [
  ["GET", " list", "List Containers", "control", "containers/read"],
  ["GET", "service properties", "Get Blob Service Properties", "control", "read"],
  ["PUT", "service properties", "Set Blob Service Properties", "control", "write"],
  ["GET", "account properties", "Get Account Information", "control", "getInfo/action"],
];
const containerRows: readonly Row[] = [
  ["PUT", "container ", "Create Container", "control", "containers/write"],
  ["GET", "container ", "Get Container Properties", "control", "containers/read"],
  ["GET", "container metadata", "Get Container Metadata", "control", "containers/read"],
  ["PUT", "container metadata", "Set Container Metadata", "control", "containers/write"],
  ["GET", "container acl", "Get Container ACL", "control", "containers/getAcl/action"],
  ["PUT", "container acl", "Set Container ACL", "control", "containers/setAcl/action"],
  ["PUT", "container lease", "Lease Container", "control", "containers/write"],
  ["DELETE", "container ", "Delete Container", "control", "containers/delete"],
  ["GET", "container list", "List Blobs", "data", "containers/blobs/read"],
];
const blobRows: readonly Row[] = [
  ["GET", " ", "Get Blob", "data", "containers/blobs/read"],
  ["GET", " metadata", "Get Blob Metadata", "data", "containers/blobs/read"],
  ["GET", " blocklist", "Get Block List", "data", "containers/blobs/read"],
  ["GET", " pagelist", "Get Page Ranges", "data", "containers/blobs/read"],
  ["GET", " tags", "Get Blob Tags", "data", "containers/blobs/tags/read"],
  ["PUT", " ", "Put Blob", "data", "containers/blobs/write"],
  ["PUT", " block", "Put Block", "data", "containers/blobs/write"],
  ["PUT", " blocklist", "Put Block List", "data", "containers/blobs/write"],
  ["PUT", " page", "Put Page", "data", "containers/blobs/write"],
  ["PUT", " appendblock", "Append Block", "data", "containers/blobs/write", "containers/blobs/add/action"],
  ["PUT", " properties", "Set Blob Properties", "data", "containers/blobs/write"],
  ["PUT", " metadata", "Set Blob Metadata", "data", "containers/blobs/write"],
  ["PUT", " lease", "Lease Blob", "data", "containers/blobs/write"],
  ["PUT", " snapshot", "Snapshot Blob", "data", "containers/blobs/write"],
  ["PUT", " tier", "Set Blob Tier", "data", "containers/blobs/write"],
  ["PUT", " tags", "Set Blob Tags", "data", "containers/blobs/tags/write"],
  ["DELETE", " ", "Delete Blob", "data", "containers/blobs/delete"],
];

/** Every operation that is served, on which level of the address, by its query (`restype=container&comp=acl`). */
export const blobOperations = Object.entries({
  account: accountRows,
  container: containerRows,
  blob: blobRows,
}).flatMap(([level, rows]) =>
  rows.map(([method, query]) => {
    const [restype = "", comp = ""] = query.split(" ");
    return {
      level: level as "account" | "container" | "blob",
      method,
      query: new URLSearchParams({ ...(restype && { restype }), ...(comp && { comp }) }).toString(),
    };
  }),
);

/**
 * The operation that a request stands for. The path is read as Azurite reads it (decoded as a whole, then split), so
 * that what is allowed is what is done. Throws an `AzureError` for what the emulator does not support.
 */
export function operationOf(request: {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
}): BlobOperation {
  const { path, query } = partsOf(request.url);
  const address = addressOf(path);
  const parameters = new URLSearchParams(query);
  const restype = only(parameters, "restype");
  const comp = only(parameters, "comp");
  const method = request.method === "HEAD" ? "GET" : request.method;
  const rows = address.blob !== "" ? blobRows : address.container !== "" ? containerRows : accountRows;
  const row = rows.find(([rowMethod, rowQuery]) => rowMethod === method && rowQuery === `${restype} ${comp}`);
  if (!row) throw notEmulated(`${request.method} ${address.container === "" ? "/" : path} with ${restype} ${comp}`);
  for (const header of ["x-ms-copy-source", "x-http-method", "x-ms-encryption-key", "x-ms-content-crc64"]) {
    if (request.headers[header] !== undefined) throw notEmulated(`the header ${header} on blobs`);
  }
  const [, , name, plane, ...anyOf] = row;
  return { ...address, name, plane, anyOf, writes: method !== "GET" };
}

/** The path and the whole query of a request target as sent; throws 400 InvalidUri on a query that cannot be decoded. */
export function partsOf(url: string): { readonly path: string; readonly query: string } {
  const [path = "", ...rest] = url.split("?");
  const query = rest.join("?");
  decodedPart(query);
  return { path, query };
}

function decodedPart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidUri();
  }
}

function addressOf(path: string): BlobAddress {
  if (!path.startsWith("/")) throw invalidUri();
  const [container = "", ...blob] = decodedPart(path).slice(1).split("/");
  return { container, blob: blob.join("/") };
}

function only(parameters: URLSearchParams, name: string): string {
  const [value = "", ...more] = parameters.getAll(name);
  if (more.length === 0) return value;
  throw storageError(
    400,
    "InvalidQueryParameterValue",
    "Value for one of the query parameters specified in the request URI is invalid.",
  );
}

const invalidUri = () =>
  storageError(400, "InvalidUri", "The requested URI does not represent any resource on the server.");
