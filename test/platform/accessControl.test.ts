import { beforeEach, describe, expect, it } from "vitest";
import { randomIds } from "../../contract/ids.js";
import { type AccessControl, type AssignRequest, openAccess } from "../../emulator/platform/accessControl.js";
import { builtInRoles } from "../../emulator/platform/builtInRoles.js";
import { openDirectory } from "../../emulator/platform/directory.js";
import { permits } from "../../emulator/platform/roleDefinition.js";
import { openStore, type Store } from "../../emulator/platform/store.js";
import { principals, subscription } from "../../emulator/platform/subscription.js";

const root = `/subscriptions/${subscription.subscriptionId}`;
const group = `${root}/resourceGroups/rg`;
const account = `${group}/providers/Microsoft.Storage/storageAccounts/lake`;
const container = `${account}/blobServices/default/containers/scores`;
const workspace = `${group}/providers/Microsoft.MachineLearningServices/workspaces/ml`;
const roleNamed = (name: string) => String(builtInRoles.find((role) => role.roleName === name)?.id);
const { scoring, deployer } = principals;
const readBlob = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
const clock = { now: () => new Date("2026-03-01T12:00:00Z"), sleep: () => Promise.resolve() };

let store: Store;
let access: AccessControl;
const open = () => openAccess({ store, directory: openDirectory(store, randomIds), clock });
const assign = (role: string, scope: string, members: Partial<AssignRequest> = {}) =>
  access.assign({
    scope,
    name: randomIds.uuid(),
    roleId: roleNamed(role),
    principalId: scoring.objectId,
    principalType: "ServicePrincipal",
    by: deployer.objectId,
    ...members,
  });

beforeEach(() => {
  store = openStore(undefined, Buffer.alloc(32, 1));
  access = open();
});

describe("a role's patterns", () => {
  it("match any text at a *, whole actions only, without regard to case", () => {
    expect(permits("Microsoft.X/y/z/read", ["*/read"], [])).toBe(true);
    expect(permits("microsoft.x/Y/READ", ["Microsoft.X/y/read"], [])).toBe(true);
    expect(permits("Microsoft.X/y/read/action", ["*/read"], [])).toBe(false);
    expect(permits("Microsoft.X/yy/read", ["Microsoft.X/y/*"], [])).toBe(false);
    expect(permits("MicrosoftzX/y", ["Microsoft.X/y"], [])).toBe(false);
  });

  it("take away with notActions what actions grant", () => {
    const granted = ["*"];
    const excluded = ["Microsoft.Authorization/*/Write"];
    expect(permits("Microsoft.Authorization/roleAssignments/write", granted, excluded)).toBe(false);
    expect(permits("Microsoft.Authorization/roleAssignments/read", granted, excluded)).toBe(true);
  });
});

describe("an assignment", () => {
  it("holds at its scope and below it, not above or beside it", () => {
    assign("Storage Blob Data Reader", container);
    const may = (scope: string) => access.mayActOnData(scoring.objectId, readBlob, scope);
    expect(may(container)).toBe(true);
    expect(may(`${container.toUpperCase()}/blobs/a.csv`)).toBe(true);
    expect(may(account)).toBe(false);
    expect(may(`${container}2`)).toBe(false);
  });

  it("counts only for its principal, whose id ignores case", () => {
    assign("Reader", group);
    expect(access.mayAct(scoring.objectId.toUpperCase(), "Microsoft.X/y/read", account)).toBe(true);
    expect(access.mayAct(principals.trigger.objectId, "Microsoft.X/y/read", account)).toBe(false);
  });

  it("of one role does not lose what another role grants", () => {
    assign("Contributor", group);
    expect(access.mayAct(scoring.objectId, "Microsoft.Authorization/roleAssignments/write", group)).toBe(false);
    assign("User Access Administrator", group);
    expect(access.mayAct(scoring.objectId, "Microsoft.Authorization/roleAssignments/write", group)).toBe(true);
  });

  it("is gone with its scope and what is below it", () => {
    assign("Reader", group);
    assign("Reader", container);
    access.removeWithin(account);
    expect(access.assignmentsAt(container)).toEqual([]);
    expect(access.assignmentsAt(group)).toHaveLength(1);
  });
});

describe("the built-in roles", () => {
  it("keep the control plane and data apart: an Owner reads no blob", () => {
    expect(access.mayAct(deployer.objectId, "Microsoft.Storage/storageAccounts/listKeys/action", account)).toBe(true);
    expect(access.mayActOnData(deployer.objectId, readBlob, container)).toBe(false);
  });

  it("let a data scientist submit jobs, but not read keys or change the workspace", () => {
    assign("AzureML Data Scientist", workspace);
    const may = (action: string) =>
      access.mayAct(scoring.objectId, `Microsoft.MachineLearningServices/workspaces/${action}`, workspace);
    expect(may("batchEndpoints/jobs/write")).toBe(true);
    expect(may("experiments/runs/read")).toBe(true);
    expect(may("write")).toBe(false);
    expect(may("listKeys/action")).toBe(false);
    expect(may("computes/nodes/write")).toBe(false);
  });

  it("let a Secrets User read a secret, not write one; an Officer both", () => {
    const may = (action: string) =>
      access.mayActOnData(scoring.objectId, `Microsoft.KeyVault/vaults/secrets/${action}`, group);
    assign("Key Vault Secrets User", group);
    expect([may("getSecret/action"), may("setSecret/action")]).toEqual([true, false]);
    assign("Key Vault Secrets Officer", group);
    expect(may("setSecret/action")).toBe(true);
  });

  it("have each a GUID and a name of their own", () => {
    expect(new Set(builtInRoles.map(({ id }) => id)).size).toBe(builtInRoles.length);
    expect(new Set(builtInRoles.map(({ roleName }) => roleName)).size).toBe(builtInRoles.length);
    for (const { id } of builtInRoles) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});

describe("a new database", () => {
  it("has one assignment: the deployer is Owner of the subscription", () => {
    expect(access.around(root)).toMatchObject([
      { principalId: deployer.objectId, roleId: roleNamed("Owner"), scope: root, principalType: "ServicePrincipal" },
    ]);
  });

  it("opened again does not give back an assignment that was taken away", () => {
    for (const { id } of access.around(root)) access.unassign(id);
    access = open();
    expect(access.around(root)).toEqual([]);
    expect(access.mayAct(deployer.objectId, "Microsoft.X/y/read", root)).toBe(false);
  });
});

describe("assigning refuses", () => {
  const codeOf = (work: () => unknown) => {
    try {
      work();
      return "accepted";
    } catch (error) {
      return (error as { status: number; code: string }).code;
    }
  };

  it("the same principal, role and scope under another name", () => {
    assign("Reader", group);
    expect(codeOf(() => assign("Reader", group.toUpperCase()))).toBe("RoleAssignmentExists");
  });

  it("another role, principal or scope under a name in use, but takes a new description", () => {
    const name = randomIds.uuid();
    assign("Reader", group, { name });
    expect(codeOf(() => assign("Owner", group, { name }))).toBe("RoleAssignmentUpdateNotPermitted");
    expect(codeOf(() => assign("Reader", group, { name, principalId: deployer.objectId }))).toBe(
      "RoleAssignmentUpdateNotPermitted",
    );
    expect(assign("Reader", group, { name, description: "why" })).toMatchObject({
      created: false,
      assignment: { description: "why" },
    });
  });

  it("an unknown principal without its type, and a type that the directory contradicts", () => {
    const unknown = randomIds.uuid();
    const untyped = { principalType: undefined };
    expect(codeOf(() => assign("Reader", group, { principalId: unknown, ...untyped }))).toBe("PrincipalNotFound");
    expect(codeOf(() => assign("Reader", group, { principalType: "User" }))).toBe("UnmatchedPrincipalType");
    expect(assign("Reader", group, untyped).assignment.principalType).toBe("ServicePrincipal");
    expect(codeOf(() => assign("Reader", group, { principalId: unknown, principalType: "User" }))).toBe("accepted");
  });

  it("what is not a GUID, an unknown principal type, an unknown role", () => {
    expect(codeOf(() => assign("Reader", group, { name: "x" }))).toBe("InvalidRoleAssignmentId");
    expect(codeOf(() => assign("Reader", group, { principalId: "x" }))).toBe("InvalidPrincipalId");
    expect(codeOf(() => assign("Reader", group, { principalType: "Robot" }))).toBe("InvalidPrincipalType");
    expect(codeOf(() => assign("Reader", group, { roleId: randomIds.uuid() }))).toBe("RoleDefinitionDoesNotExist");
  });
});
