import { beforeEach, describe, expect, it } from "vitest";
import { randomIds } from "../../../contract/ids.js";
import type { Json } from "../../../contract/json.js";
import { principals } from "../../../emulator/platform/subscription.js";
import { group, messageOf, owner, plainType, reader, roleId, subscriptionPath, TestArm } from "./testArm.js";

const box = `${group}/providers/Microsoft.Test/boxes/one`;
const container = `${box}/blobServices/default/containers/scores`;
const path = (scope: string, name = randomIds.uuid()) =>
  `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
const body = (role = reader, members: Readonly<Record<string, Json>> = {}) => ({
  properties: {
    roleDefinitionId: roleId(role),
    principalId: principals.scoring.objectId,
    principalType: "ServicePrincipal",
    ...members,
  },
});

let arm: TestArm;
beforeEach(async () => {
  arm = await (await TestArm.start([plainType("Microsoft.Test/boxes")])).withGroup();
  await arm.call("PUT", box, { body: { location: "eastus" } });
});

describe("a role assignment", () => {
  it("is made at a subscription, a group, a resource and what is inside one, and is in force at once", async () => {
    expect(await arm.refusal("GET", box, { as: "scoring" })).toBe("403 AuthorizationFailed");
    for (const scope of [container, box, group, subscriptionPath]) {
      const at = path(scope);
      const made = await arm.call("PUT", at, { body: body() });
      expect(made).toMatchObject({
        status: 201,
        body: {
          id: at,
          type: "Microsoft.Authorization/roleAssignments",
          properties: { scope, roleDefinitionId: roleId(reader), principalType: "ServicePrincipal", condition: null },
        },
      });
      expect((await arm.call("GET", at)).body).toEqual(made.body);
      expect((await arm.call("GET", box, { as: "scoring" })).status).toBe(scope === container ? 403 : 200);
    }
  });

  it("answers its deletion with itself, then with 204, and is not in force any more", async () => {
    const at = path(group);
    await arm.call("PUT", at, { body: body() });
    expect(await arm.call("DELETE", at)).toMatchObject({ status: 200, body: { id: at } });
    expect((await arm.call("DELETE", at)).status).toBe(204);
    expect(await arm.refusal("GET", at)).toBe("404 RoleAssignmentNotFound");
    expect(await arm.refusal("GET", box, { as: "scoring" })).toBe("403 AuthorizationFailed");
  });

  it("ends with its resource", async () => {
    await arm.call("PUT", path(container), { body: body() });
    await arm.call("DELETE", box);
    await arm.call("PUT", box, { body: { location: "eastus" } });
    expect(arm.access.assignmentsAt(container)).toEqual([]);
  });

  it("may be repeated under its name with another description, not doubled under another name", async () => {
    const at = path(group);
    await arm.call("PUT", at, { body: body() });
    expect(await arm.call("PUT", at, { body: body(reader, { description: "why" }) })).toMatchObject({
      status: 200,
      body: { properties: { description: "why" } },
    });
    expect(await arm.refusal("PUT", at, { body: body(owner) })).toBe("400 RoleAssignmentUpdateNotPermitted");
    const doubled = await arm.call("PUT", path(group), { body: body() });
    expect(doubled.status).toBe(409);
    expect(messageOf(doubled)).toMatch(/^The role assignment already exists\. The ID of .* is [0-9a-f]{32}\.$/);
  });

  it("needs a scope, a role and a principal that exist, a GUID, and no condition", async () => {
    const nowhere = path(`${group}/providers/Microsoft.Test/boxes/none`);
    expect(await arm.refusal("PUT", nowhere, { body: body() })).toBe("404 ResourceNotFound");
    expect(await arm.refusal("PUT", path(group.replace("/rg", "/none")), { body: body() })).toBe(
      "404 ResourceGroupNotFound",
    );
    expect(await arm.refusal("PUT", path(group), { body: body(randomIds.uuid()) })).toBe(
      "400 RoleDefinitionDoesNotExist",
    );
    expect(await arm.refusal("PUT", path(group), { body: body(reader, { roleDefinitionId: "Reader" }) })).toBe(
      "400 InvalidRoleDefinitionId",
    );
    expect(await arm.refusal("PUT", path(group, "reader"), { body: body() })).toBe("400 InvalidRoleAssignmentId");
    expect(await arm.refusal("PUT", path(group), { body: body(reader, { condition: "true" }) })).toBe(
      "400 NotImplemented",
    );
    const unknown = { principalId: randomIds.uuid(), principalType: null };
    expect(await arm.refusal("PUT", path(group), { body: body(reader, unknown) })).toBe("400 PrincipalNotFound");
    expect(await arm.refusal("PUT", path(group), { body: body(reader, { principalType: "User" }) })).toBe(
      "400 UnmatchedPrincipalType",
    );
  });

  it("cannot be made by who only contributes", async () => {
    await arm.call("PUT", path(group), { body: body("b24988ac-6180-42a0-ab88-20f7382dd24c") });
    const refused = await arm.call("PUT", path(box), { as: "scoring", body: body(owner) });
    expect(messageOf(refused)).toContain("'Microsoft.Authorization/roleAssignments/write'");
  });
});

describe("a list of role assignments", () => {
  it("has those at, above and below the scope, and takes the filters of clients", async () => {
    await arm.call("PUT", path(container), { body: body() });
    const principalsOf = async (filter: string) => {
      const { value } = (await arm.call("GET", `${path(group, "")}?$filter=${encodeURIComponent(filter)}`)).body;
      return (value as { properties: { principalId: string } }[]).map(({ properties }) => properties.principalId);
    };
    const [deployer, scoring] = [principals.deployer.objectId, principals.scoring.objectId];
    expect((await principalsOf("")).sort()).toEqual([deployer, scoring].sort());
    expect(await principalsOf("atScope()")).toEqual([deployer]);
    expect(await principalsOf(`principalId eq '${scoring}'`)).toEqual([scoring]);
    expect(await principalsOf(`atScope() and assignedTo('${scoring}')`)).toEqual([]);
    expect(await arm.refusal("GET", `${path(group, "")}?$filter=x`)).toBe("400 UnsupportedQuery");
  });
});

describe("role definitions", () => {
  it("are found by GUID and by name, and custom ones are refused by name", async () => {
    const at = `${subscriptionPath}/providers/Microsoft.Authorization/roleDefinitions`;
    expect((await arm.call("GET", `${at}/${reader}`)).body).toMatchObject({
      id: `${at}/${reader}`,
      properties: { roleName: "Reader", type: "BuiltInRole", permissions: [{ actions: ["*/read"] }] },
    });
    const named = await arm.call("GET", `${at}?$filter=${encodeURIComponent("roleName eq 'AzureML Data Scientist'")}`);
    expect(named.body["value"]).toMatchObject([{ name: "f6c7c914-8db3-469d-8ca1-694a8f32e121" }]);
    expect(await arm.refusal("GET", `${at}/${randomIds.uuid()}`)).toBe("404 RoleDefinitionDoesNotExist");
    expect(await arm.refusal("PUT", `${at}/${randomIds.uuid()}`, { body: {} })).toBe("400 NotImplemented");
    expect(
      (await arm.call("GET", `/providers/Microsoft.Authorization/roleDefinitions/${reader}`, { as: "trigger" })).status,
    ).toBe(200);
  });
});
