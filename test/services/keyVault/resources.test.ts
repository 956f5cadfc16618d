import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { subscription } from "../../../emulator/platform/subscription.js";
import { deleteResource, propertiesOf } from "../storage/platform.js";
import { startTestVault, vaultBody, vaultId } from "./support.js";

describe("a vault's PUT", () => {
  it("makes its host live and fills in what Azure does", async () => {
    const vault = await startTestVault();
    expect(vault.keyVault.answersFor("KV1.vault.azure.net:443")).toBe("live");
    expect(vault.keyVault.answersFor("kv2.vault.azure.net")).toBe("unknown");
    expect(vault.keyVault.answersFor("kv1.blob.core.windows.net")).toBeUndefined();
    const body = await vault.put(vaultId("kv2"), vaultBody({ enableRbacAuthorization: null }));
    expect(vault.keyVault.answersFor("kv2.vault.azure.net")).toBe("live");
    expect(body["properties"]).toEqual({
      sku: { family: "A", name: "standard" },
      tenantId: subscription.tenantId,
      accessPolicies: [],
      enabledForDeployment: false,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enableRbacAuthorization: false,
      vaultUri: "https://kv2.vault.azure.net/",
      provisioningState: "Succeeded",
      publicNetworkAccess: "Enabled",
    });
    const newer = await vault.put(vaultId("kv3"), vaultBody({ enableRbacAuthorization: null }), "2026-02-01");
    expect(newer["properties"]).toMatchObject({ enableRbacAuthorization: true });
  });

  it.each<[string, JsonObject, string, string]>([
    ["kv1", { enablePurgeProtection: false }, "BadRequest", '"enablePurgeProtection" cannot be set to false'],
    ["kv1", { softDeleteRetentionInDays: 7 }, "BadRequest", '"softDeleteRetentionInDays" has been set already'],
    ["kv1", { enableSoftDelete: false }, "BadRequest", '"enableSoftDelete" cannot be set to false'],
    ["new", { softDeleteRetentionInDays: 6 }, "BadRequest", "properties.softDeleteRetentionInDays"],
    ["new", { sku: null }, "BadRequest", "properties.sku"],
    ["new", { tenantId: null }, "BadRequest", "properties.tenantId"],
    ["new", { tenantId: "11111111-1111-4111-8111-111111111111" }, "BadRequest", "not the tenant of the subscription"],
    ["new", { networkAcls: { ipRules: [{ value: "10.0.0.0/33" }] } }, "BadRequest", "networkAcls.ipRules.0.value"],
    ["new", { networkAcls: { ipRules: [{ value: "office" }] } }, "BadRequest", "not an IPv4 address or range"],
    ["2short", {}, "VaultNameNotValid", "The vault name '2short' is invalid."],
    ["double--hyphen", {}, "VaultNameNotValid", "not contain consecutive hyphens"],
  ])("on %s with %j is refused: %s", async (name, properties, code, sentence) => {
    const vault = await startTestVault();
    await expect(vault.put(vaultId(name), vaultBody(properties))).rejects.toMatchObject({
      status: 400,
      code,
      message: expect.stringContaining(sentence),
    });
  });

  it("of a name that another group has is refused with 409 VaultAlreadyExists", async () => {
    const vault = await startTestVault();
    const other = vaultId("kv1").replace("/rg1/", "/rg2/");
    await expect(vault.put(other, vaultBody())).rejects.toMatchObject({ status: 409, code: "VaultAlreadyExists" });
  });

  it("that changes the permission model needs the right to assign roles", async () => {
    const vault = await startTestVault();
    expect(await vault.put(vaultId("kv1"), vaultBody({ enableRbacAuthorization: false }))).toMatchObject({
      properties: { enableRbacAuthorization: false },
    });
    for (const { id } of vault.platform.access.around(vaultId("kv1"))) vault.platform.access.unassign(id);
    await expect(vault.put(vaultId("kv1"), vaultBody())).rejects.toMatchObject({
      status: 403,
      code: "InsufficientPermissions",
    });
  });
});

describe("a secret over Resource Manager", () => {
  const id = `${vaultId("kv1")}/secrets/clientsecret`;

  it("is a version in the vault; its value is in no answer and in no resource", async () => {
    const vault = await startTestVault();
    const body = await vault.put(id, { properties: { value: "s3cr3t", contentType: "text/plain" }, tags: { a: "b" } });
    expect(body["properties"]).toEqual({
      contentType: "text/plain",
      attributes: { enabled: true, created: 1772352000, updated: 1772352000 },
      secretUri: "https://kv1.vault.azure.net/secrets/clientsecret",
      secretUriWithVersion: expect.stringMatching(/clientsecret\/[0-9a-f]{32}$/),
    });
    expect(JSON.stringify(vault.platform.resources.get(id))).not.toContain("s3cr3t");
    const { body: read } = await vault.send("GET", "/secrets/clientsecret", { as: "scoring" });
    expect(read).toMatchObject({ value: "s3cr3t", tags: { a: "b" } });
    expect(read.id).toBe(propertiesOf(vault.platform.resources.get(id))["secretUriWithVersion"]);
  });

  it("without a value changes the latest version, and is refused where there is none", async () => {
    const vault = await startTestVault();
    const first = await vault.put(id, { properties: { value: "s3cr3t" } });
    const second = await vault.put(id, { properties: { attributes: { enabled: false } } });
    expect(second["properties"]).toMatchObject({
      attributes: { enabled: false },
      secretUriWithVersion: propertiesOf({ body: first })["secretUriWithVersion"],
    });
    expect((await vault.send("GET", "/secrets/clientsecret", { as: "scoring" })).status).toBe(403);
    const other = `${vaultId("kv1")}/secrets/other`;
    await expect(vault.put(other, { properties: {} })).rejects.toMatchObject({ status: 400, code: "BadParameter" });
  });

  it("follows the vault's host: made, changed and deleted there", async () => {
    const vault = await startTestVault();
    const resource = () => vault.platform.resources.get(id);
    await vault.send("PUT", "/secrets/clientsecret", { as: "deployer", body: { value: "1" } });
    const first = propertiesOf(resource())["secretUriWithVersion"];
    await vault.send("PUT", "/secrets/clientsecret", { as: "deployer", body: { value: "2" } });
    expect(propertiesOf(resource())["secretUriWithVersion"]).not.toBe(first);
    await vault.send("DELETE", "/secrets/clientsecret", { as: "deployer" });
    expect(resource()).toBeUndefined();
    await expect(vault.put(id, { properties: { value: "3" } })).rejects.toMatchObject({ status: 409 });
    await vault.send("POST", "/deletedsecrets/clientsecret/recover", { as: "deployer" });
    expect(resource()).toBeDefined();
  });

  it("and on the vault's host is written as one, or not at all", async () => {
    const vault = await startTestVault();
    const { resources } = vault.platform;
    const put = resources.put;
    resources.put = () => {
      throw new Error("disk full");
    };
    const body = { value: "1" };
    expect((await vault.send("PUT", "/secrets/clientsecret", { as: "deployer", body })).status).toBe(500);
    resources.put = put;
    expect((await vault.send("GET", "/secrets/clientsecret", { as: "scoring" })).status).toBe(404);
  });

  it("has no DELETE, and ends when its vault is purged", async () => {
    const vault = await startTestVault();
    const [vaults, secrets] = vault.keyVault.resourceTypes;
    expect([vaults?.deletable, secrets?.deletable]).toEqual([undefined, false]);
    await vault.put(id, { properties: { value: "s3cr3t" } });
    const kept = vault.platform.resources.get(vaultId("kv1"));
    await deleteResource(vault.platform, vault.keyVault.resourceTypes, vaultId("kv1"));
    expect(vault.keyVault.answersFor("kv1.vault.azure.net")).toBe("unknown");
    expect(vault.platform.store.all("SELECT * FROM secret_versions")).toHaveLength(1);
    if (kept) await vaults?.softDelete?.purge?.(kept);
    expect(vault.platform.store.all("SELECT * FROM secret_versions")).toEqual([]);
  });
});
