import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomIds } from "../../../contract/ids.js";
import type { JsonObject } from "../../../contract/json.js";
import { errorOf, TestSynapse, workspaceId } from "./testSynapse.js";

const administrator = "6e4bf58a-b8e1-4cc3-bbf9-d73143322b78";
const artifactUser = "53faaa0e-40b6-40c8-a2ff-e38f2d388875";
const credentialUser = "5eb298b4-692c-4241-9cf0-f58a3b42bb25";

let test: TestSynapse;
beforeAll(async () => {
  test = await TestSynapse.start();
  await test.deployWorkspace();
});
afterAll(() => test.close());

const assign = (body: JsonObject, id = randomIds.uuid()) => test.call("PUT", `/roleAssignments/${id}`, { body });

describe("role definitions", () => {
  it("are a bare array of the eleven built-in roles", async () => {
    const roles = (await test.call("GET", "/roleDefinitions")).body as JsonObject[];
    expect(roles).toHaveLength(11);
    expect(roles.find(({ id }) => id === artifactUser)).toMatchObject({
      name: "Synapse Artifact User",
      isBuiltIn: true,
      availabilityStatus: "Available",
      scopes: ["workspaces/{workspaceName}"],
      permissions: [
        {
          actions: [],
          dataActions: [
            "Microsoft.Synapse/workspaces/read",
            "Microsoft.Synapse/workspaces/artifacts/read",
            "Microsoft.Synapse/workspaces/notebooks/viewOutputs/action",
            "Microsoft.Synapse/workspaces/pipelines/viewOutputs/action",
          ],
        },
      ],
    });
  });

  it("are found one by one, and by the scope that they can be assigned at", async () => {
    expect((await test.call("GET", `/roleDefinitions/${artifactUser}`)).body).toMatchObject({ id: artifactUser });
    expect((await test.call("GET", `/roleDefinitions/${randomIds.uuid()}`)).status).toBe(404);
    const atCredential = await test.call("GET", "/roleDefinitions?scope=workspaces/ws1/credentials/c1");
    expect((atCredential.body as JsonObject[]).map(({ name }) => name).sort()).toEqual([
      "Synapse Administrator",
      "Synapse Credential User",
      "Synapse User",
    ]);
    expect((await test.call("GET", "/roleDefinitions?isBuiltIn=false")).body).toEqual([]);
    expect((await test.call("GET", "/rbacScopes")).body).toHaveLength(6);
  });
});

describe("role assignments", () => {
  it("of a new workspace are two: its creator and its own identity are Synapse Administrators", async () => {
    const answer = await test.call("GET", "/roleAssignments");
    const own = test.platform.directory.byResourceId(workspaceId);
    const granted = { roleDefinitionId: administrator, scope: "workspaces/ws1", principalType: "ServicePrincipal" };
    expect(answer.body).toEqual({
      count: 2,
      value: [
        { id: expect.any(String), principalId: test.deployer.objectId, ...granted },
        { id: expect.any(String), principalId: own?.objectId, ...granted },
      ],
    });
    expect(answer.headers["x-ms-continuation"]).toBe("");
  });

  it("are written as roleId, read as roleDefinitionId, and gone after a delete", async () => {
    const id = randomIds.uuid();
    const principalId = test.principal("trigger").objectId;
    const wanted = { principalId, scope: "workspaces/ws1", principalType: "ServicePrincipal" };
    const answer = await assign({ roleId: artifactUser, ...wanted }, id);
    expect([answer.status, answer.body]).toEqual([200, { id, roleDefinitionId: artifactUser, ...wanted }]);
    expect((await test.call("GET", `/roleAssignments/${id}`)).body).toEqual(answer.body);
    expect((await test.call("DELETE", `/roleAssignments/${id}`)).status).toBe(200);
    expect((await test.call("DELETE", `/roleAssignments/${id}`)).status).toBe(204);
    const gone = await test.call("GET", `/roleAssignments/${id}`);
    expect([gone.status, gone.body]).toEqual([
      404,
      { error: { code: "RoleAssignmentNotFound", message: "RoleAssignmentNotFound" } },
    ]);
  });

  it("are refused twice: the same principal, role and scope under any id", async () => {
    const body = { roleId: credentialUser, principalId: test.principal("operator").objectId, scope: "workspaces/ws1" };
    expect((await assign(body)).status).toBe(200);
    const again = await assign(body);
    expect([again.status, errorOf(again).code]).toEqual([409, "RoleAssignmentExists"]);
  });

  it("are refused for a principal that the directory does not know, or of another type", async () => {
    const scope = "workspaces/ws1";
    const unknown = await assign({ roleId: artifactUser, principalId: randomIds.uuid(), scope });
    expect([unknown.status, errorOf(unknown).code]).toEqual([400, "InvalidPrincipalId"]);
    const principalId = test.principal("scoring").objectId;
    const user = await assign({ roleId: artifactUser, principalId, scope, principalType: "User" });
    expect([user.status, errorOf(user).code]).toEqual([400, "InvalidPrincipalId"]);
  });

  it("are refused for an unknown role, a scope of another workspace, or a scope that the role has not", async () => {
    const principalId = test.principal("scoring").objectId;
    expect((await assign({ roleId: randomIds.uuid(), principalId, scope: "workspaces/ws1" })).status).toBe(404);
    expect((await assign({ roleId: artifactUser, principalId, scope: "workspaces/ws2" })).status).toBe(400);
    expect((await assign({ roleId: artifactUser, principalId, scope: "workspaces/ws1/credentials/c" })).status).toBe(
      400,
    );
    expect((await assign({ roleId: artifactUser, principalId, scope: "workspaces/ws1" }, "not-a-guid")).status).toBe(
      400,
    );
    expect((await assign({ principalId })).status).toBe(400);
  });

  it("are written and deleted by Synapse Administrators alone", async () => {
    const caller = test.principal("scoring");
    await test.grant(caller, "7572bffe-f453-4b66-912a-46cc5ef38fda");
    const body = { roleId: administrator, principalId: caller.objectId, scope: "workspaces/ws1" };
    const put = await test.call("PUT", `/roleAssignments/${randomIds.uuid()}`, { as: caller, body });
    expect([put.status, errorOf(put).message]).toEqual([403, expect.stringContaining("roleAssignments/write")]);
    const gone = await test.call("DELETE", `/roleAssignments/${randomIds.uuid()}`, { as: caller });
    expect([gone.status, errorOf(gone).message]).toEqual([403, expect.stringContaining("roleAssignments/delete")]);
  });

  it("are listed by role, principal and scope; a narrower scope has the inherited ones too", async () => {
    const principalId = test.principal("trigger").objectId;
    await test.grant(test.principal("trigger"), credentialUser, "/credentials/c1");
    const ids = async (query: string) => {
      const { value } = (await test.call("GET", `/roleAssignments?${query}`)).body as { value: JsonObject[] };
      return value.filter((one) => one["principalId"] === principalId).map(({ scope }) => scope);
    };
    expect(await ids(`roleId=${credentialUser}`)).toEqual(["workspaces/ws1/credentials/c1"]);
    expect(await ids(`principalId=${test.deployer.objectId}`)).toEqual([]);
    expect(await ids("scope=workspaces/ws1")).toEqual([]);
    expect(await ids("scope=workspaces/ws1/credentials/c1")).toEqual(["workspaces/ws1/credentials/c1"]);
    const inherited = await test.call("GET", "/roleAssignments?scope=workspaces/ws1/credentials/c1");
    expect((inherited.body as { count: number }).count).toBeGreaterThan(2);
  });

  it("come in pages of 100 by x-ms-continuation", async () => {
    const principalId = test.principal("trigger").objectId;
    for (let index = 0; index < 101; index += 1) {
      const scope = `workspaces/ws1/linkedServices/l${index}`;
      await assign({ roleId: credentialUser, principalId, scope });
    }
    const path = `/roleAssignments?roleId=${credentialUser}&scope=workspaces/ws1/linkedServices/l1`;
    expect(((await test.call("GET", path)).body as { count: number }).count).toBe(2);
    const first = await test.call("GET", "/roleAssignments");
    expect((first.body as { count: number }).count).toBe(100);
    const next = String(first.headers["x-ms-continuation"]);
    const second = await test.call("GET", "/roleAssignments", { headers: { "x-ms-continuation": next } });
    expect(second.headers["x-ms-continuation"]).toBe("");
    expect((second.body as { count: number }).count).toBeGreaterThan(0);
    const bent = await test.call("GET", "/roleAssignments", { headers: { "x-ms-continuation": "nonsense" } });
    expect(bent.status).toBe(400);
  });
});

describe("checkAccessSynapseRbac", () => {
  it("answers per action, under both spellings, with the assignment that allows it", async () => {
    const answer = await test.call("POST", "/checkAccessSynapseRbac", {
      body: {
        subject: { principalId: test.principal("operator").objectId, groupIds: [] },
        actions: [
          { id: "Microsoft.Synapse/workspaces/credentials/useSecret/action", isDataAction: true },
          { id: "Microsoft.Synapse/workspaces/pipelines/write", isDataAction: true },
        ],
        scope: "workspaces/ws1",
      },
    });
    const decisions = [
      {
        accessDecision: "Allowed",
        actionId: "Microsoft.Synapse/workspaces/credentials/useSecret/action",
        roleAssignment: expect.objectContaining({ roleDefinitionId: credentialUser }),
      },
      { accessDecision: "NotAllowed", actionId: "Microsoft.Synapse/workspaces/pipelines/write" },
    ];
    expect(answer.body).toEqual({ AccessDecisions: decisions, accessDecisions: decisions });
    expect((await test.call("POST", "/checkAccessSynapseRbac", { body: {} })).status).toBe(400);
  });

  it.each(["", "workspaces/other", "workspaces/ws1/nothing/x"])("refuses the scope '%s'", async (scope) => {
    const subject = { principalId: test.principal("operator").objectId };
    const asked = [{ id: "Microsoft.Synapse/workspaces/read", isDataAction: true }];
    const answer = await test.call("POST", "/checkAccessSynapseRbac", { body: { subject, actions: asked, scope } });
    expect(answer.status).toBe(400);
  });
});
