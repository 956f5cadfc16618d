import { describe, expect, it } from "vitest";
import { operationOf } from "../../../emulator/services/storage/operations.js";

const operation = (method: string, url: string, headers: Record<string, string> = {}) =>
  operationOf({ method, url, headers });

describe("a request to the blob host", () => {
  it.each([
    ["GET", "/?comp=list", "List Containers", "containers/read"],
    ["PUT", "/trips?restype=container", "Create Container", "containers/write"],
    ["DELETE", "/trips?restype=container&timeout=30", "Delete Container", "containers/delete"],
    ["GET", "/trips?restype=container&comp=list&prefix=a", "List Blobs", "containers/blobs/read"],
    ["HEAD", "/trips/a/b.csv", "Get Blob", "containers/blobs/read"],
    ["PUT", "/trips/a/b.csv", "Put Blob", "containers/blobs/write"],
    ["PUT", "/trips/a/b.csv?comp=block&blockid=MQ%3D%3D", "Put Block", "containers/blobs/write"],
    ["DELETE", "/trips/a/b.csv", "Delete Blob", "containers/blobs/delete"],
  ])("%s %s is %s and needs %s", (method, url, name, action) => {
    const found = operation(method, url);
    expect([found.name, found.anyOf[0]]).toEqual([name, action]);
  });

  it("is read as Azurite reads it: decoded as a whole, so that an encoded slash parts container and blob", () => {
    expect(operation("GET", "/public%2Fprivate/b")).toMatchObject({ container: "public", blob: "private/b" });
    expect(operation("GET", "/trips/../other/b")).toMatchObject({ container: "trips", blob: "../other/b" });
  });

  it.each([
    ["POST", "/?comp=batch", {}],
    ["POST", "/?restype=service&comp=userdelegationkey", {}],
    ["PUT", "/trips/b?comp=legalhold", {}],
    ["GET", "/trips/b?comp=LIST", {}],
    ["GET", "/blob-in-root", {}],
    ["PUT", "/trips/b", { "x-ms-copy-source": "https://x/y" }],
    ["POST", "/trips/b", { "x-http-method": "DELETE" }],
    ["PUT", "/trips/b", { "x-ms-encryption-key": "k" }],
  ])("%s %s with %j is refused by name", (method, url, headers) => {
    expect(() => operation(method, url, headers)).toThrow(/^The emulator does not support /);
  });

  it("is read with all of its query, as Azurite reads it, whatever question marks are in it", () => {
    const found = operation("PUT", "/trips/b?timeout=1?&comp=tags");
    expect(found.name).toBe("Set Blob Tags");
  });

  it("with a parameter twice, or a path that cannot be decoded, is refused with 400", () => {
    expect(() => operation("GET", "/trips?restype=container&comp=list&comp=acl")).toThrow(
      expect.objectContaining({ status: 400, code: "InvalidQueryParameterValue" }),
    );
    for (const url of ["/trips/%zz", "/trips/b?timeout=%zz", "http://acct2.blob.core.windows.net/trips/b"]) {
      expect(() => operation("GET", url)).toThrow(expect.objectContaining({ status: 400, code: "InvalidUri" }));
    }
  });
});
