import { beforeEach, describe, expect, it } from "vitest";
import { randomIds } from "../../../contract/ids.js";
import { AzureError, notEmulated } from "../../../emulator/platform/errors.js";
import { principals } from "../../../emulator/platform/subscription.js";
import { gate, group, messageOf, plainType, reader, roleId, subscriptionPath, TestArm } from "./testArm.js";

const provider = `${group}/providers/Microsoft.Test`;
const box = `${provider}/boxes/one`;
const boxBody = { location: "Central US", tags: { a: "b" }, properties: { size: 1 } };
const removed: string[] = [];
let held: Promise<void> | undefined;

let arm: TestArm;
beforeEach(async () => {
  removed.length = 0;
  held = undefined;
  const remove = async ({ id }: { id: string }) => {
    await held;
    removed.push(id.slice(provider.length));
  };
  arm = await TestArm.start([
    plainType("Microsoft.Test/boxes", {
      remove,
      actions: { listkeys: ({ name }, { body }) => ({ of: name, given: body }) },
    }),
    plainType("Microsoft.Test/boxes/drawers", { remove }),
    plainType("Microsoft.Test/boxes/shelves/items"),
    plainType("Microsoft.Test/boxes/models", { madeByChild: true }),
    plainType("Microsoft.Test/boxes/models/versions"),
    plainType("Microsoft.Test/boxes/blobServices"),
    plainType("Microsoft.Test/boxes/blobServices/containers"),
    plainType("Microsoft.Test/boxes/secrets", { deletable: false, patchable: false }),
    plainType("Microsoft.Test/failing", {
      prepare: ({ name }) => {
        throw name === "unsupported" ? notEmulated("this") : new AzureError(400, "BadBox", "No.");
      },
    }),
    plainType("Microsoft.Test/fragile", {
      apply: async ({ body }) => {
        if (JSON.stringify(body).includes("break")) throw new AzureError(409, "Broken", "It broke.");
      },
    }),
  ]);
  await arm.withGroup();
});

describe("a PUT", () => {
  it("stores the resource under the type's own casing and answers it with who wrote it", async () => {
    const made = await arm.call("PUT", `${group.toLowerCase()}/providers/microsoft.test/BOXES/One`, { body: boxBody });
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: `${group}/providers/Microsoft.Test/boxes/One`,
        name: "One",
        type: "Microsoft.Test/boxes",
        location: "centralus",
        tags: { a: "b" },
        properties: { size: 1 },
        systemData: { createdByType: "Application" },
      },
    });
    const again = await arm.call("PUT", box, { body: { ...boxBody, properties: { size: 2 } } });
    expect(again).toMatchObject({ status: 200, body: { name: "One", properties: { size: 2 } } });
    expect((await arm.call("GET", box)).body).toEqual(again.body);
  });

  it("is refused without its group before anything else, and without its parent", async () => {
    const elsewhere = box.replace("/rg/", "/none/");
    expect(await arm.refusal("PUT", elsewhere, { body: {} })).toBe("404 ResourceGroupNotFound");
    expect(await arm.refusal("PUT", `${box}/drawers/d`, { body: {} })).toBe("404 ParentResourceNotFound");
    expect(await arm.refusal("GET", box)).toBe("404 ResourceNotFound");
  });

  it("is taken below a parent that nobody creates, that comes with its first child, or that is called default", async () => {
    await arm.call("PUT", box, { body: boxBody });
    for (const below of ["shelves/top/items/i", "models/fare/versions/1", "blobServices/default/containers/c"]) {
      expect((await arm.call("PUT", `${box}/${below}`, { body: {} })).status).toBe(201);
    }
    expect(await arm.refusal("PUT", `${box}/blobServices/other/containers/c`, { body: {} })).toBe(
      "404 ParentResourceNotFound",
    );
    expect(await arm.refusal("PUT", `${provider}/boxes/two/shelves/top/items/i`, { body: {} })).toBe(
      "404 ParentResourceNotFound",
    );
  });

  it("needs a location of Azure's, keeps it, and has no member that ARM does not know", async () => {
    expect(await arm.refusal("PUT", box, { body: {} })).toBe("400 LocationRequired");
    expect(await arm.refusal("PUT", box, { body: { location: "mars" } })).toBe(
      "400 LocationNotAvailableForResourceType",
    );
    expect(await arm.refusal("PUT", box, { body: { ...boxBody, size: 1 } })).toBe("400 InvalidRequestContent");
    expect(await arm.refusal("PUT", box, { text: "x" })).toBe("415 UnsupportedMediaType");
    await arm.call("PUT", box, { body: boxBody });
    expect(await arm.refusal("PUT", box, { body: { ...boxBody, location: "eastus" } })).toBe(
      "409 InvalidResourceLocation",
    );
  });

  it("passes on the provider's refusal, and what is not supported as a 400", async () => {
    const body = { location: "eastus" };
    expect(await arm.refusal("PUT", `${provider}/failing/a`, { body })).toBe("400 BadBox");
    expect(await arm.refusal("PUT", `${provider}/failing/unsupported`, { body })).toBe("400 NotImplemented");
  });

  it("that fails to take effect leaves things as they were", async () => {
    const path = `${provider}/fragile/f`;
    const body = { location: "eastus", properties: { v: "break" } };
    expect(await arm.refusal("PUT", path, { body })).toBe("409 Broken");
    expect(await arm.refusal("GET", path)).toBe("404 ResourceNotFound");
    await arm.call("PUT", path, { body: { ...body, properties: { v: "whole" } } });
    expect(await arm.refusal("PUT", path, { body })).toBe("409 Broken");
    expect((await arm.call("GET", path)).body["properties"]).toEqual({ v: "whole" });
  });

  it("needs the write action of its type, over its own id", async () => {
    const assignment = `${group}/providers/Microsoft.Authorization/roleAssignments/${randomIds.uuid()}`;
    const properties = { roleDefinitionId: roleId(reader), principalId: principals.operator.objectId };
    await arm.call("PUT", assignment, { body: { properties } });
    const refused = await arm.call("PUT", box, { as: "operator", body: boxBody });
    expect(messageOf(refused)).toContain(`perform action 'Microsoft.Test/boxes/write' over scope '${box}'`);
    expect(await arm.refusal("GET", box, { as: "operator" })).toBe("404 ResourceNotFound");
    expect(await arm.refusal("GET", box, { as: "trigger" })).toBe("403 AuthorizationFailed");
  });
});

describe("a PATCH", () => {
  it("merges properties, replaces tags and keeps the rest", async () => {
    await arm.call("PUT", box, { body: boxBody });
    const patched = await arm.call("PATCH", box, { body: { tags: { c: "d" }, properties: { colour: "red" } } });
    expect(patched).toMatchObject({
      status: 200,
      body: { location: "centralus", tags: { c: "d" }, properties: { size: 1, colour: "red" } },
    });
  });

  it("is refused for what is not there and for a type without it", async () => {
    expect(await arm.refusal("PATCH", box, { body: {} })).toBe("404 ResourceNotFound");
    await arm.call("PUT", box, { body: boxBody });
    await arm.call("PUT", `${box}/secrets/s`, { body: {} });
    expect(await arm.refusal("PATCH", `${box}/secrets/s`, { body: {} })).toBe("405 HttpMethodNotSupported");
  });
});

describe("a DELETE", () => {
  it("removes what is below first, and is 204 for what is absent", async () => {
    await arm.call("PUT", box, { body: boxBody });
    await arm.call("PUT", `${box}/drawers/d`, { body: {} });
    expect((await arm.call("DELETE", box)).status).toBe(200);
    expect(removed).toEqual(["/boxes/one/drawers/d", "/boxes/one"]);
    expect((await arm.call("DELETE", box)).status).toBe(204);
    expect(await arm.refusal("GET", `${box}/drawers/d`)).toBe("404 ResourceNotFound");
  });

  it("is refused for a type that ARM does not delete", async () => {
    await arm.call("PUT", box, { body: boxBody });
    await arm.call("PUT", `${box}/secrets/s`, { body: {} });
    expect(await arm.refusal("DELETE", `${box}/secrets/s`)).toBe("405 HttpMethodNotSupported");
  });

  it("of a group answers 202 with a Location that is 200 when everything in it is gone", async () => {
    await arm.call("PUT", box, { body: boxBody });
    await arm.call("PUT", `${box}/drawers/d`, { body: {} });
    const { opened, open } = gate();
    held = opened;
    const accepted = await arm.call("DELETE", group);
    expect(accepted.status).toBe(202);
    const location = String(accepted.headers["location"]);
    expect(location).toMatch(new RegExp(`^https://management.azure.com${subscriptionPath}/operationresults/`));
    const poll = () => arm.call("GET", location.slice("https://management.azure.com".length));
    expect(await poll()).toMatchObject({ status: 202, headers: { location, "retry-after": "1" } });
    expect(await arm.refusal("PUT", `${provider}/boxes/two`, { body: boxBody })).toBe("409 ResourceGroupBeingDeleted");
    open();
    await arm.arm.context.operations.settled();
    expect((await poll()).status).toBe(200);
    expect(removed).toEqual(["/boxes/one/drawers/d", "/boxes/one"]);
    expect(await arm.refusal("GET", group)).toBe("404 ResourceGroupNotFound");
  });
});

describe("a POST", () => {
  it("does the type's action, whatever its case, when the caller may", async () => {
    await arm.call("PUT", box, { body: boxBody });
    expect(await arm.call("POST", `${box}/listKeys`, { body: { a: 1 } })).toMatchObject({
      status: 200,
      body: { of: "one", given: { a: 1 } },
    });
    expect(await arm.refusal("POST", `${box}/listKeys`, { as: "trigger" })).toBe("403 AuthorizationFailed");
    expect(await arm.refusal("POST", `${box}/explode`)).toBe("400 NotImplemented");
    expect(await arm.refusal("POST", `${provider}/boxes/none/listKeys`)).toBe("404 ResourceNotFound");
  });
});

describe("a list", () => {
  it("has a type's resources in the subscription, in a group, below a parent", async () => {
    await arm.call("PUT", box, { body: boxBody });
    await arm.call("PUT", `${box}/drawers/d`, { body: {} });
    const namesAt = async (path: string) => {
      const { value } = (await arm.call("GET", path)).body;
      return (value as { name: string }[]).map(({ name }) => name);
    };
    expect(await namesAt(`${subscriptionPath}/providers/Microsoft.Test/boxes`)).toEqual(["one"]);
    expect(await namesAt(`${provider}/boxes`)).toEqual(["one"]);
    expect(await namesAt(`${box}/drawers`)).toEqual(["d"]);
    expect(await namesAt(`${group}/resources`)).toEqual(["one"]);
    expect(await namesAt(`${subscriptionPath}/resources?$filter=resourceType%20eq%20'microsoft.test/BOXES'`)).toEqual([
      "one",
    ]);
    expect(await namesAt(`${subscriptionPath}/resources?$filter=resourceType%20eq%20'Microsoft.Test/x'`)).toEqual([]);
    expect(await arm.refusal("GET", `${subscriptionPath}/resources?$filter=size%20gt%201`)).toBe(
      "400 InvalidFilterInQueryString",
    );
    expect(await arm.refusal("GET", `${provider}/boxes/none/drawers`)).toBe("404 ParentResourceNotFound");
  });

  it("of everything shows only what the caller may read, without properties", async () => {
    await arm.call("PUT", box, { body: boxBody });
    expect((await arm.call("GET", `${subscriptionPath}/resources`, { as: "trigger" })).body).toEqual({ value: [] });
    const { value } = (await arm.call("GET", `${subscriptionPath}/resources`)).body;
    expect(value).toEqual([
      { id: box, name: "one", type: "Microsoft.Test/boxes", location: "centralus", tags: { a: "b" } },
    ]);
  });

  it("of everything adds what $expand asks for, and takes no other expansion", async () => {
    await arm.call("PUT", box, { body: { ...boxBody, properties: { provisioningState: "Succeeded" } } });
    const expanded = async (names: string) =>
      (await arm.call("GET", `${subscriptionPath}/resources?$expand=${names}`)).body["value"];
    const { systemData } = (await arm.call("GET", box)).body as { systemData: { createdAt: string } };
    expect(await expanded("createdTime,changedTime,provisioningState")).toEqual([
      expect.objectContaining({
        createdTime: systemData.createdAt,
        changedTime: systemData.createdAt,
        provisioningState: "Succeeded",
      }),
    ]);
    expect(await expanded("createdtime")).toEqual([expect.not.objectContaining({ changedTime: expect.anything() })]);
    expect(await arm.refusal("GET", `${subscriptionPath}/resources?$expand=cost`)).toBe("400 NotImplemented");
  });
});

describe("a provider", () => {
  it("must be registered before its resources can be written", async () => {
    arm.platform.store.run("DELETE FROM registered_providers");
    const state = async () =>
      (await arm.call("GET", `${subscriptionPath}/providers/Microsoft.Test`)).body["registrationState"];
    expect(await arm.refusal("PUT", box, { body: boxBody })).toBe("409 MissingSubscriptionRegistration");
    expect(await state()).toBe("NotRegistered");
    const registering = await arm.call("POST", `${subscriptionPath}/providers/microsoft.test/register`);
    expect(registering).toMatchObject({ status: 200, body: { registrationState: "Registering" } });
    expect(await state()).toBe("Registered");
    expect((await arm.call("PUT", box, { body: boxBody })).status).toBe(201);
    expect(await arm.refusal("POST", `${subscriptionPath}/providers/Microsoft.None/register`)).toBe(
      "404 InvalidResourceNamespace",
    );
  });

  it("of SQL must be registered for a Synapse workspace", async () => {
    const synapse = await (await TestArm.start([plainType("Microsoft.Synapse/workspaces")])).withGroup();
    synapse.platform.store.run("DELETE FROM registered_providers WHERE namespace = 'microsoft.sql'");
    const workspace = `${group}/providers/Microsoft.Synapse/workspaces/ws`;
    expect(await synapse.refusal("PUT", workspace, { body: boxBody })).toBe(
      "400 CustomerSubscriptionNotRegisteredWithSqlRp",
    );
  });

  it("is listed with its types", async () => {
    const { value } = (await arm.call("GET", `${subscriptionPath}/providers`)).body;
    const found = (value as { namespace: string }[]).find(({ namespace }) => namespace === "Microsoft.Test");
    expect(found).toMatchObject({
      resourceTypes: expect.arrayContaining([expect.objectContaining({ resourceType: "boxes/drawers" })]),
    });
  });
});
