import { randomBytes } from "node:crypto";
import type { TokenCredential } from "@azure/identity";
import {
  AnonymousCredential,
  BlobSASPermissions,
  BlobServiceClient,
  generateBlobSASQueryParameters,
  RestError,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accountId, containerId, roles, startTestStorage, type TestStorage } from "./support.js";

let test: TestStorage;
let key: string;

beforeAll(async () => {
  test = await startTestStorage();
  test.platform.assign("scoring", roles.blobContributor, accountId("acct1"));
  test.platform.assign("trigger", roles.blobReader, containerId("acct1", "trips"));
  test.platform.assign("scoring", roles.blobContributor, accountId("lake1"));
  key = await firstKey();
});
afterAll(() => test.close());

async function firstKey(): Promise<string> {
  const type = test.storage.resourceTypes.find(({ type }) => type === "Microsoft.Storage/storageAccounts");
  const account = test.platform.resources.get(accountId("acct1"));
  if (!account) throw new Error("no account");
  const caller = test.platform.principal("deployer");
  const answer = await type?.actions?.["listkeys"]?.(account, { body: {}, apiVersion: "2024-01-01", caller });
  return (answer as { keys: { value: string }[] }).keys[0]?.value ?? "";
}

type Credential = StorageSharedKeyCredential | AnonymousCredential | TokenCredential;
const service = (account: string, credential: Credential) =>
  new BlobServiceClient(`https://${account}.blob.core.windows.net`, credential, test.clientOptions);
const asScoring = (account = "acct1") => service(account, test.credential("scoring")).getContainerClient("trips");
const asTrigger = (account = "acct1") => service(account, test.credential("trigger")).getContainerClient("trips");

async function refusalOf(doing: Promise<unknown>): Promise<RestError> {
  const thrown = await doing.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof RestError)) throw new Error(`not refused by the service: ${String(thrown)}`);
  return thrown;
}

describe("with a token and a role", () => {
  it("uploads, lists, downloads and deletes, in one request and in blocks", async () => {
    const container = asScoring();
    const large = randomBytes(2_500_000);
    await container.getBlockBlobClient("a/small.csv").upload("one,two\n", 8);
    await container
      .getBlockBlobClient("a/lärge 100%.bin")
      .uploadData(large, { blockSize: 1_000_000, maxSingleShotSize: 0 });
    const names: string[] = [];
    for await (const item of container.listBlobsFlat({ prefix: "a/" })) names.push(item.name);
    expect(names).toEqual(["a/lärge 100%.bin", "a/small.csv"]);
    expect(large.equals(await container.getBlockBlobClient("a/lärge 100%.bin").downloadToBuffer())).toBe(true);
    await container.deleteBlob("a/small.csv");
    expect(await container.getBlobClient("a/small.csv").exists()).toBe(false);
  });

  it("holds conditions: a blob that must not exist yet is not overwritten", async () => {
    const blob = asScoring().getBlockBlobClient("once.txt");
    await blob.upload("1", 1, { conditions: { ifNoneMatch: "*" } });
    const refusal = await refusalOf(blob.upload("2", 1, { conditions: { ifNoneMatch: "*" } }));
    expect([refusal.statusCode, refusal.code]).toEqual([409, "BlobAlreadyExists"]);
    expect(String(await blob.downloadToBuffer())).toBe("1");
  });

  it("lets a reader read and refuses its write with 403 AuthorizationPermissionMismatch", async () => {
    await asScoring().getBlockBlobClient("read.txt").upload("text", 4);
    expect(String(await asTrigger().getBlobClient("read.txt").downloadToBuffer())).toBe("text");
    for (const write of [
      () => asTrigger().getBlockBlobClient("read.txt").upload("more", 4),
      () => asTrigger().deleteBlob("read.txt"),
      () => asTrigger().delete(),
    ]) {
      const refusal = await refusalOf(write());
      expect([refusal.statusCode, refusal.code]).toEqual([403, "AuthorizationPermissionMismatch"]);
      expect(refusal.message).toContain(
        "This request is not authorized to perform this operation using this permission.",
      );
    }
  });

  it("holds the scope: a role on one container says nothing of another or of another account", async () => {
    const other = service("acct1", test.credential("scoring")).getContainerClient("private");
    await other.create();
    const reader = service("acct1", test.credential("trigger")).getContainerClient("private");
    expect((await refusalOf(reader.listBlobsFlat().next())).code).toBe("AuthorizationPermissionMismatch");
    expect((await refusalOf(asTrigger("lake1").listBlobsFlat().next())).code).toBe("AuthorizationPermissionMismatch");
  });

  it("takes the account's own audience and refuses another with 401 InvalidAuthenticationInfo", async () => {
    const own = test.credential("scoring", "https://acct1.blob.core.windows.net");
    expect(await service("acct1", own).getContainerClient("trips").exists()).toBe(true);
    const foreign = test.credential("scoring", "https://management.azure.com");
    const refusal = await refusalOf(service("acct1", foreign).getContainerClient("trips").getProperties());
    expect([refusal.statusCode, refusal.code]).toEqual([401, "InvalidAuthenticationInfo"]);
  });
});

describe("with the account's key", () => {
  const withKey = (account = "acct1", secret = key) =>
    service(account, new StorageSharedKeyCredential(account, secret)).getContainerClient("trips");

  it("uploads and downloads, with metadata and a name that needs encoding", async () => {
    const blob = withKey().getBlockBlobClient("k/ä ö+ü.txt");
    await blob.upload("key", 3, { metadata: { Zone: "a", by_hand: "b" }, tier: "Cool" });
    expect(String(await blob.downloadToBuffer())).toBe("key");
    expect((await blob.getProperties()).metadata).toEqual({ zone: "a", by_hand: "b" });
  });

  it("refuses a wrong key with 403 AuthenticationFailed", async () => {
    const wrong = withKey("acct1", randomBytes(64).toString("base64"));
    const refusal = await refusalOf(wrong.getBlockBlobClient("x").upload("x", 1));
    expect([refusal.statusCode, refusal.code]).toEqual([403, "AuthenticationFailed"]);
  });

  it("refuses every key on an account with allowSharedKeyAccess false", async () => {
    const refusal = await refusalOf(withKey("lake1").getBlockBlobClient("x").upload("x", 1));
    expect([refusal.statusCode, refusal.code]).toEqual([403, "KeyBasedAuthenticationNotPermitted"]);
    expect(refusal.message).toContain("Key based authentication is not permitted on this storage account.");
  });

  it("holds the permissions of a shared access signature, and its refusal where keys are", async () => {
    const sharedKey = new StorageSharedKeyCredential("acct1", key);
    await asScoring().getBlockBlobClient("sas.txt").upload("sas", 3);
    const query = generateBlobSASQueryParameters(
      {
        containerName: "trips",
        blobName: "sas.txt",
        permissions: BlobSASPermissions.parse("r"),
        expiresOn: new Date(Date.now() + 60_000),
      },
      sharedKey,
    ).toString();
    const blob = (account: string) =>
      new BlobServiceClient(
        `https://${account}.blob.core.windows.net?${query}`,
        new AnonymousCredential(),
        test.clientOptions,
      )
        .getContainerClient("trips")
        .getBlockBlobClient("sas.txt");
    expect(String(await blob("acct1").downloadToBuffer())).toBe("sas");
    expect((await refusalOf(blob("acct1").upload("x", 1))).statusCode).toBe(403);
    expect((await refusalOf(blob("lake1").download())).code).toBe("KeyBasedAuthenticationNotPermitted");
  });
});

describe("without credentials", () => {
  const anonymous = () => service("acct1", new AnonymousCredential()).getContainerClient("trips");

  it("refuses a read with 409 PublicAccessNotPermitted and a write with 401", async () => {
    const read = await refusalOf(anonymous().getBlobClient("read.txt").download());
    expect([read.statusCode, read.code]).toEqual([409, "PublicAccessNotPermitted"]);
    const write = await refusalOf(anonymous().getBlockBlobClient("x").upload("x", 1));
    expect([write.statusCode, write.code]).toEqual([401, "NoAuthenticationInformation"]);
  });
});

describe("what is not supported", () => {
  let client: BlobServiceClient;
  beforeEach(() => {
    client = service("acct1", test.credential("scoring"));
  });

  it("refuses public containers, copies and delegation keys", async () => {
    const open = await refusalOf(client.getContainerClient("open").create({ access: "blob" }));
    expect([open.statusCode, open.code]).toEqual([409, "PublicAccessNotPermitted"]);
    const source = client.getContainerClient("trips").getBlobClient("read.txt").url;
    const copy = await refusalOf(client.getContainerClient("trips").getBlobClient("copy.txt").beginCopyFromURL(source));
    expect(copy.message).toContain("The emulator does not support the header x-ms-copy-source on blobs.");
    const delegation = await refusalOf(client.getUserDelegationKey(new Date(), new Date(Date.now() + 60_000)));
    expect(delegation.code).toBe("NotImplemented");
  });
});
