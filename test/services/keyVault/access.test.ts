import { describe, expect, it } from "vitest";
import { principals, subscription } from "../../../emulator/platform/subscription.js";
import { startTestVault, vaultBody, vaultId } from "./support.js";

const challenge = `Bearer authorization="https://login.microsoftonline.com/${subscription.tenantId}", resource="https://vault.azure.net"`;
const callerOf = (name: keyof typeof principals) =>
  `appid=${principals[name].appId};oid=${principals[name].objectId};iss=https://sts.windows.net/${subscription.tenantId}/`;

describe("a request without a good token", () => {
  it("gets 401 with the challenge before its body or path is looked at", async () => {
    const vault = await startTestVault();
    for (const [method, path] of [
      ["PUT", "/secrets/bad_name"],
      ["GET", "/secrets/none?api-version="],
      ["GET", "/keys"],
    ] as const) {
      const answer = await vault.send(method, path, { headers: { "content-type": "application/json" } });
      expect([path, answer.status, answer.headers["www-authenticate"]]).toEqual([path, 401, challenge]);
      expect(answer.body.error).toEqual({
        code: "Unauthorized",
        message: "AKV10000: Request is missing a Bearer or PoP token.",
      });
    }
  });

  it("is told which audience was wrong; the right one may end with a slash", async () => {
    const vault = await startTestVault();
    const wrong = await vault.send("GET", "/secrets", { as: "scoring", audience: "https://management.azure.com" });
    expect(wrong.status).toBe(401);
    expect(wrong.body.error.message).toContain("AKV10022: Invalid audience.");
    expect((await vault.send("GET", "/secrets", { as: "scoring", audience: "https://vault.azure.net/" })).status).toBe(
      200,
    );
  });
});

describe("with roles", () => {
  it("a missing role is 403 ForbiddenByRbac with the caller, the action and the resource", async () => {
    const vault = await startTestVault();
    const { status, body } = await vault.send("GET", "/secrets/clientid", { as: "trigger" });
    expect(status).toBe(403);
    expect(body.error.code).toBe("Forbidden");
    expect(body.error.innererror).toEqual({ code: "ForbiddenByRbac" });
    expect(body.error.message.split("\r\n")).toEqual([
      "Caller is not authorized to perform action on resource.",
      "If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.",
      `Caller: ${callerOf("trigger")}`,
      "Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'",
      `Resource: '${vaultId("kv1").toLowerCase()}/secrets/clientid'`,
      "Assignment: (not found)",
      "DenyAssignmentId: null",
      "DecisionReason: null ",
      "Vault: kv1;location=centralus",
      "",
    ]);
  });

  it("a Secrets User reads and lists, and may do nothing else", async () => {
    const vault = await startTestVault();
    await vault.send("PUT", "/secrets/s", { as: "deployer", body: { value: "v" } });
    for (const [method, path, status, action] of [
      ["GET", "/secrets/s", 200, ""],
      ["GET", "/secrets", 200, ""],
      ["GET", "/secrets/s/versions", 200, ""],
      ["PUT", "/secrets/s", 403, "setSecret/action"],
      ["PATCH", "/secrets/s", 403, "update/action"],
      ["DELETE", "/secrets/s", 403, "delete"],
      ["POST", "/deletedsecrets/s/recover", 403, "recover/action"],
      ["DELETE", "/deletedsecrets/s", 403, "purge/action"],
    ] as const) {
      const answer = await vault.send(method, path, { as: "scoring" });
      expect([method, path, answer.status]).toEqual([method, path, status]);
      if (status === 403) expect(answer.body.error.message).toContain(`Microsoft.KeyVault/vaults/secrets/${action}'`);
    }
  });
});

describe("with access policies", () => {
  const policy = (name: keyof typeof principals, secrets: readonly string[]) => ({
    tenantId: subscription.tenantId,
    objectId: principals[name].objectId,
    permissions: { secrets },
  });

  it("only the permissions of the caller's policy count, roles do not", async () => {
    const accessPolicies = [policy("scoring", ["Get", "List"]), policy("operator", ["all"])];
    const vault = await startTestVault({ enableRbacAuthorization: false, accessPolicies });
    expect((await vault.send("PUT", "/secrets/s", { as: "operator", body: { value: "v" } })).status).toBe(200);
    expect((await vault.send("GET", "/secrets/s", { as: "scoring" })).body.value).toBe("v");
    const refused = await vault.send("DELETE", "/secrets/s", { as: "scoring" });
    expect(refused.status).toBe(403);
    expect(refused.body.error.innererror).toEqual({ code: "AccessDenied" });
    expect(refused.body.error.message).toBe(
      `The user, group or application '${callerOf("scoring")}' does not have secrets delete permission on key vault 'kv1;location=centralus'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`,
    );
    const officer = await vault.send("GET", "/secrets/s", { as: "deployer" });
    expect(officer.body.error.innererror).toEqual({ code: "AccessDenied" });
    await vault.send("DELETE", "/secrets/s", { as: "operator" });
    expect((await vault.send("DELETE", "/deletedsecrets/s", { as: "operator" })).status).toBe(403);
  });
});

describe("with network rules", () => {
  it("an address that is not listed is 403 ForbiddenByFirewall, and a closed vault 403 ForbiddenByConnection", async () => {
    const vault = await startTestVault({
      networkAcls: { defaultAction: "Deny", ipRules: [{ value: "203.0.113.0/24" }] },
    });
    const refused = await vault.send("GET", "/secrets", { as: "scoring" });
    expect([refused.status, refused.body.error.innererror.code]).toEqual([403, "ForbiddenByFirewall"]);
    expect(refused.body.error.message).toContain(
      "Client address is not authorized and caller is not a trusted service.",
    );
    await vault.put(vaultId("kv1"), vaultBody({ publicNetworkAccess: "Disabled" }));
    const closed = await vault.send("GET", "/secrets", { as: "scoring" });
    expect([closed.status, closed.body.error.innererror.code]).toEqual([403, "ForbiddenByConnection"]);
  });
});

describe("what a vault has and the emulator does not", () => {
  it("is refused by name, to a caller who is known", async () => {
    const vault = await startTestVault();
    for (const [method, path] of [
      ["GET", "/keys"],
      ["GET", "/certificates/c"],
      ["POST", "/certificates/c/backup"],
      ["GET", "/storage"],
    ] as const) {
      const answer = await vault.send(method, path, { as: "deployer" });
      expect(answer.status).toBe(404);
      expect(answer.body.error.message).toBe(`The emulator does not support ${method} ${path} on kv1.vault.azure.net.`);
    }
  });
});
