import { SynapseManagementClient } from "@azure/arm-synapse";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../contract/json.js";
import { type ArmRule, fromResponse, toPut } from "../../emulator/deploy/armRule.js";
import { armRules } from "../../emulator/deploy/armRules.js";

const subscriptionId = "11111111-1111-1111-1111-111111111111";

function ruleOf(type: string): ArmRule {
  const rule = armRules[type];
  if (!rule) throw new Error(`no rule for ${type}`);
  return rule;
}

const put = (type: string, inputs: JsonObject) => toPut(type, ruleOf(type), inputs, subscriptionId);

describe("a rule", () => {
  it("refuses an input that it does not know, by name", () => {
    const inputs = { vaultName: "v", resourceGroupName: "g", location: "x", properties: {}, networkRules: [] };
    expect(() => put("azure-native:keyvault:Vault", inputs)).toThrow(
      "azure-native:keyvault:Vault: the emulator does not support the input networkRules",
    );
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

describe("the Synapse rules, compared with what Azure's own client sends", () => {
  const identity = { type: "SystemAssigned" as const };
  const workspace = {
    location: "centralus",
    identity,
    defaultDataLakeStorage: { resourceId: "/lake", accountUrl: "https://l.dfs.core.windows.net", filesystem: "f" },
    azureADOnlyAuthentication: true,
    publicNetworkAccess: "Enabled" as const,
    trustedServiceBypassEnabled: false,
    managedResourceGroupName: "managed",
    sqlAdministratorLogin: "admin",
    cspWorkspaceAdminProperties: { initialWorkspaceAdminObjectId: "o" },
  };

  async function sent(
    call: (client: SynapseManagementClient) => Promise<unknown>,
  ): Promise<{ path: string; body: unknown }> {
    const requests: { path: string; body: unknown }[] = [];
    const credential = { getToken: async () => ({ token: "t", expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
    const client = new SynapseManagementClient(credential, subscriptionId, {
      httpClient: {
        async sendRequest(request) {
          requests.push({ path: new URL(request.url).pathname, body: JSON.parse(String(request.body)) });
          return { request, status: 200, headers: request.headers, bodyAsText: "{}" };
        },
      },
    });
    await call(client);
    const [first] = requests;
    if (!first) throw new Error("the client sent nothing");
    return first;
  }

  it("workspace", async () => {
    const { path, body } = await sent((client) => client.workspaces.beginCreateOrUpdateAndWait("g", "w", workspace));
    const own = put("azure-native:synapse:Workspace", { ...workspace, workspaceName: "w", resourceGroupName: "g" });
    expect({ path: own.path, body: own.body }).toEqual({ path, body });
  });

  it("address rule", async () => {
    const rule = { startIpAddress: "1.2.3.4", endIpAddress: "1.2.3.5" };
    const { path, body } = await sent((client) =>
      client.ipFirewallRules.beginCreateOrUpdateAndWait("g", "w", "r", rule),
    );
    const inputs = { ...rule, ruleName: "r", workspaceName: "w", resourceGroupName: "g" };
    const own = put("azure-native:synapse:IpFirewallRule", inputs);
    expect({ path: own.path, body: own.body }).toEqual({ path, body });
  });
});
