import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../contract/json.js";
import { principals } from "../../../emulator/platform/subscription.js";
import { group, messageOf, owner, reader, roleId, subscriptionPath } from "./testArm.js";
import { bodies, ids, WholeArm, withProperties } from "./wholeArm.js";

let whole: WholeArm;
beforeEach(async () => {
  whole = await WholeArm.start();
});
afterEach(() => whole.close());

const put = async (path: string, body: Json) => {
  const answer = await whole.arm.call("PUT", path, { body });
  await whole.arm.arm.context.operations.settled();
  const error = answer.body["error"] as JsonObject | undefined;
  return `${answer.status} ${error ? `${String(error["code"])}: ${messageOf(answer)}` : "accepted"}`;
};
const putAs = (name: keyof typeof ids, body: JsonObject) => put(ids[name], body);
const changed = (name: keyof typeof ids, properties: JsonObject) =>
  putAs(name, withProperties(bodies[name], properties));

describe("Resource Manager refuses, as Azure does,", () => {
  it("a default deployment before the deployment exists", async () => {
    await whole.makeMachineLearning();
    const endpoint = `${ids.machineLearning}/batchEndpoints/fares`;
    const body = { location: "centralus", properties: { authMode: "AADToken" } };
    expect(await put(endpoint, body)).toBe("201 accepted");
    expect(await put(endpoint, withProperties(body, { defaults: { deploymentName: "blue" } }))).toContain(
      "400 UserError: The default deployment 'blue' does not exist",
    );
  });

  it("a changed asset version, and its deletion", async () => {
    await whole.makeMachineLearning();
    const version = `${ids.machineLearning}/environments/scoring/versions/1`;
    expect(await put(version, { properties: { image: "image:1" } })).toBe("201 accepted");
    expect(await put(version, { properties: { image: "image:2" } })).toContain("Asset paths cannot be updated.");
    expect(await whole.arm.refusal("DELETE", version)).toBe("405 HttpMethodNotSupported");
  });

  it("a type whose provider is not registered: 409 MissingSubscriptionRegistration", async () => {
    whole.arm.platform.store.run("DELETE FROM registered_providers");
    expect(await putAs("vault", bodies.vault)).toContain("409 MissingSubscriptionRegistration");
  });

  it("a Synapse workspace without Microsoft.Sql: CustomerSubscriptionNotRegisteredWithSqlRp", async () => {
    await whole.makeAll("lake");
    whole.arm.platform.store.run("DELETE FROM registered_providers WHERE namespace = 'microsoft.sql'");
    expect(await putAs("synapse", bodies.synapse)).toContain("400 CustomerSubscriptionNotRegisteredWithSqlRp");
  });

  it("a second assignment of the same role: 409 RoleAssignmentExists, whoever made the first", async () => {
    await whole.makeMachineLearning();
    const scope = ids.storage;
    const [made] = whole.arm.access.assignmentsAt(scope);
    const name = "0f0e0d0c-0b0a-4908-8706-050403020100";
    const properties = { roleDefinitionId: roleId(made?.roleId ?? ""), principalId: made?.principalId ?? "" };
    const answer = await put(`${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`, { properties });
    expect(answer).toContain("409 RoleAssignmentExists: The role assignment already exists.");
  });

  it("a principalType that is not the principal's: 400 UnmatchedPrincipalType", async () => {
    const name = "0f0e0d0c-0b0a-4908-8706-050403020100";
    const { objectId: principalId } = principals.scoring;
    const properties = { roleDefinitionId: roleId(reader), principalId, principalType: "User" };
    const path = `${subscriptionPath}/providers/Microsoft.Authorization/roleAssignments/${name}`;
    expect(await put(path, { properties })).toContain("400 UnmatchedPrincipalType");
  });

  it("enablePurgeProtection false, for a new vault and for one that has it", async () => {
    const sentence = '400 BadRequest: The property "enablePurgeProtection" cannot be set to false.';
    expect(await changed("vault", { enablePurgeProtection: false })).toContain(sentence);
    expect(await changed("vault", { enablePurgeProtection: true })).toBe("201 accepted");
    expect(await changed("vault", { enablePurgeProtection: false })).toContain(sentence);
  });

  it("access policies on a vault that uses roles, by name; those from before are kept", async () => {
    const { tenantId } = bodies.vault.properties;
    const accessPolicies = [{ tenantId, objectId: principals.scoring.objectId, permissions: { secrets: ["get"] } }];
    expect(await changed("vault", { accessPolicies })).toContain('"accessPolicies" has no effect');
    expect(await changed("vault", { accessPolicies, enableRbacAuthorization: false })).toBe("201 accepted");
    const patched = await whole.arm.call("PATCH", ids.vault, {
      body: { properties: { enableRbacAuthorization: true } },
    });
    expect(patched.status).toBe(200);
  });

  it("a name that the type does not take", async () => {
    await whole.makeMachineLearning();
    const { machineLearning: ml, synapse } = ids;
    await whole.makeAll("lake", "synapse");
    const image = { properties: { image: "image:1" } };
    for (const [path, body] of [
      [ids.vault.replace("kv-one", "1kv"), bodies.vault],
      [ids.storage.replace("mlaccount", "ML-account"), bodies.storage],
      [ids.logs.replace("logs-one", "abc"), bodies.logs],
      [ids.insights.replace("insights-one", "ends."), bodies.insights],
      [ml.replace("mlw-one", "-a"), bodies.machineLearning],
      [synapse.replace("synw-one", "a-ondemand"), bodies.synapse],
      [`${ml}/environments/-a/versions/1`, image],
      [`${ml}/environments/a/versions/-1`, image],
      [`${ml}/datastores/-a`, { properties: { datastoreType: "AzureBlob", accountName: "a", containerName: "b" } }],
      [`${ml}/computes/1`, { properties: { computeType: "AmlCompute", properties: {} } }],
      [`${ml}/batchEndpoints/1`, { location: "centralus", properties: {} }],
      [`${synapse}/firewallRules/a.`, { properties: { startIpAddress: "1.1.1.1", endIpAddress: "1.1.1.1" } }],
    ] as const) {
      expect([path, await put(path, body)]).toEqual([path, expect.stringMatching(/^400 .*(not (a )?valid|invalid)/i)]);
    }
  });

  it("a location that Azure has not, and another one than before", async () => {
    for (const name of ["vault", "storage", "logs"] as const) {
      const nowhere = await putAs(name, { ...bodies[name], location: "atlantis" });
      expect(nowhere).toContain("400 LocationNotAvailableForResourceType: The provided location 'atlantis'");
      expect(await putAs(name, bodies[name])).toMatch(/^20[12] /);
      expect(await putAs(name, { ...bodies[name], location: "West US" })).toContain("409 InvalidResourceLocation");
    }
  });

  it("an endpoint in another region than its workspace's", async () => {
    await whole.makeMachineLearning();
    const endpoint = `${ids.machineLearning}/batchEndpoints/fares`;
    expect(await put(endpoint, { location: "westus", properties: {} })).toContain("it must be that of 'mlw-one'");
  });

  it("a value that is none of the allowed ones", async () => {
    await whole.makeMachineLearning();
    await whole.makeAll("lake");
    for (const [name, properties] of [
      ["vault", { publicNetworkAccess: "Maybe" }],
      ["vault", { sku: { family: "A", name: "basic" } }],
      ["storage", { minimumTlsVersion: "TLS9" }],
      ["storage", { accessTier: "Warm" }],
      ["logs", { publicNetworkAccessForQuery: "Maybe" }],
      ["logs", { retentionInDays: 8 }],
      ["insights", { Application_Type: "mobile" }],
      ["insights", { IngestionMode: "Maybe" }],
      ["insights", { RetentionInDays: 31 }],
      ["machineLearning", { publicNetworkAccess: "Maybe" }],
      ["machineLearning", { systemDatastoresAuthMode: "password" }],
      ["machineLearning", { hbiWorkspace: "yes" }],
      ["synapse", { publicNetworkAccess: "Maybe" }],
    ] as const) {
      expect([properties, await changed(name, properties)]).toEqual([properties, expect.stringMatching(/^400 /)]);
    }
  });

  it("a reference to what is not there or is of another type", async () => {
    await whole.makeAll("vault", "storage", "logs", "insights", "lake");
    const other = "/subscriptions/11111111-1111-1111-1111-111111111111";
    for (const [name, properties] of [
      ["insights", { WorkspaceResourceId: `${ids.logs}2` }],
      ["insights", { WorkspaceResourceId: ids.vault }],
      ["machineLearning", { keyVault: `${ids.vault}2` }],
      ["machineLearning", { keyVault: ids.storage }],
      ["machineLearning", { storageAccount: ids.storage.replace(subscriptionPath, other) }],
      ["machineLearning", { storageAccount: ids.lake }],
      ["synapse", { defaultDataLakeStorage: { accountUrl: "https://none.dfs.core.windows.net", filesystem: "x" } }],
      [
        "synapse",
        { defaultDataLakeStorage: { accountUrl: "https://mlaccount.dfs.core.windows.net", filesystem: "x" } },
      ],
    ] as const) {
      expect([properties, await changed(name, properties)]).toEqual([properties, expect.stringMatching(/^40[04] /)]);
    }
  });

  it("a change of what cannot change", async () => {
    await whole.makeMachineLearning();
    await whole.makeAll("lake", "synapse");
    await put(ids.storage.replace("mlaccount", "other"), bodies.storage);
    await put(ids.lake.replace("lakeaccount", "otherlake"), bodies.lake);
    const otherLake = { accountUrl: "https://otherlake.dfs.core.windows.net", filesystem: "lake" };
    for (const [name, body] of [
      ["storage", withProperties(bodies.storage, { isHnsEnabled: true })],
      ["storage", { ...bodies.storage, kind: "BlobStorage", properties: { accessTier: "Hot" } }],
      ["storage", { ...bodies.storage, sku: { name: "Premium_LRS" } }],
      ["vault", withProperties(bodies.vault, { softDeleteRetentionInDays: 30 })],
      ["vault", withProperties(bodies.vault, { tenantId: "11111111-1111-1111-1111-111111111111" })],
      [
        "machineLearning",
        withProperties(bodies.machineLearning, { storageAccount: ids.storage.replace("mlaccount", "other") }),
      ],
      ["machineLearning", withProperties(bodies.machineLearning, { hbiWorkspace: true })],
      ["synapse", withProperties(bodies.synapse, { defaultDataLakeStorage: otherLake })],
      ["synapse", withProperties(bodies.synapse, { managedResourceGroupName: "another" })],
      ["synapse", { ...bodies.synapse, identity: { type: "None" } }],
    ] as const) {
      expect([body, await putAs(name, body)]).toEqual([body, expect.stringMatching(/^4\d\d /)]);
    }
  });

  it("a required property that lacks", async () => {
    await whole.makeAll("vault", "storage", "logs", "insights", "lake");
    for (const [name, member] of [
      ...([
        ["vault", "tenantId"],
        ["vault", "sku"],
        ["insights", "Application_Type"],
      ] as const),
      ...([
        ["insights", "WorkspaceResourceId"],
        ["machineLearning", "keyVault"],
      ] as const),
      ...([
        ["machineLearning", "storageAccount"],
        ["synapse", "defaultDataLakeStorage"],
      ] as const),
    ]) {
      const { [member]: _left, ...properties } = bodies[name].properties as JsonObject;
      expect(await putAs(name, { ...bodies[name], properties })).toMatch(new RegExp(`^400 .*${member}`));
    }
    for (const [name, member] of [
      ["storage", "kind"],
      ["storage", "sku"],
      ["synapse", "identity"],
    ] as const) {
      const { [member]: _left, ...body } = bodies[name] as JsonObject;
      expect(await putAs(name, body)).toMatch(new RegExp(`^400 .*${member}`));
    }
  });

  it("an owner's data role that lacks is not made up for by the control plane", async () => {
    await whole.makeAll("vault");
    const { objectId } = principals.deployer;
    expect(whole.arm.access.mayAct(objectId, "Microsoft.KeyVault/vaults/write", ids.vault)).toBe(true);
    const read = "Microsoft.KeyVault/vaults/secrets/getSecret/action";
    expect(whole.arm.access.assignmentsAt(subscriptionPath)).toMatchObject([{ roleId: owner, principalId: objectId }]);
    expect(whole.arm.access.mayActOnData(objectId, read, ids.vault)).toBe(false);
  });

  it("an api-version that is missing or malformed, at every kind of route", async () => {
    for (const path of [
      ...["/metadata/endpoints", "/subscriptions", "/tenants", subscriptionPath, `${subscriptionPath}/resources`],
      ...[`${subscriptionPath}/providers`, group, ids.vault, `${group}/providers/Microsoft.KeyVault/vaults`],
      `${subscriptionPath}/providers/Microsoft.MachineLearningServices/locations/centralus/usages`,
      `${subscriptionPath}/providers/Microsoft.KeyVault/deletedVaults`,
      `${ids.vault}/providers/Microsoft.Authorization/roleAssignments`,
      `${subscriptionPath}/operationresults/1`,
    ]) {
      for (const method of path === "/metadata/endpoints" ? ["GET"] : ["GET", "PUT", "POST", "DELETE", "PATCH"]) {
        const missing = await whole.arm.refusal(method, `${path}?api-version=`);
        const malformed = await whole.arm.refusal(method, `${path}?api-version=1.0`);
        expect([path, missing, malformed]).toEqual([
          path,
          "400 MissingApiVersionParameter",
          "400 InvalidApiVersionParameter",
        ]);
      }
    }
  });
});
