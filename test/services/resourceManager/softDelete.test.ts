import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { principals } from "../../../emulator/platform/subscription.js";
import { resumeDelete } from "../../../emulator/services/resourceManager/remove.js";
import { keepDeleted } from "../../../emulator/services/resourceManager/softDelete.js";
import { group, messageOf, owner, roleId, subscriptionPath } from "./testArm.js";
import { bodies, ids, WholeArm, withProperties } from "./wholeArm.js";

let whole: WholeArm;
beforeEach(async () => {
  whole = await WholeArm.start();
});
afterEach(() => whole.close());

const keyVault = `${subscriptionPath}/providers/Microsoft.KeyVault`;
const deletedVault = `${keyVault}/locations/centralus/deletedVaults/kv-one`;
const propertiesOf = (body: JsonObject) => body["properties"] as JsonObject;

describe("a deleted vault", () => {
  const deleteVault = async (properties: JsonObject = {}) => {
    await whole.make("vault", withProperties(bodies.vault, properties));
    await whole.arm.call("PUT", `${ids.vault}/secrets/one`, { body: { properties: { value: "1" } } });
    expect((await whole.delete("vault")).status).toBe(200);
  };

  it("keeps its name: a PUT is 409 ConflictError in the service's words, in any group", async () => {
    await deleteVault();
    expect((await whole.arm.call("GET", ids.vault)).status).toBe(404);
    const answer = await whole.make("vault");
    expect([answer.status, (answer.body["error"] as JsonObject)["code"]]).toEqual([409, "ConflictError"]);
    expect(messageOf(answer)).toContain("A vault with the same name already exists in deleted state.");
    await whole.arm.call("PUT", `${group}2`, { body: { location: "centralus" } });
    const elsewhere = ids.vault.replace("/rg/", "/rg2/");
    expect(await whole.arm.refusal("PUT", elsewhere, { body: bodies.vault })).toBe("409 ConflictError");
  });

  it("is told by location and in the list, with its dates; its name is not available", async () => {
    await deleteVault();
    const { body } = await whole.arm.call("GET", deletedVault);
    expect(body).toMatchObject({ id: deletedVault, name: "kv-one", type: "Microsoft.KeyVault/deletedVaults" });
    expect(propertiesOf(body)).toMatchObject({
      ...{ vaultId: ids.vault, location: "centralus" },
      ...{ deletionDate: "2026-03-01T08:00:00.000Z", scheduledPurgeDate: "2026-03-08T08:00:00.000Z" },
    });
    const list = await whole.arm.call("GET", `${keyVault}/deletedVaults`);
    expect(list.body["value"]).toEqual([body]);
    expect(await whole.arm.refusal("GET", deletedVault.replace("centralus", "westus"))).toBe(
      "404 DeletedVaultNotFound",
    );
    const check = { name: "kv-one", type: "Microsoft.KeyVault/vaults" };
    const available = await whole.arm.call("POST", `${keyVault}/checkNameAvailability`, { body: check });
    expect(available.body).toMatchObject({ nameAvailable: false, reason: "AlreadyExists" });
  });

  it("is recovered as it was by createMode recover, with its secrets, without its role assignments", async () => {
    await whole.make("vault");
    const principalId = whole.arm.platform.directory.all()[1]?.objectId ?? "";
    const assignment = `${ids.vault}/providers/Microsoft.Authorization/roleAssignments/0f0e0d0c-0b0a-4908-8706-050403020100`;
    await whole.arm.call("PUT", assignment, { body: { properties: { roleDefinitionId: roleId(owner), principalId } } });
    await deleteVault({ enabledForTemplateDeployment: true });
    const answer = await whole.make("vault", withProperties(bodies.vault, { createMode: "recover" }));
    expect(answer.status).toBe(200);
    expect(propertiesOf(answer.body)).toMatchObject({ enabledForTemplateDeployment: true });
    expect((await whole.arm.call("GET", `${ids.vault}/secrets/one`)).status).toBe(200);
    expect((await whole.arm.call("GET", assignment)).status).toBe(404);
    expect(await whole.arm.refusal("GET", deletedVault)).toBe("404 DeletedVaultNotFound");
  });

  it("that was never there is not recovered", async () => {
    const body = withProperties(bodies.vault, { createMode: "recover" });
    expect(await whole.arm.refusal("PUT", ids.vault, { body })).toBe("404 DeletedVaultNotFound");
  });

  it("is purged by a POST that is followed to its end; then its name is free and its secrets are gone", async () => {
    await deleteVault();
    const purge = await whole.arm.call("POST", `${deletedVault}/purge`);
    expect(purge.status).toBe(202);
    await whole.arm.arm.context.operations.settled();
    const poll = String(purge.headers["location"]).replace("https://management.azure.com", "");
    expect((await whole.arm.call("GET", poll)).status).toBe(200);
    expect(await whole.arm.refusal("GET", deletedVault)).toBe("404 DeletedVaultNotFound");
    expect([whole.rows("deleted_resources"), whole.rows("secret_versions")]).toEqual([0, 0]);
    expect((await whole.make("vault")).status).toBe(201);
  });

  it("with purge protection is not purged: 405 MethodNotAllowed", async () => {
    await deleteVault({ enablePurgeProtection: true });
    const answer = await whole.arm.call("POST", `${deletedVault}/purge`);
    expect([answer.status, messageOf(answer)]).toEqual([405, "Operation 'DeletedVaultPurge' is not allowed."]);
  });

  it("is gone by itself when its days are over", async () => {
    await deleteVault({ enablePurgeProtection: true });
    whole.clock.pass(6.9);
    expect((await whole.arm.call("GET", deletedVault)).status).toBe(200);
    whole.clock.pass(0.2);
    expect((await whole.make("vault")).status).toBe(201);
    expect(whole.rows("secret_versions")).toBe(0);
  });

  it("is shown and purged only by who may do so in the subscription", async () => {
    await deleteVault();
    for (const [method, path] of [
      ["GET", deletedVault],
      ["GET", `${keyVault}/deletedVaults`],
      ["POST", `${deletedVault}/purge`],
    ] as const) {
      expect(await whole.arm.refusal(method, path, { as: "trigger" })).toBe("403 AuthorizationFailed");
    }
  });

  it("is kept also when its group is deleted, and comes back into a new group of that name", async () => {
    await deleteVault();
    await whole.make("vault", withProperties(bodies.vault, { createMode: "recover" }));
    await whole.arm.call("DELETE", group);
    await whole.arm.arm.context.operations.settled();
    expect((await whole.arm.call("GET", deletedVault)).status).toBe(200);
    await whole.arm.withGroup();
    const recovered = await whole.make("vault", withProperties(bodies.vault, { createMode: "recover" }));
    expect(recovered.status).toBe(200);
    expect((await whole.arm.call("GET", `${ids.vault}/secrets/one`)).status).toBe(200);
  });
});

describe("a deletion that was killed on its way", () => {
  it("keeps what it had begun to keep, and goes on to its end", async () => {
    await whole.make("vault");
    await whole.arm.call("PUT", `${ids.vault}/secrets/one`, { body: { properties: { value: "1" } } });
    const { resources } = whole.arm.platform;
    const { context } = whole.arm.arm;
    const remove = resources.remove;
    resources.remove = () => {
      throw new Error("killed");
    };
    const start = { kind: "delete", resourceId: ids.vault, callerId: "", apiVersion: "2024-11-01" } as const;
    const operation = context.operations.begin(start, { atOnce: false });
    resumeDelete(context, operation, { atOnce: false });
    await context.operations.settled();
    expect(whole.rows("deleted_resources")).toBe(0);

    resources.remove = remove;
    keepDeleted(context, [...resources.below(ids.vault)], undefined);
    const kept = resources.get(ids.vault);
    if (kept) keepDeleted(context, [kept], undefined);
    resources.remove(`${ids.vault}/secrets/one`);
    resumeDelete(context, operation, { atOnce: false });
    await context.operations.settled();
    expect((await whole.arm.call("GET", ids.vault)).status).toBe(404);
    await whole.make("vault", withProperties(bodies.vault, { createMode: "recover" }));
    expect((await whole.arm.call("GET", `${ids.vault}/secrets/one`)).status).toBe(200);
  });
});

describe("a deleted ML workspace", () => {
  it("keeps its name for 14 days: a PUT is 400 Soft-deleted workspace exists", async () => {
    await whole.makeMachineLearning();
    await whole.delete("machineLearning");
    const answer = await whole.make("machineLearning");
    expect([answer.status, messageOf(answer)]).toEqual([
      400,
      "Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete",
    ]);
    whole.clock.pass(14);
    expect((await whole.make("machineLearning")).status).toBe(201);
  });

  it("is recovered with its assets and its identity's roles, without its clusters", async () => {
    await whole.makeMachineLearning();
    const made = await whole.arm.call("GET", ids.machineLearning);
    await whole.arm.call("PUT", `${ids.machineLearning}/environments/e/versions/1`, {
      body: { properties: { image: "image:1" } },
    });
    await whole.arm.call("PUT", `${ids.machineLearning}/computes/cluster`, { body: cluster("STANDARD_DS3_V2") });
    await whole.delete("machineLearning");
    const wanted = withProperties(bodies.machineLearning, { allowRecoverSoftDeletedWorkspace: "True" });
    const { status, body } = await whole.make("machineLearning", wanted);
    expect(status).toBe(200);
    expect(propertiesOf(body)["workspaceId"]).toBe(propertiesOf(made.body)["workspaceId"]);
    const found = (path: string) => whole.arm.call("GET", `${ids.machineLearning}${path}`);
    expect((await found("/environments/e/versions/1")).status).toBe(200);
    expect((await found("/computes/cluster")).status).toBe(404);
    const { principalId } = body["identity"] as JsonObject;
    expect(whole.arm.access.assignmentsAt(ids.vault).map((held) => held.principalId)).toContain(principalId);
  });

  it("is not recovered by who may not assign roles: the service assigns its identity's on the caller's behalf", async () => {
    await whole.makeMachineLearning();
    await whole.delete("machineLearning");
    const { objectId: principalId } = principals.trigger;
    const assignment = `${group}/providers/Microsoft.Authorization/roleAssignments/0f0e0d0c-0b0a-4908-8706-050403020100`;
    const contributor = roleId("b24988ac-6180-42a0-ab88-20f7382dd24c");
    const properties = { roleDefinitionId: contributor, principalId, principalType: "ServicePrincipal" };
    await whole.arm.call("PUT", assignment, { body: { properties } });
    const body = withProperties(bodies.machineLearning, { allowRecoverSoftDeletedWorkspace: "True" });
    expect(await whole.arm.refusal("PUT", ids.machineLearning, { as: "trigger", body })).toBe(
      "403 AuthorizationFailed",
    );
  });

  it("is gone at once with forceToPurge, before or after a deletion", async () => {
    await whole.makeMachineLearning();
    await whole.delete("machineLearning", "?forceToPurge=true");
    expect((await whole.make("machineLearning")).status).toBe(201);
    await whole.delete("machineLearning");
    expect((await whole.delete("machineLearning")).status).toBe(204);
    expect((await whole.delete("machineLearning", "?forceToPurge=true")).status).toBe(200);
    expect((await whole.make("machineLearning")).status).toBe(201);
  });
});

describe("a deleted Log Analytics workspace", () => {
  const customerId = async () => propertiesOf((await whole.arm.call("GET", ids.logs)).body)["customerId"];

  it("comes back when its name is put again within 14 days, in its own region alone", async () => {
    await whole.make("logs");
    const before = await customerId();
    await whole.delete("logs");
    const list = `${group}/providers/Microsoft.OperationalInsights/deletedWorkspaces`;
    expect((await whole.arm.call("GET", list)).body["value"]).toMatchObject([{ id: ids.logs }]);
    const elsewhere = { ...bodies.logs, location: "westus" };
    expect(await whole.arm.refusal("PUT", ids.logs, { body: elsewhere })).toBe("409 InvalidResourceLocation");
    expect((await whole.make("logs")).status).toBe(200);
    expect(await customerId()).toBe(before);
  });

  it("is another one after 14 days, or at once after force=true", async () => {
    await whole.make("logs");
    const first = await customerId();
    await whole.delete("logs");
    whole.clock.pass(14);
    await whole.make("logs");
    const second = await customerId();
    await whole.delete("logs", "?force=true");
    await whole.make("logs");
    expect(new Set([first, second, await customerId()]).size).toBe(3);
  });
});

const cluster = (vmSize: string): JsonObject => ({
  properties: {
    computeType: "AmlCompute",
    properties: { vmSize, scaleSettings: { minNodeCount: 0, maxNodeCount: 1 } },
  },
});

describe("after everything was deleted and purged", () => {
  it("nothing is left: no resource, no role, no kept row, no secret, no key", async () => {
    await whole.makeMachineLearning();
    await whole.makeAll("lake", "synapse");
    await whole.arm.call("PUT", `${ids.vault}/secrets/one`, { body: { properties: { value: "1" } } });
    await whole.arm.call("POST", `${ids.logs}/sharedKeys`);
    const dataset = "INSERT INTO machine_learning_datasets VALUES ('1', ?, '{}', 'path')";
    whole.arm.platform.store.run(dataset, ids.machineLearning.toLowerCase());
    await whole.delete("machineLearning", "?forceToPurge=true");
    await whole.delete("logs", "?force=true");
    await whole.arm.call("DELETE", group);
    await whole.arm.arm.context.operations.settled();
    await whole.arm.call("POST", `${deletedVault}/purge`);
    await whole.arm.arm.context.operations.settled();
    for (const table of [
      ...["resources", "deleted_resources", "secret_versions", "deleted_secrets", "log_analytics_keys"],
      ...["storage_account_keys", "machine_learning_jobs", "machine_learning_datasets", "synapse_role_assignments"],
    ]) {
      expect([table, whole.rows(table)]).toEqual([table, 0]);
    }
    expect(whole.rows("role_assignments")).toBe(1);
    expect(whole.arm.platform.directory.all().filter(({ kind }) => kind === "ManagedIdentity")).toEqual([]);
  });
});
