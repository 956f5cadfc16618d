import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { accountUrl, lakeId, refusalOf, TestSynapse, workspaceId, workspacePut } from "./testSynapse.js";

const type = "Microsoft.Synapse/workspaces";
const ruleType = "Microsoft.Synapse/workspaces/firewallRules";

let test: TestSynapse;
beforeEach(async () => {
  test = await TestSynapse.start();
});
afterEach(() => test.close());

const withProperties = (changes: JsonObject): JsonObject => ({
  ...workspacePut,
  properties: { ...(workspacePut["properties"] as JsonObject), ...changes },
});

describe("a workspace", () => {
  it("has what Azure fills in: endpoints, identity, ids, and never the password", async () => {
    test.putStorage(true);
    const login = {
      azureADOnlyAuthentication: false,
      sqlAdministratorLogin: "sa1",
      sqlAdministratorLoginPassword: "Pw-1234",
    };
    const { body } = await test.put(type, workspaceId, withProperties(login));
    const own = test.platform.directory.byResourceId(workspaceId);
    expect(body).toMatchObject({
      location: "Central US",
      identity: { type: "SystemAssigned", principalId: own?.objectId, tenantId: expect.any(String) },
      properties: {
        provisioningState: "Succeeded",
        defaultDataLakeStorage: { accountUrl, filesystem: "fs" },
        connectivityEndpoints: {
          web: `https://web.azuresynapse.net?workspace=${workspaceId.replaceAll("/", "%2f")}`,
          dev: "https://ws1.dev.azuresynapse.net",
          sqlOnDemand: "ws1-ondemand.sql.azuresynapse.net",
          sql: "ws1.sql.azuresynapse.net",
        },
        managedResourceGroupName: expect.stringMatching(/^synapseworkspace-managedrg-/),
        sqlAdministratorLogin: "sa1",
        publicNetworkAccess: "Enabled",
        extraProperties: { WorkspaceType: "Normal", IsScopeEnabled: false },
        cspWorkspaceAdminProperties: { initialWorkspaceAdminObjectId: test.deployer.objectId },
      },
    });
    expect(JSON.stringify(body)).not.toContain("Pw-1234");
  });

  it("makes its host name live, and unknown again when it is removed", async () => {
    expect(test.synapse.answersFor("ws1.dev.azuresynapse.net")).toBe("unknown");
    await test.deployWorkspace();
    expect(test.synapse.answersFor("WS1.dev.azuresynapse.net")).toBe("live");
    expect(test.synapse.answersFor("a.ws1.dev.azuresynapse.net")).toBeUndefined();
    expect(test.synapse.answersFor("ws1.vault.azure.net")).toBeUndefined();
    await test.removeWorkspace();
    expect(test.synapse.answersFor("ws1.dev.azuresynapse.net")).toBe("unknown");
  });

  it("answers GET /workspace with its ARM body", async () => {
    await test.deployWorkspace();
    const answer = await test.call("GET", "/workspace");
    expect(answer.body).toMatchObject({
      id: workspaceId,
      name: "ws1",
      type,
      properties: { workspaceUID: expect.any(String) },
    });
  });

  it("keeps its ids and its two administrators when it is put again", async () => {
    await test.deployWorkspace();
    const before = test.platform.resources.get(workspaceId);
    const after = await test.put(type, workspaceId, { ...workspacePut, tags: { a: "b" } });
    expect(after.body).toEqual({ ...before?.body, tags: { a: "b" } });
    expect((await test.call("GET", "/roleAssignments")).body).toMatchObject({ count: 2 });
  });

  it("has two administrators also when its making was gone on with after a kill", async () => {
    await test.deployWorkspace();
    const resource = test.platform.resources.get(workspaceId);
    const { apply } = test.synapse.resourceTypes.find((each) => each.type === type) ?? {};
    if (!resource || !apply) throw new Error("no workspace");
    const request = { ...{ id: workspaceId, name: "ws1", resourceGroup: "rg", apiVersion: "2021-06-01" } };
    const pending = { parent: undefined, existing: undefined, body: workspacePut, caller: test.deployer };
    await apply(resource, { ...request, ...pending });
    expect((await test.call("GET", "/roleAssignments")).body).toMatchObject({ count: 2 });
  });

  it("leaves nothing behind: a new one of the same name has no pipelines, no roles of the old, another identity", async () => {
    await test.deployWorkspace();
    await test.publish("p1", { activities: [] });
    await test.grant(test.principal("trigger"), "2a385764-43e8-416c-9825-7b18d05a2c4b");
    const identity = test.platform.directory.byResourceId(workspaceId);
    await test.removeWorkspace();
    await test.deployWorkspace();
    expect((await test.call("GET", "/pipelines")).body).toEqual({ value: [] });
    expect((await test.call("GET", "/roleAssignments")).body).toMatchObject({ count: 2 });
    expect(test.platform.directory.byResourceId(workspaceId)?.objectId).not.toBe(identity?.objectId);
  });

  it("has the integration runtime AutoResolveIntegrationRuntime and takes no other", async () => {
    await test.deployWorkspace();
    const id = `${workspaceId}/integrationRuntimes/AutoResolveIntegrationRuntime`;
    expect(test.platform.resources.get(id)?.body).toMatchObject({ properties: { type: "Managed" } });
    const other = test.put(`${type}/integrationRuntimes`, `${workspaceId}/integrationRuntimes/own`, {});
    expect((await refusalOf(other)).code).toBe("NotImplemented");
  });

  const refused: readonly [why: string, body: JsonObject, message: RegExp][] = [
    ["without default storage", { ...workspacePut, properties: {} }, /'defaultDataLakeStorage' is required/],
    ["without a filesystem", withProperties({ defaultDataLakeStorage: { accountUrl } }), /'filesystem'/],
    [
      "on an account that does not exist",
      withProperties({
        defaultDataLakeStorage: { accountUrl: "https://nolake.dfs.core.windows.net", filesystem: "fs" },
      }),
      /no storage account/,
    ],
    [
      "on an account URL with a slash at its end",
      withProperties({ defaultDataLakeStorage: { accountUrl: `${accountUrl}/`, filesystem: "fs" } }),
      /no storage account/,
    ],
    [
      "on an account id that is not the URL's",
      withProperties({ defaultDataLakeStorage: { accountUrl, filesystem: "fs", resourceId: `${lakeId}x` } }),
      /resourceId/,
    ],
    ["without an identity", { ...workspacePut, identity: { type: "None" } }, /SystemAssigned/],
    [
      "without a SQL password",
      withProperties({ azureADOnlyAuthentication: false, sqlAdministratorLogin: "sa" }),
      /azureADOnly/,
    ],
    ["in a managed network", withProperties({ managedVirtualNetwork: "default" }), /managedVirtualNetwork/],
  ];
  it.each(refused)("is refused %s", async (_why, body, message) => {
    test.putStorage(true);
    expect((await refusalOf(test.put(type, workspaceId, body))).message).toMatch(message);
  });

  it("is refused on an account without a hierarchical namespace", async () => {
    test.putStorage(false);
    const refusal = await refusalOf(test.put(type, workspaceId, workspacePut));
    expect([refusal.status, refusal.message]).toEqual([400, expect.stringContaining("hierarchical namespace")]);
  });

  it("is refused a name that is taken, ill-formed, or another default storage later", async () => {
    await test.deployWorkspace();
    const elsewhere = workspaceId.replace("/rg/", "/rg2/");
    expect((await refusalOf(test.put(type, elsewhere, workspacePut))).status).toBe(409);
    const badName = workspaceId.replace("ws1", "ws-ondemand-1");
    expect((await refusalOf(test.put(type, badName, workspacePut))).code).toBe("InvalidWorkspaceName");
    const moved = withProperties({ defaultDataLakeStorage: { accountUrl, filesystem: "other" } });
    expect((await refusalOf(test.put(type, workspaceId, moved))).message).toContain("cannot be changed");
  });
});

describe("a firewall rule", () => {
  it.each([
    ["no address", {}],
    ["no IPv4 address", { startIpAddress: "::1", endIpAddress: "::1" }],
    ["addresses out of order", { startIpAddress: "10.0.0.2", endIpAddress: "10.0.0.1" }],
  ])("is refused with %s", async (_why, properties) => {
    await test.deployWorkspace();
    const refusal = await refusalOf(test.put(ruleType, `${workspaceId}/firewallRules/r`, { properties }));
    expect([refusal.status, refusal.code]).toEqual([400, "InvalidFirewallRule"]);
  });
});
