import { beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { createStorage, type Storage } from "../../../emulator/services/storage/index.js";
import { propertiesOf, putResource, type TestPlatform, testPlatform } from "./platform.js";
import { accountBody, accountId, containerId } from "./support.js";

let platform: TestPlatform;
let storage: Storage;
beforeEach(async () => {
  platform = await testPlatform({ now: () => new Date("2026-03-01T08:00:00Z") });
  storage = await createStorage(platform, { folder: undefined });
});

const put = (id: string, body: JsonObject) => putResource(platform, storage.resourceTypes, id, body);
const putAccount = (name: string, properties: JsonObject = {}, envelope: JsonObject = {}) =>
  put(accountId(name), { ...accountBody, ...envelope, properties });

async function keysOf(name: string) {
  const account = platform.resources.get(accountId(name));
  const type = storage.resourceTypes.find((candidate) => candidate.type === account?.type);
  if (!account) throw new Error("no account");
  const request = { body: {}, apiVersion: "2024-01-01", caller: platform.principal("deployer") };
  return type?.actions?.["listkeys"]?.(account, request);
}

describe("a storage account's PUT", () => {
  it("is answered with a Location, makes its hosts live and fills in what Azure does", async () => {
    expect(storage.answersFor("acct1.blob.core.windows.net")).toBe("unknown");
    const account = await putAccount("acct1", {
      allowSharedKeyAccess: false,
      isHnsEnabled: true,
      minimumTlsVersion: "TLS1_2",
    });
    expect(storage.resourceTypes[0]?.putStyle).toBe("location");
    for (const host of [
      "acct1.blob.core.windows.net",
      "ACCT1.blob.core.windows.net:443",
      "acct1.dfs.core.windows.net",
    ]) {
      expect(storage.answersFor(host)).toBe("live");
    }
    expect(storage.answersFor("acct1.queue.core.windows.net")).toBeUndefined();
    expect(account.body).toMatchObject({ sku: { name: "Standard_LRS", tier: "Standard" }, kind: "StorageV2" });
    expect(propertiesOf(account)).toMatchObject({
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      isHnsEnabled: true,
      minimumTlsVersion: "TLS1_2",
      accessTier: "Hot",
      supportsHttpsTrafficOnly: true,
      provisioningState: "Succeeded",
      keyCreationTime: { key1: "2026-03-01T08:00:00.000Z", key2: "2026-03-01T08:00:00.000Z" },
      primaryEndpoints: {
        blob: "https://acct1.blob.core.windows.net/",
        dfs: "https://acct1.dfs.core.windows.net/",
      },
    });
    expect(platform.resources.get(`${accountId("acct1")}/blobServices/default`)?.name).toBe("default");
  });

  it("makes two keys of 64 bytes, which stay and stand in the database encrypted only", async () => {
    await putAccount("acct1");
    const keys = (await keysOf("acct1")) as { keys: { keyName: string; value: string; permissions: string }[] };
    expect(keys.keys.map(({ keyName, permissions }) => [keyName, permissions])).toEqual([
      ["key1", "FULL"],
      ["key2", "FULL"],
    ]);
    for (const { value } of keys.keys) {
      expect(Buffer.from(value, "base64")).toHaveLength(64);
      expect(JSON.stringify(platform.store.all("SELECT * FROM storage_account_keys"))).not.toContain(value);
    }
    await putAccount("acct1", { allowSharedKeyAccess: true });
    expect(await keysOf("acct1")).toEqual(keys);
  });

  it("that leaves a property out keeps it", async () => {
    await putAccount("acct1", { allowSharedKeyAccess: false });
    expect(propertiesOf(await putAccount("acct1", { accessTier: "Cool" }))).toMatchObject({
      allowSharedKeyAccess: false,
      accessTier: "Cool",
    });
  });

  it.each<[string, JsonObject, JsonObject, string]>([
    ["Upper", {}, {}, "AccountNameInvalid"],
    ["ab", {}, {}, "AccountNameInvalid"],
    ["acct2", {}, { sku: { name: "Cheap_LRS" } }, "InvalidValuesForRequestParameters"],
    ["acct2", {}, { kind: null }, "InvalidValuesForRequestParameters"],
    ["acct2", { minimumTlsVersion: "SSL3" }, {}, "InvalidValuesForRequestParameters"],
    ["acct2", { networkAcls: { defaultAction: "Deny" } }, {}, "NotImplemented"],
    ["acct2", { publicNetworkAccess: "Disabled" }, {}, "NotImplemented"],
    ["acct2", { isSftpEnabled: true }, {}, "NotImplemented"],
    ["acct1", { isHnsEnabled: true }, {}, "AccountPropertyCannotBeUpdated"],
  ])("on %s with %j and %j is refused: %s", async (name, properties, envelope, code) => {
    await putAccount("acct1");
    await expect(putAccount(name, properties, envelope)).rejects.toMatchObject({ code });
  });

  it("of a name that another group has is refused with 409", async () => {
    await putAccount("acct1");
    await expect(put(accountId("acct1").replace("/rg1/", "/rg2/"), accountBody)).rejects.toMatchObject({
      status: 409,
      code: "StorageAccountInAnotherResourceGroup",
    });
  });
});

describe("blob services and containers", () => {
  it("refuse by name what the emulator does not keep", async () => {
    await putAccount("acct1");
    const service = `${accountId("acct1")}/blobServices/default`;
    for (const properties of [{ isVersioningEnabled: true }, { deleteRetentionPolicy: { enabled: true, days: 7 } }]) {
      await expect(put(service, { properties })).rejects.toMatchObject({ code: "NotImplemented" });
    }
  });

  it("take no anonymous access", async () => {
    await putAccount("acct1");
    const publicBody = { properties: { publicAccess: "Blob" } };
    await expect(put(containerId("acct1", "open"), publicBody)).rejects.toMatchObject({
      code: "PublicAccessNotPermitted",
    });
    await putAccount("acct1", { allowBlobPublicAccess: true });
    await expect(put(containerId("acct1", "open"), publicBody)).rejects.toMatchObject({ code: "NotImplemented" });
  });

  it.each(["ab", "Upper", "two--hyphens", "-first", "last-", "under_score"])(
    "refuse the container name %s",
    async (name) => {
      await putAccount("acct1");
      await expect(put(containerId("acct1", name), { properties: {} })).rejects.toMatchObject({
        status: 400,
        code: "InvalidResourceName",
      });
    },
  );
});
