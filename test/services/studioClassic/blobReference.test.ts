import { describe, expect, it } from "vitest";
import { AzureError } from "../../../emulator/platform/errors.js";
import { blobReference, describeBlob } from "../../../emulator/services/studioClassic/blobReference.js";

const key = "Zm9vYmFy";
const path = "container/folder/file.csv";
const read = (given: object) => blobReference("output2", { RelativeLocation: path, ...given });

function codeOf(given: object): unknown {
  try {
    read(given);
    return "accepted";
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return (error.body["error"] as { details: { code: string }[] }).details[0]?.code;
  }
}

describe("a blob reference", () => {
  it.each([
    ["the document's sample, without a suffix", `DefaultEndpointsProtocol=https;AccountName=abc;AccountKey=${key}`],
    [
      "with a suffix",
      `DefaultEndpointsProtocol=https;AccountName=abc;AccountKey=${key};EndpointSuffix=core.windows.net`,
    ],
    ["with all endpoints", `BlobEndpoint=https://abc.blob.core.windows.net/;AccountName=abc;AccountKey=${key};`],
    ["in any case and order", `accountkey=${key}; ACCOUNTNAME=abc`],
  ])("reads a connection string: %s", (_form, ConnectionString) => {
    expect(read({ ConnectionString })).toEqual({
      baseLocation: "https://abc.blob.core.windows.net/",
      relativeLocation: path,
      access: { kind: "key", account: "abc", key },
    });
  });

  it("reads base, path and token, with or without the slash and the question mark", () => {
    const made = read({ BaseLocation: "https://abc.blob.core.windows.net", SasBlobToken: "sv=1&sig=x" });
    expect(made.baseLocation).toBe("https://abc.blob.core.windows.net/");
    expect(made.access).toEqual({ kind: "token", token: "?sv=1&sig=x" });
  });

  it("may have dots in its names", () => {
    const RelativeLocation = "data/..a/v1..2/.csv";
    expect(read({ RelativeLocation, BaseLocation: "https://a.b" }).relativeLocation).toBe(RelativeLocation);
  });

  it("is named in messages without its key or token", () => {
    expect(describeBlob(read({ ConnectionString: `AccountName=abc;AccountKey=${key}` }))).toBe(
      "'container/folder/file.csv' at https://abc.blob.core.windows.net/",
    );
  });

  it.each([
    ["nothing", {}, "InvalidBlob"],
    ["no container", { RelativeLocation: "file.csv", BaseLocation: "https://a.b" }, "InvalidBlob"],
    [
      "a path to another blob's address",
      { RelativeLocation: "data/../up.csv", BaseLocation: "https://a.b" },
      "InvalidBlob",
    ],
    [
      "a path with a dot as a segment",
      { RelativeLocation: "data/./up.csv", BaseLocation: "https://a.b" },
      "InvalidBlob",
    ],
    ["a base that is no address", { BaseLocation: "abc" }, "InvalidBlob"],
    ["a base with a password", { BaseLocation: "https://me:secret@abc.blob.core.windows.net" }, "InvalidBlob"],
    ["a base with a signature", { BaseLocation: "https://abc.blob.core.windows.net/?sig=secret" }, "InvalidBlob"],
    ["a connection string without a name", { ConnectionString: `AccountKey=${key}` }, "InvalidBlobConnectionString"],
    [
      "a key that is no base64",
      { ConnectionString: "AccountName=abc;AccountKey=<Key>" },
      "InvalidBlobConnectionString",
    ],
    [
      "an account that is no host",
      { ConnectionString: `AccountName=evil.example/;AccountKey=${key}` },
      "InvalidBlobConnectionString",
    ],
  ])("refuses %s", (_name, given, code) => {
    expect(codeOf(given)).toBe(code);
  });
});
