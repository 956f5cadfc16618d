import { beforeEach, describe, expect, it } from "vitest";
import { idsOf, roles, startTestVault, type TestVault, vaultBody, vaultId } from "./support.js";

let vault: TestVault;
beforeEach(async () => {
  vault = await startTestVault();
  for (const value of ["one", "two"]) {
    await vault.send("PUT", "/secrets/clientid", { as: "deployer", body: { value, tags: { use: value } } });
  }
});

const backup = async () => (await vault.send("POST", "/secrets/clientid/backup", { as: "deployer" })).body.value;
const restore = (value: unknown, host = "kv1.vault.azure.net") =>
  vault.send("POST", "/secrets/restore", { as: "deployer", body: { value }, host });

describe("a secret's backup", () => {
  it("is opaque, and brings every version back under its id in a vault that lost the secret", async () => {
    vault.pass(1);
    await vault.send("PATCH", "/secrets/clientid", { as: "deployer", body: { contentType: "text/plain" } });
    const value = await backup();
    expect(value).toMatch(/^[\w-]{100,}$/);
    const before = await vault.send("GET", "/secrets/clientid/versions", { as: "deployer" });
    await vault.send("DELETE", "/secrets/clientid", { as: "deployer" });
    await vault.send("DELETE", "/deletedsecrets/clientid", { as: "deployer" });
    vault.pass(1);

    const { status, body } = await restore(value);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: idsOf(before)[0], tags: { use: "two" } });
    expect(body).not.toHaveProperty("value");
    const after = await vault.send("GET", "/secrets/clientid/versions", { as: "deployer" });
    expect(after.body).toEqual(before.body);
    expect((await vault.send("GET", "/secrets/clientid", { as: "scoring" })).body.value).toBe("two");
    expect(vault.platform.resources.get(`${vaultId("kv1")}/secrets/clientid`)).toBeDefined();
  });

  it("is taken by another vault of the subscription", async () => {
    await vault.put(vaultId("kv2"), vaultBody());
    vault.platform.assign("deployer", roles.secretsOfficer, vaultId("kv2"));
    const { body } = await restore(await backup(), "kv2.vault.azure.net");
    expect(body.id).toMatch(/^https:\/\/kv2\.vault\.azure\.net\/secrets\/clientid\/[0-9a-f]{32}$/);
  });

  it("is refused where the name is in use, or deleted but not purged", async () => {
    const value = await backup();
    const inUse = await restore(value);
    expect([inUse.status, inUse.body.error.code]).toEqual([409, "Conflict"]);
    await vault.send("DELETE", "/secrets/clientid", { as: "deployer" });
    const deleted = await restore(value);
    expect([deleted.status, deleted.body.error.innererror.code]).toEqual([409, "ObjectIsDeletedButRecoverable"]);
  });

  it("that was altered, or is none, is 400 BadParameter", async () => {
    const value = String(await backup());
    for (const wrong of [`${value.slice(0, -8)}AAAAAAAA`, "AAAA", "", undefined]) {
      const { status, body } = await restore(wrong);
      expect([status, body.error.code]).toEqual([400, "BadParameter"]);
    }
  });

  it("of a secret that is not there is 404, and is made by nobody without the role for it", async () => {
    expect((await vault.send("POST", "/secrets/none/backup", { as: "deployer" })).status).toBe(404);
    const { status, body } = await vault.send("POST", "/secrets/clientid/backup", { as: "scoring" });
    expect([status, body.error.innererror.code]).toEqual([403, "ForbiddenByRbac"]);
    expect(body.error.message).toContain("Action: 'Microsoft.KeyVault/vaults/secrets/backup/action'");
  });
});
