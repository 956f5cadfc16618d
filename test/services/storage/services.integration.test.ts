import { buffer } from "node:stream/consumers";
import { BlobServiceClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedKeyAuthorization } from "../../../emulator/services/storage/sharedKey.js";
import { sendInProcess } from "../../helpers/sendInProcess.js";
import { deleteResource, propertiesOf, putResource } from "./platform.js";
import { accountBody, accountId, containerId, roles, startTestStorage, type TestStorage } from "./support.js";

let test: TestStorage;
beforeAll(async () => {
  test = await startTestStorage();
  test.platform.assign("scoring", roles.blobReader, containerId("acct1", "trips"));
  test.platform.assign("operator", roles.blobContributor, containerId("acct1", "trips"));
});
afterAll(() => test.close());

const place = (path: string, account = "acct1") => ({ account, container: "trips", path });
const text = (content: Uint8Array) => Buffer.from(content).toString("utf8");

describe("blobs for the other services", () => {
  it("are read and written by identities with the role, in the storage service's refusals without", async () => {
    const { blobs } = test.storage;
    const operator = test.platform.principal("operator");
    const scoring = test.platform.principal("scoring");
    await blobs.write(place("a/ä b.csv"), Buffer.from("one"), operator);
    expect(text(await blobs.read(place("a/ä b.csv"), scoring))).toBe("one");
    await expect(blobs.write(place("x"), Buffer.from("two"), scoring)).rejects.toMatchObject({
      status: 403,
      code: "AuthorizationPermissionMismatch",
    });
    await expect(blobs.read(place("none"), scoring)).rejects.toMatchObject({
      status: 404,
      code: "BlobNotFound",
      message: "The specified blob does not exist.",
    });
  });

  it("may have to be absent, and are then not overwritten", async () => {
    const { blobs } = test.storage;
    await blobs.write(place("once"), Buffer.from("1"), "accountKey", { ifAbsent: true });
    const again = blobs.write(place("once"), Buffer.from("2"), "accountKey", { ifAbsent: true });
    await expect(again).rejects.toMatchObject({ status: 409, code: "BlobAlreadyExists" });
    expect(text(await blobs.read(place("once"), "accountKey"))).toBe("1");
  });

  it("that are written piece by piece are seen when they are committed, and then as a whole", async () => {
    const { blobs } = test.storage;
    const [operator, scoring] = [test.platform.principal("operator"), test.platform.principal("scoring")];
    const upload = blobs.begin(place("pieces"), operator);
    const pieces = Array.from({ length: 5 }, (_, index) => Buffer.alloc(3 * 2 ** 20, String(index)));
    for (const piece of pieces) await upload.append(piece);
    await expect(blobs.open(place("pieces"), scoring)).rejects.toMatchObject({ status: 404, code: "BlobNotFound" });
    await upload.commit();
    expect((await buffer((await blobs.open(place("pieces"), scoring)).pieces)).equals(Buffer.concat(pieces))).toBe(
      true,
    );
  });

  it("that are written piece by piece need the role with each, and do not mix with others at the same place", async () => {
    const { blobs } = test.storage;
    const operator = test.platform.principal("operator");
    const refused = blobs.begin(place("two"), test.platform.principal("scoring"));
    await refused.append(Buffer.from("x"));
    await expect(refused.commit()).rejects.toMatchObject({ code: "AuthorizationPermissionMismatch" });
    const [one, other] = [blobs.begin(place("two"), operator), blobs.begin(place("two"), operator)];
    const [ones, others] = [Buffer.alloc(9 * 2 ** 20, "1"), Buffer.alloc(9 * 2 ** 20, "2")];
    await one.append(ones);
    await other.append(others);
    await one.commit({ ifAbsent: true });
    await expect(other.commit({ ifAbsent: true })).rejects.toMatchObject({ status: 409, code: "BlobAlreadyExists" });
    expect((await buffer((await blobs.open(place("two"), operator)).pieces)).equals(ones)).toBe(true);
  });

  it("that are opened may be left half read", async () => {
    const { blobs } = test.storage;
    await blobs.write(place("long"), Buffer.alloc(20 * 2 ** 20, "x"), "accountKey");
    const [half, whole] = [
      (await blobs.open(place("long"), "accountKey")).pieces,
      (await blobs.open(place("long"), "accountKey")).pieces,
    ];
    for await (const piece of half) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    expect((await buffer(whole)).length).toBe(20 * 2 ** 20);
  });

  it("are refused to the account's key where keys are off", async () => {
    await expect(test.storage.blobs.read(place("x", "lake1"), "accountKey")).rejects.toMatchObject({
      status: 403,
      code: "KeyBasedAuthenticationNotPermitted",
    });
  });

  it("of an account that is not there are 404 ResourceNotFound", async () => {
    await expect(test.storage.blobs.read(place("x", "none1"), "accountKey")).rejects.toMatchObject({
      status: 404,
      code: "ResourceNotFound",
    });
  });
});

describe("containers", () => {
  it("that a client makes or deletes on the blob host, Resource Manager sees, and the other way round", async () => {
    const { platform, storage } = test;
    platform.assign("trigger", roles.blobContributor, accountId("acct1"));
    const service = new BlobServiceClient(
      "https://acct1.blob.core.windows.net",
      test.credential("trigger"),
      test.clientOptions,
    );
    await service.getContainerClient("by-client").create();
    expect(propertiesOf(platform.resources.get(containerId("acct1", "by-client")))).toMatchObject({
      publicAccess: "None",
    });
    await service.getContainerClient("by-client").delete();
    expect(platform.resources.get(containerId("acct1", "by-client"))).toBeUndefined();

    await putResource(platform, storage.resourceTypes, containerId("acct1", "by-arm"), { properties: {} });
    expect(await service.getContainerClient("by-arm").exists()).toBe(true);
    await deleteResource(platform, storage.resourceTypes, containerId("acct1", "by-arm"));
    expect(await service.getContainerClient("by-arm").exists()).toBe(false);

    await storage.blobs.createContainer("acct1", "by-service");
    await storage.blobs.createContainer("acct1", "by-service");
    expect(platform.resources.get(containerId("acct1", "by-service"))?.name).toBe("by-service");
  });

  it("end with their account: one that is made anew is empty and has other keys", async () => {
    const { platform, storage } = test;
    const types = storage.resourceTypes;
    await putResource(platform, types, accountId("short"), accountBody);
    await putResource(platform, types, containerId("short", "trips"), { properties: {} });
    await storage.blobs.write(place("x", "short"), Buffer.from("x"), "accountKey");
    await deleteResource(platform, types, accountId("short"));
    expect(storage.answersFor("short.blob.core.windows.net")).toBe("unknown");
    await putResource(platform, types, accountId("short"), accountBody);
    await expect(storage.blobs.read(place("x", "short"), "accountKey")).rejects.toMatchObject({
      code: "ContainerNotFound",
    });
  });
});

describe("the data lake host", () => {
  it("is refused by name, in the data lake's error shape", async () => {
    const answer = await sendInProcess(test.storage.handle, {
      method: "PUT",
      url: "/trips?resource=filesystem",
      headers: { host: "lake1.dfs.core.windows.net" },
    });
    expect([answer.status, answer.headers["x-ms-error-code"]]).toEqual([501, "NotImplemented"]);
    const { error } = JSON.parse(String(answer.body)) as { error: { code: string; message: string } };
    expect(error.code).toBe("NotImplemented");
    expect(error.message).toContain("The emulator does not support the data lake endpoint lake1.dfs.core.windows.net");
  });
});

describe("an Authorization header", () => {
  const url = "/trips?restype=container";
  const host = "acct1.blob.core.windows.net";
  const send = (headers: Readonly<Record<string, string>>) =>
    sendInProcess(test.storage.handle, {
      method: "GET",
      url,
      headers: { host, "x-ms-version": "2024-11-04", ...headers },
    });
  const signed = (date: string) => {
    const headers = { "x-ms-version": "2024-11-04", ...(date !== "" && { "x-ms-date": date }) };
    const key = test.storage.accountKey("acct1") ?? "";
    return send({ ...headers, authorization: sharedKeyAuthorization({ method: "GET", url, headers }, "acct1", key) });
  };
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toUTCString();

  it("signed with a key is good for a quarter of an hour from its date, which it must have", async () => {
    expect((await signed(minutesAgo(14))).status).toBe(200);
    const late = await signed(minutesAgo(16));
    expect([late.status, late.headers["x-ms-error-code"]]).toEqual([403, "AuthenticationFailed"]);
    expect(String(late.body)).toContain("Request date header too old");
    expect((await signed("")).status).toBe(403);
  });

  it("without a scheme is refused, and not repeated", async () => {
    const key = test.storage.accountKey("acct1") ?? "";
    const answer = await send({ authorization: key });
    expect([answer.status, answer.headers["x-ms-error-code"]]).toEqual([400, "InvalidAuthenticationInfo"]);
    expect(String(answer.body)).not.toContain(key.slice(0, 16));
  });
});
