import { beforeEach, describe, expect, it } from "vitest";
import { idsOf, startTestVault, type TestVault, vaultBody, vaultId } from "./support.js";

let vault: TestVault;
beforeEach(async () => {
  vault = await startTestVault();
});

const set = (name: string, value: string, more: object = {}) =>
  vault.send("PUT", `/secrets/${name}`, { as: "deployer", body: { value, ...more } });

describe("a secret", () => {
  it("gets a new version at every PUT; GET answers the latest or the one that is asked for", async () => {
    const first = await set("clientid", "one", { contentType: "text/plain", tags: { use: "scoring" } });
    const second = await set("clientid", "two");
    expect(first.body).toEqual({
      value: "one",
      contentType: "text/plain",
      id: expect.stringMatching(/^https:\/\/kv1\.vault\.azure\.net\/secrets\/clientid\/[0-9a-f]{32}$/),
      attributes: {
        enabled: true,
        created: 1772352000,
        updated: 1772352000,
        recoveryLevel: "Recoverable+Purgeable",
        recoverableDays: 90,
      },
      tags: { use: "scoring" },
    });
    for (const path of ["/secrets/clientid", "/secrets/clientid/", "/SECRETS/ClientId"]) {
      expect((await vault.send("GET", path, { as: "scoring" })).body).toEqual(second.body);
    }
    const version = new URL(first.body.id).pathname;
    expect((await vault.send("GET", version, { as: "scoring" })).body.value).toBe("one");
  });

  it("is read with the query that the JavaScript client writes (`api%2Dversion`), not without a version", async () => {
    await set("clientid", "one");
    const encoded = await vault.send("GET", "/secrets/clientid/?api%2Dversion=2025-07-01", { as: "scoring" });
    expect(encoded.body.value).toBe("one");
    const missing = await vault.send("GET", "/secrets/clientid?api-version=", { as: "scoring" });
    expect([missing.status, missing.body.error.code]).toEqual([400, "BadParameter"]);
  });

  it("that is not there is 404 SecretNotFound in the service's words", async () => {
    const answer = await vault.send("GET", "/secrets/none", { as: "scoring" });
    expect(answer.status).toBe(404);
    expect(answer.body.error.code).toBe("SecretNotFound");
    expect(answer.body.error.message).toContain("A secret with (name/id) none was not found in this key vault.");
    expect(answer.body.error.message).toContain("linkid=2125182");
  });

  it("that is disabled is refused with 403 SecretDisabled; nbf and exp only inform", async () => {
    const { body } = await set("old", "v", { attributes: { nbf: 1, exp: 2 } });
    expect(body.attributes).toMatchObject({ nbf: 1, exp: 2 });
    expect((await vault.send("GET", "/secrets/old", { as: "scoring" })).body.value).toBe("v");
    const path = new URL(body.id).pathname;
    const changed = await vault.send("PATCH", path, { as: "deployer", body: { attributes: { enabled: false } } });
    expect(changed.body).not.toHaveProperty("value");
    expect(changed.body.attributes).toMatchObject({ enabled: false, nbf: 1, exp: 2 });
    const refused = await vault.send("GET", "/secrets/old", { as: "scoring" });
    expect([refused.status, refused.body.error.code, refused.body.error.innererror.code]).toEqual([
      403,
      "Forbidden",
      "SecretDisabled",
    ]);
  });

  it("is refused with 400 BadParameter when name or body are none, without repeating the value", async () => {
    for (const [path, body] of [
      ["/secrets/with_underscore", { value: "v" }],
      ["/secrets/novalue", { contentType: "x" }],
      ["/secrets/large", { value: "secret".repeat(5000) }],
    ] as const) {
      const answer = await vault.send("PUT", path, { as: "deployer", body });
      expect([path, answer.status, answer.body.error.code]).toEqual([path, 400, "BadParameter"]);
      expect(answer.body.error.message).not.toContain("secretsecret");
    }
  });

  it("stands in the database encrypted only", async () => {
    await set("clientsecret", "very-secret-text");
    const rows = vault.platform.store.all("SELECT * FROM secret_versions");
    expect(rows).toHaveLength(1);
    expect(JSON.stringify([rows, vault.platform.resources.below(vaultId("kv1"))])).not.toContain("very-secret-text");
  });
});

describe("lists", () => {
  it("come in pages with a nextLink, by name and without values", async () => {
    for (const name of ["c", "a", "b"]) await set(name, name);
    const first = await vault.send("GET", "/secrets?maxresults=2", { as: "scoring" });
    expect(idsOf(first)).toEqual(["https://kv1.vault.azure.net/secrets/a", "https://kv1.vault.azure.net/secrets/b"]);
    expect(JSON.stringify(first.body)).not.toContain('"value":"a"');
    const { pathname, search } = new URL(first.body.nextLink ?? "");
    const second = await vault.send("GET", pathname + search, { as: "scoring" });
    expect(idsOf(second)).toEqual(["https://kv1.vault.azure.net/secrets/c"]);
    expect(second.body.nextLink).toBeNull();
    expect((await vault.send("GET", "/secrets?maxresults=26", { as: "scoring" })).status).toBe(400);
  });

  it("of versions have the latest first", async () => {
    const made = [await set("s", "1"), await set("s", "2")];
    const listed = await vault.send("GET", "/secrets/s/versions", { as: "scoring" });
    expect(idsOf(listed)).toEqual(made.map((answer) => answer.body.id).reverse());
  });
});

describe("a deleted secret", () => {
  it("is kept for the vault's days: its name is taken, it can be recovered, then it is gone", async () => {
    await set("s", "1");
    const deleted = await vault.send("DELETE", "/secrets/s", { as: "deployer" });
    expect(deleted.body).toMatchObject({
      recoveryId: "https://kv1.vault.azure.net/deletedsecrets/s",
      deletedDate: 1772352000,
      scheduledPurgeDate: 1772352000 + 90 * 86_400,
    });
    expect(deleted.body).not.toHaveProperty("value");
    expect((await vault.send("GET", "/secrets/s", { as: "scoring" })).status).toBe(404);
    const taken = await set("s", "2");
    expect([taken.status, taken.body.error.innererror.code]).toEqual([409, "ObjectIsDeletedButRecoverable"]);

    expect((await vault.send("POST", "/deletedsecrets/s/recover", { as: "deployer" })).status).toBe(200);
    expect((await vault.send("GET", "/secrets/s", { as: "scoring" })).body.value).toBe("1");

    await vault.send("DELETE", "/secrets/s", { as: "deployer" });
    vault.pass(89);
    expect((await vault.send("GET", "/deletedsecrets/s", { as: "deployer" })).status).toBe(200);
    vault.pass(1);
    expect((await vault.send("GET", "/deletedsecrets/s", { as: "deployer" })).status).toBe(404);
    expect((await set("s", "3")).status).toBe(200);
  });

  it.each([
    [90, {}, "Recoverable+Purgeable"],
    [7, { softDeleteRetentionInDays: 7 }, "CustomizedRecoverable+Purgeable"],
    [90, { enablePurgeProtection: true }, "Recoverable"],
    [7, { softDeleteRetentionInDays: 7, enablePurgeProtection: true }, "CustomizedRecoverable"],
  ])("says how it can be got back: for %d days, with %o %s", async (recoverableDays, properties, recoveryLevel) => {
    const other = await startTestVault(properties);
    await other.send("PUT", "/secrets/s", { as: "deployer", body: { value: "1" } });
    const { body } = await other.send("DELETE", "/secrets/s", { as: "deployer" });
    expect(body.attributes).toMatchObject({ recoverableDays, recoveryLevel });
  });

  it("can be purged at once, but not with purge protection", async () => {
    await set("s", "1");
    await vault.send("DELETE", "/secrets/s", { as: "deployer" });
    expect((await vault.send("GET", "/deletedsecrets", { as: "deployer" })).body.value).toHaveLength(1);
    expect((await vault.send("DELETE", "/deletedsecrets/s", { as: "deployer" })).status).toBe(204);
    expect((await vault.send("GET", "/deletedsecrets", { as: "deployer" })).body.value).toEqual([]);

    await vault.put(vaultId("kv1"), vaultBody({ enablePurgeProtection: true }));
    await set("p", "1");
    await vault.send("DELETE", "/secrets/p", { as: "deployer" });
    const refused = await vault.send("DELETE", "/deletedsecrets/p", { as: "deployer" });
    expect(refused.status).toBe(403);
    expect(refused.body.error.message).toContain("purge protection is enabled for this vault");
  });
});
