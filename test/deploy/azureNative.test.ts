import { beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../contract/json.js";
import type { ArmClient } from "../../emulator/deploy/armClient.js";
import { ArmError } from "../../emulator/deploy/armError.js";
import { armRules } from "../../emulator/deploy/armRules.js";
import { AzureNative } from "../../emulator/deploy/azureNative.js";

const vaultType = "azure-native:keyvault:Vault";
const vaultId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v";

let requests: string[];
let there: Map<string, JsonObject>;
let native: AzureNative;

const client: ArmClient = {
  subscriptionId: "s",
  identity: async () => ({ clientId: "c", objectId: "o", tenantId: "t", subscriptionId: "s" }),
  async get(path) {
    requests.push(`GET ${path}`);
    return there.get(path);
  },
  async existing(path) {
    const found = there.get(path);
    if (!found) throw new ArmError(404, "ResourceNotFound", `The Resource '${path}' was not found.`);
    return found;
  },
  async put(path, _version, body) {
    requests.push(`PUT ${path}`);
    return { ...body, id: path };
  },
  delete: async (path) => void requests.push(`DELETE ${path}`),
  deleteAt: async (url, audience) => void requests.push(`DELETE ${url} for ${audience}`),
  post: async () => ({}),
};

beforeEach(() => {
  requests = [];
  there = new Map();
  native = new AzureNative(client, "centralus");
});

describe("azure-native", () => {
  it("answers a get function for every type of its rules, and refuses any other by name", async () => {
    for (const type of Object.keys(armRules)) {
      const missing = native.invoke(type.replace(/:(\w+)$/, ":get$1"), {});
      await expect(missing).rejects.toThrow(/the input \w+ must be given/);
    }
    await expect(native.invoke("azure-native:storage:listStorageAccountKeys", {})).rejects.toThrow(
      "the emulator does not support the function azure-native:storage:listStorageAccountKeys",
    );
    const place = { vaultName: "v", resourceGroupName: "g", expand: "x" };
    await expect(native.invoke("azure-native:keyvault:getVault", place)).rejects.toThrow("the argument expand");
  });

  it("gets what is there as the outputs of its type, and says in the service's words what is not", async () => {
    const place = { vaultName: "v", resourceGroupName: "g" };
    await expect(native.invoke("azure-native:keyvault:getVault", place)).rejects.toMatchObject({
      code: "ResourceNotFound",
      message: `The Resource '${vaultId}' was not found.`,
    });
    there.set(vaultId, { id: vaultId, name: "v", properties: { vaultUri: "https://v.vault.azure.net/" } });
    await expect(native.invoke("azure-native:keyvault:getVault", place)).resolves.toMatchObject({
      id: vaultId,
      properties: { vaultUri: "https://v.vault.azure.net/" },
    });
  });

  it("reads a resource by its id alone: its outputs, and the inputs that would make it so", async () => {
    there.set(vaultId, {
      id: vaultId,
      name: "v",
      location: "westeurope",
      properties: { tenantId: "t", vaultUri: "u", networkAcls: { bypass: "None", ipRules: [{ value: "1.2.3.4" }] } },
    });
    await expect(native.read(vaultType, vaultId)).resolves.toMatchObject({
      id: vaultId,
      outputs: { name: "v", properties: { vaultUri: "u" } },
      inputs: {
        vaultName: "v",
        resourceGroupName: "g",
        location: "westeurope",
        properties: { tenantId: "t", networkAcls: { bypass: "None", ipRules: [{ value: "1.2.3.4" }] } },
      },
    });
    await expect(native.read(vaultType, `${vaultId}2`)).resolves.toBeUndefined();
    await expect(native.read(vaultType, "/subscriptions/s/resourceGroups/g")).rejects.toThrow(
      "/subscriptions/s/resourceGroups/g is no id of a azure-native:keyvault:Vault",
    );
  });

  it("takes over what was changed behind the deployment's back, and keeps what the service never answers", async () => {
    const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Synapse/workspaces/w";
    const type = "azure-native:synapse:Workspace";
    const inputs = { workspaceName: "w", resourceGroupName: "g", sqlAdministratorLoginPassword: "p", tags: { a: "1" } };
    const old = { id, inputs, outputs: { id, tags: { a: "1" }, connectivityEndpoints: {} } };
    there.set(id, { id, tags: { a: "2" }, properties: { connectivityEndpoints: { dev: "x" } } });
    await expect(native.read(type, id, old)).resolves.toMatchObject({ inputs: { ...inputs, tags: { a: "2" } } });
  });

  it("makes nothing in a preview, and foresees what is sure: nested values may get members from the service", async () => {
    const inputs = { vaultName: "v", resourceGroupName: "g", tags: { a: "1" }, properties: { tenantId: "t" } };
    const made = await native.create(vaultType, inputs, true);
    expect(made).toEqual({ id: "", outputs: { vaultName: "v", resourceGroupName: "g", tags: { a: "1" } } });
    const old = { id: vaultId, inputs, outputs: { name: "v", properties: { tenantId: "t", vaultUri: "u" } } };
    const news = { ...inputs, properties: { tenantId: "other" } };
    await expect(native.update(vaultType, old, news, true)).resolves.toMatchObject({
      id: vaultId,
      outputs: { name: "v", properties: { tenantId: "other", vaultUri: "u" } },
    });
    expect(requests).toEqual([]);
  });

  it("says of each changed input whether it calls for another resource", async () => {
    const inputs = { vaultName: "v", resourceGroupName: "g", location: "centralus", properties: { tenantId: "t" } };
    const old = { id: vaultId, inputs, outputs: {} };
    const news = { ...inputs, location: "westeurope", properties: { tenantId: "t", createMode: "recover" } };
    await expect(native.diff(vaultType, old, news)).resolves.toEqual({
      inputs: [
        { path: "location", kind: "changed", replaces: true },
        { path: "properties.createMode", kind: "added", replaces: false },
      ],
      deleteBeforeReplace: true,
      losesData: true,
    });
  });

  it("deletes a vault's secret where Azure can: in the vault", async () => {
    const inputs = { vaultName: "v", secretName: "a b", resourceGroupName: "g", properties: {} };
    await native.delete("azure-native:keyvault:Secret", { id: `${vaultId}/secrets/a b`, inputs, outputs: {} });
    await native.delete(vaultType, { id: vaultId, inputs: {}, outputs: {} });
    expect(requests).toEqual([
      "DELETE https://v.vault.azure.net/secrets/a%20b?api-version=7.5 for https://vault.azure.net",
      `DELETE ${vaultId}`,
    ]);
  });

  it("refuses a type that no rule is about", async () => {
    await expect(native.check("azure-native:network:VirtualNetwork", {})).rejects.toThrow(
      "the emulator does not support the resource type azure-native:network:VirtualNetwork",
    );
  });
});
