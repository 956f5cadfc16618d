import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtInRoles } from "../../../emulator/services/synapse/roles/builtInRoles.js";
import { errorOf, TestSynapse, workspaceId, workspacePut } from "./testSynapse.js";

const roleId = (name: string) => {
  const role = builtInRoles.find((candidate) => candidate.name.endsWith(name));
  if (!role) throw new Error(name);
  return role.id;
};

describe("a call to a workspace", () => {
  let test: TestSynapse;
  beforeAll(async () => {
    test = await TestSynapse.start();
    await test.deployWorkspace();
  });
  afterAll(() => test.close());

  it("without a token is answered 401 with a challenge that names the tenant and the resource", async () => {
    const answer = await test.call("GET", "/pipelines", { as: null });
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toMatch(
      /^Bearer authorization="https:\/\/login\.microsoftonline\.com\/.+", resource="https:\/\/dev\.azuresynapse\.net"$/,
    );
    expect(errorOf(answer).code).toBe("AuthenticationFailed");
  });

  it("with a token for another service is answered 401, with or without a slash after its own it is taken", async () => {
    const other = await test.call("GET", "/pipelines", { audience: "https://vault.azure.net" });
    expect(other.status).toBe(401);
    expect(errorOf(other).message).toContain("Audience validation failed");
    const slash = await test.call("GET", "/pipelines", { audience: "https://dev.azuresynapse.net/" });
    expect(slash.status).toBe(200);
  });

  it("with a bent token is answered 401", async () => {
    const answer = await test.call("GET", "/pipelines", { as: null, headers: { authorization: "Bearer a.b.c" } });
    expect(answer.status).toBe(401);
  });

  it("takes any plausible api-version, also with its name doubled, and refuses the rest", async () => {
    for (const version of ["2020-12-01", "api-version=2020-12-01", "2021-11-01-preview"]) {
      expect((await test.call("GET", `/pipelines?api-version=${version}`)).status).toBe(200);
    }
    const odd = await test.call("GET", "/pipelines?api-version=latest");
    expect([odd.status, errorOf(odd).code]).toEqual([400, "InvalidApiVersionParameter"]);
    const none = await test.call("GET", "/pipelines?x-api-version=");
    expect([none.status, errorOf(none).code]).toEqual([400, "MissingApiVersionParameter"]);
  });

  it("to an artifact that is not served is refused by name", async () => {
    for (const path of ["/dataflows/d1", "/sqlScripts", "/notebooks/n"]) {
      const answer = await test.call("PUT", path, { body: {} });
      expect([answer.status, errorOf(answer).code]).toEqual([501, "NotImplemented"]);
    }
    expect(errorOf(await test.call("GET", "/dataflows/d1")).message).toContain("data flows");
    expect((await test.call("GET", "/dataflows", { as: null })).status).toBe(401);
  });
});

describe("the firewall", () => {
  it("refuses an address that no rule names with Azure's sentence, and lets it in once a rule does", async () => {
    const test = await TestSynapse.start();
    await test.deployWorkspace();
    await test.allowAddresses("10.0.0.1", "126.255.255.255");
    const refused = await test.call("GET", "/pipelines");
    expect(refused.status).toBe(403);
    expect(refused.body).toEqual({
      error: { code: "ClientIpAddressNotAuthorized", message: "Client Ip address : 127.0.0.1" },
    });
    await test.allowAddresses("10.0.0.1", "127.0.0.1");
    expect((await test.call("GET", "/pipelines")).status).toBe(200);
    await test.close();
  });

  it("keeps everybody out where public access is disabled", async () => {
    const test = await TestSynapse.start();
    await test.deployWorkspace();
    const properties = { ...(workspacePut["properties"] as object), publicNetworkAccess: "Disabled" };
    await test.put("Microsoft.Synapse/workspaces", workspaceId, { ...workspacePut, properties });
    expect((await test.call("GET", "/pipelines")).status).toBe(403);
    await test.close();
  });
});

/** azure-docs "Synapse RBAC roles": who may start a run, read runs, cancel, publish. */
const table: readonly [roles: readonly string[], start: boolean, read: boolean, cancel: boolean, publish: boolean][] = [
  [["Synapse Administrator"], true, true, true, true],
  [["Synapse Contributor"], false, true, true, true],
  [["Artifact Publisher"], false, true, false, true],
  [["Artifact User"], false, true, false, false],
  [["Compute Operator"], false, false, true, false],
  [["Monitoring Operator"], false, true, false, false],
  [["Credential User"], true, false, false, false],
  [["Synapse User", "Credential User"], true, false, false, false],
  [["Synapse User", "Credential User", "Artifact User"], true, true, false, false],
  [["Synapse User"], false, false, false, false],
];

describe.each(table)("%s", (roles, start, read, cancel, publish) => {
  let test: TestSynapse;
  beforeAll(async () => {
    test = await TestSynapse.start();
    await test.deployWorkspace();
    await test.publish("p1", { activities: [{ name: "w", type: "Wait", typeProperties: { waitTimeInSeconds: 0 } }] });
    for (const role of roles) await test.grant(test.principal("trigger"), roleId(role));
  });
  afterAll(() => test.close());

  async function expectAnswer(allowed: boolean, call: Parameters<TestSynapse["call"]>, permission: string) {
    const caller = test.principal("trigger");
    const answer = await test.call(call[0], call[1], { ...call[2], as: caller });
    if (allowed) {
      expect([answer.status, answer.body]).not.toEqual([403, expect.anything()]);
      return;
    }
    expect(answer.status).toBe(403);
    expect(errorOf(answer)).toEqual({
      code: "Unauthorized",
      message:
        `The principal '${caller.objectId}' does not have the required Synapse RBAC permission to perform this ` +
        `action. Required permission: Action: Microsoft.Synapse/workspaces/${permission}.`,
    });
  }

  it(`${start ? "starts" : "does not start"} a pipeline`, () =>
    expectAnswer(
      start,
      ["POST", "/pipelines/p1/createRun"],
      "credentials/useSecret/action, Scope: workspaces/ws1/credentials/WorkspaceSystemIdentity",
    ));

  it(`${read ? "reads" : "does not read"} runs`, async () => {
    const permission = "pipelines/viewOutputs/action, Scope: workspaces/ws1";
    const id = "11111111-1111-4111-8111-111111111111";
    await expectAnswer(read, ["GET", `/pipelineruns/${id}`], permission);
    await expectAnswer(read, ["POST", "/queryPipelineRuns", { body: {} }], permission);
    await expectAnswer(read, ["POST", `/pipelines/p1/pipelineruns/${id}/queryActivityruns`], permission);
  });

  it(`${cancel ? "cancels" : "does not cancel"} runs`, () =>
    expectAnswer(
      cancel,
      ["POST", "/pipelineruns/11111111-1111-4111-8111-111111111111/cancel"],
      "cancelPipelineRun/action, Scope: workspaces/ws1",
    ));

  it(`${publish ? "publishes" : "does not publish"} pipelines`, async () => {
    const body = { properties: { activities: [] } };
    await expectAnswer(publish, ["PUT", "/pipelines/p2", { body }], "pipelines/write, Scope: workspaces/ws1");
    await expectAnswer(publish, ["DELETE", "/pipelines/p2"], "pipelines/delete, Scope: workspaces/ws1");
  });
});

describe("a principal", () => {
  let test: TestSynapse;
  beforeAll(async () => {
    test = await TestSynapse.start();
    await test.deployWorkspace();
    await test.publish("p1", { activities: [{ name: "w", type: "Wait", typeProperties: { waitTimeInSeconds: 0 } }] });
  });
  afterAll(() => test.close());

  it("without any role is refused the sight of the workspace, with /* after the scope", async () => {
    const caller = test.principal("operator");
    for (const path of ["/workspace", "/roleAssignments", "/roleDefinitions"]) {
      const answer = await test.call("GET", path, { as: caller });
      expect(answer.status).toBe(403);
      expect(errorOf(answer).message).toBe(
        `The principal '${caller.objectId}' does not have the required Synapse RBAC permission to perform this ` +
          "action. Required permission: Action: Microsoft.Synapse/workspaces/read, Scope: workspaces/ws1/*.",
      );
    }
  });

  it("with Credential User on another credential alone starts nothing", async () => {
    const caller = test.principal("trigger");
    await test.grant(caller, roleId("Credential User"), "/credentials/WorkspaceSystemIdentity2");
    expect((await test.call("POST", "/pipelines/p1/createRun", { as: caller })).status).toBe(403);
  });

  it("with Credential User on the system identity alone starts runs and sees the workspace", async () => {
    const caller = test.principal("scoring");
    await test.grant(caller, roleId("Credential User"), "/credentials/WorkspaceSystemIdentity");
    expect((await test.call("POST", "/pipelines/p1/createRun", { as: caller })).status).toBe(202);
    expect((await test.call("GET", "/workspace", { as: caller })).status).toBe(200);
  });
});
