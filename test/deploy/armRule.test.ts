import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../contract/json.js";
import { fromResponse, toPut } from "../../emulator/deploy/armRule.js";
import { ruleOf } from "../../emulator/deploy/armRules.js";

const subscriptionId = "11111111-1111-1111-1111-111111111111";

const put = (type: string, inputs: JsonObject) => toPut(type, ruleOf(type), inputs, subscriptionId);

describe("a rule", () => {
  it("refuses an input that it does not know, by name", () => {
    const inputs = { vaultName: "v", resourceGroupName: "g", location: "x", properties: {}, networkRules: [] };
    expect(() => put("azure-native:keyvault:Vault", inputs)).toThrow(
      "azure-native:keyvault:Vault: the emulator does not support the input networkRules",
    );
  });

  it("refuses an input that it does not know inside of another, by its path", () => {
    const refused = (properties: JsonObject) => () =>
      put("azure-native:keyvault:Vault", { vaultName: "v", resourceGroupName: "g", properties });
    expect(refused({ sku: { name: "standard", size: 1 } })).toThrow("does not support the input properties.sku.size");
    expect(refused({ networkAcls: { ipRules: [{ value: "1.2.3.4" }, { adress: "x" }] } })).toThrow(
      "does not support the input properties.networkAcls.ipRules[1].adress",
    );
    expect(refused({ tenantId: { deeper: 1 } })).toThrow("does not support the input properties.tenantId.deeper");
  });

  it("leaves the names in a map to the user", () => {
    const tags = { anything: "goes", vaultUri: "too" };
    const inputs = { vaultName: "v", resourceGroupName: "g", tags, properties: {} };
    expect(put("azure-native:keyvault:Vault", inputs).body["tags"]).toEqual(tags);
  });

  it("renames inside of lists, both ways", () => {
    const networkRuleSet = { ipRules: [{ iPAddressOrRange: "1.2.3.4", action: "Allow" }] };
    const inputs = { accountName: "a", resourceGroupName: "g", networkRuleSet };
    const wire = { networkAcls: { ipRules: [{ value: "1.2.3.4", action: "Allow" }] } };
    expect(put("azure-native:storage:StorageAccount", inputs).body).toEqual({ properties: wire });
    const rule = ruleOf("azure-native:storage:StorageAccount");
    expect(fromResponse(rule, { properties: wire })).toMatchObject({ networkRuleSet });
  });

  it("refuses to make up a name", () => {
    expect(() => put("azure-native:keyvault:Vault", { resourceGroupName: "g", properties: {} })).toThrow(
      "the input vaultName must be given",
    );
  });

  it("puts names into the path, the envelope beside the properties, and the rest into the properties", () => {
    const inputs = {
      accountName: "a",
      resourceGroupName: "g",
      location: "centralus",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      enableHttpsTrafficOnly: true,
      isHnsEnabled: true,
    };
    expect(put("azure-native:storage:StorageAccount", inputs)).toEqual({
      path: `/subscriptions/${subscriptionId}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a`,
      apiVersion: "2024-01-01",
      query: {},
      body: {
        location: "centralus",
        kind: "StorageV2",
        sku: { name: "Standard_LRS" },
        properties: { supportsHttpsTrafficOnly: true, isHnsEnabled: true },
      },
    });
  });

  it("has no properties where the type has none", () => {
    const { path, body } = put("azure-native:resources:ResourceGroup", { resourceGroupName: "g", location: "x" });
    expect({ path, body }).toEqual({
      path: `/subscriptions/${subscriptionId}/resourceGroups/g`,
      body: { location: "x" },
    });
  });

  it("spells Application Insights as its service does", () => {
    const inputs = {
      resourceName: "c",
      resourceGroupName: "g",
      location: "x",
      kind: "web",
      applicationType: "web",
      ingestionMode: "LogAnalytics",
      workspaceResourceId: "/w",
    };
    const { body } = put("azure-native:applicationinsights:Component", inputs);
    expect(body).toEqual({
      location: "x",
      kind: "web",
      properties: { Application_Type: "web", IngestionMode: "LogAnalytics", WorkspaceResourceId: "/w" },
    });
    const response = { id: "/c", kind: "web", properties: { Application_Type: "web", ConnectionString: "k" } };
    expect(fromResponse(ruleOf("azure-native:applicationinsights:Component"), response)).toEqual({
      id: "/c",
      kind: "web",
      applicationType: "web",
      connectionString: "k",
      azureApiVersion: "2020-02-02",
    });
  });

  it("keeps a Log Analytics workspace's sku among the properties", () => {
    const inputs = { workspaceName: "w", resourceGroupName: "g", location: "x", sku: { name: "PerGB2018" } };
    expect(put("azure-native:operationalinsights:Workspace", inputs).body).toEqual({
      location: "x",
      properties: { sku: { name: "PerGB2018" } },
    });
  });

  it("renames a secret's times both ways", () => {
    const rule = ruleOf("azure-native:keyvault:Secret");
    const properties = { value: "v", attributes: { enabled: true, expires: 1, notBefore: 0 } };
    const inputs = { secretName: "s", vaultName: "v", resourceGroupName: "g", properties };
    const wire = { value: "v", attributes: { enabled: true, exp: 1, nbf: 0 } };
    expect(put("azure-native:keyvault:Secret", inputs).body).toEqual({ properties: wire });
    expect(fromResponse(rule, { id: "/s", properties: wire })["properties"]).toEqual(properties);
  });

  it("begins a role assignment's path with its scope", () => {
    const inputs = { scope: "/subscriptions/s/resourceGroups/g", roleAssignmentName: "n", principalId: "p" };
    expect(put("azure-native:authorization:RoleAssignment", inputs)).toMatchObject({
      path: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Authorization/roleAssignments/n",
      body: { properties: { principalId: "p" } },
    });
  });
});
