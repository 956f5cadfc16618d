import { beforeEach, describe, expect, it } from "vitest";
import { randomIds } from "../../../contract/ids.js";
import { principals } from "../../../emulator/platform/subscription.js";
import { group, reader, roleId, subscriptionPath, TestArm } from "./testArm.js";

const permissions = (scope: string) => `${scope}/providers/Microsoft.Authorization/permissions`;
const assignments = (scope: string) => `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomIds.uuid()}`;
const all = { actions: ["*"], notActions: [], dataActions: [], notDataActions: [] };
const reads = { ...all, actions: ["*/read"] };

describe("a principal's permissions", () => {
  let arm: TestArm;
  beforeEach(async () => {
    arm = await (await TestArm.start()).withGroup();
  });

  it("are those of its roles at the scope and above it", async () => {
    expect((await arm.call("GET", permissions(subscriptionPath))).body).toEqual({ value: [all] });
    expect((await arm.call("GET", permissions(group))).body).toEqual({ value: [all] });
  });

  it("are its own alone, and none of below", async () => {
    const { objectId: principalId } = principals.scoring;
    const body = { properties: { roleDefinitionId: roleId(reader), principalId, principalType: "ServicePrincipal" } };
    await arm.call("PUT", assignments(group), { body });
    expect((await arm.call("GET", permissions(group), { as: "scoring" })).body).toEqual({ value: [reads] });
    expect(await arm.refusal("GET", permissions(subscriptionPath), { as: "scoring" })).toBe("403 AuthorizationFailed");
    expect((await arm.call("GET", permissions(subscriptionPath))).body).toEqual({ value: [all] });
  });

  it("are only read, and of a group that exists", async () => {
    expect(await arm.refusal("PUT", permissions(group), { body: {} })).toMatch(/^4/);
    expect(await arm.refusal("GET", permissions(`${group}-2`))).toBe("404 ResourceGroupNotFound");
  });
});
